package dev.holdfast.demo;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;

/** The stores on which the rows are shown that need a browser. */
enum EachStore {
    MEMORY {
        @Override
        URI uri(Path directory) {
            return URI.create("memory:" + directory.getFileName() + "-"
                    + UUID.nameUUIDFromBytes(directory.toString().getBytes(StandardCharsets.UTF_8)));
        }
    },
    FILE {
        @Override
        URI uri(Path directory) {
            return URI.create("file:" + directory.resolve("sessions"));
        }
    },
    JDBC {
        @Override
        URI uri(Path directory) {
            return URI.create("jdbc:h2:mem:" + MEMORY.uri(directory).getSchemeSpecificPart()
                    + ";DB_CLOSE_DELAY=-1?holdfast.createTables=true&holdfast.poolSize=4");
        }
    };

    abstract URI uri(Path directory);
}
