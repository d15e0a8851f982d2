package dev.holdfast.demo.rows;

import dev.holdfast.session.SessionStores;
import dev.holdfast.session.spi.SessionStore;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;

/** The stores on which each row is shown. */
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

    /** Opens a store, as a node of its own: those of one directory share their sessions. */
    SessionStore open(Path directory) {
        return SessionStores.open(uri(directory));
    }
}
