package dev.holdfast.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * How many bytes a session, or what is done to it, takes up.
 *
 * @param contender the name of a {@link Contender} or of a {@link Coding}
 * @param what {@link #STORED}, {@link #AT_REST}, {@link #HEAP}, or {@link #WIRE} and an operation
 */
record Size(String contender, String what, double bytes) {

    /** Ten attributes as a codec writes them. */
    static final String STORED = "stored";

    /** A session of ten attributes on disk or in a server, with all that the engine adds. */
    static final String AT_REST = "at rest";

    /** An idle session of 1,024 opaque bytes in this JVM. */
    static final String HEAP = "heap";

    /** Before the name of an operation: to the server and back. */
    static final String WIRE = "wire ";

    private static final String FILE = "sizes.json";
    private static final JsonMapper JSON = new JsonMapper();

    /** Reads the sizes in a folder of results, none if they were not measured. */
    static List<Size> read(Path results) throws IOException {
        Path file = results.resolve(FILE);
        return Files.exists(file)
                ? JSON.readValue(Files.readString(file), new TypeReference<List<Size>>() {})
                : List.of();
    }

    static void write(List<Size> sizes, Path results) throws IOException {
        Files.writeString(
                results.resolve(FILE), JSON.writerWithDefaultPrettyPrinter().writeValueAsString(sizes) + "\n");
    }
}
