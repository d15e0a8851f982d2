package dev.holdfast.session.file;

import dev.holdfast.session.compliance.SessionRows;
import dev.holdfast.session.compliance.StoreUnderTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;

/** The rows on the file store. */
@DisplayName("sessions in files")
class FileSessionRowsTest extends SessionRows {

    @Override
    protected StoreUnderTest storeUnderTest() throws IOException {
        Path parent = Files.createTempDirectory("holdfast-rows");
        return StoreUnderTest.withClock(clock -> FileSessionStore.builder(parent.resolve("sessions"))
                        .clock(clock)
                        .build())
                .afterwards(() -> delete(parent));
    }

    private static void delete(Path parent) throws IOException {
        try (Stream<Path> files = Files.walk(parent)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(Objects.requireNonNull(file));
            }
        }
    }
}
