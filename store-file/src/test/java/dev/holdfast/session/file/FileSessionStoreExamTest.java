package dev.holdfast.session.file;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import dev.holdfast.session.compliance.Fault;
import dev.holdfast.session.compliance.SessionStoreExam;
import dev.holdfast.session.compliance.StoreUnderTest;
import dev.holdfast.session.compliance.StoredBytes;
import dev.holdfast.session.spi.SessionKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** The file store takes the exam with a depth and a durability of each kind. */
@DisplayName("the file store takes the exam")
class FileSessionStoreExamTest {

    @Nested
    @DisplayName("with depth 2, without waiting for the disk")
    class Default extends SessionStoreExam {
        @Override
        protected StoreUnderTest storeUnderTest() throws IOException {
            return store(2, Durability.NONE);
        }
    }

    @Nested
    @Tag("once")
    @DisplayName("with all files in one directory, waiting for the disk")
    class Flat extends SessionStoreExam {
        @Override
        protected StoreUnderTest storeUnderTest() throws IOException {
            return store(0, Durability.FSYNC);
        }
    }

    /** Returns an empty directory and what the store on it declares. */
    static StoreUnderTest store(int depth, Durability durability) throws IOException {
        Path parent = Files.createTempDirectory("holdfast-exam");
        Path root = parent.resolve("sessions");
        Path away = parent.resolve("away");
        StoreUnderTest subject = StoreUnderTest.withClock(clock -> FileSessionStore.builder(root)
                        .clock(clock)
                        .depth(depth)
                        .durability(durability)
                        .build())
                .maxPayloadBytes(FileSessionStore.DEFAULT_MAX_PAYLOAD_BYTES)
                .storedBytes(new FileBytes(root, depth))
                .danglingIndexEntry((principal, key) -> addMarker(root, principal, key))
                .fault(Fault.outage(
                        "the directory is gone",
                        Duration.ofSeconds(1),
                        () -> Files.move(root, away, ATOMIC_MOVE),
                        () -> Files.move(away, root, ATOMIC_MOVE)))
                .afterwards(() -> delete(parent));
        if (Files.isReadable(Path.of("/proc/self/io"))) {
            subject.bytesWritten(FileSessionStoreExamTest::bytesWritten).openResources(() -> openFiles(parent));
        }
        return subject;
    }

    private record FileBytes(Path root, int depth) implements StoredBytes {

        @Override
        public byte[] read(SessionKey key) throws IOException {
            return Files.readAllBytes(file(key));
        }

        @Override
        public void write(SessionKey key, byte[] bytes) throws IOException {
            Files.write(file(key), bytes);
        }

        private Path file(SessionKey key) {
            return new Shards(root, depth).locate(key).path();
        }
    }

    private static void addMarker(Path root, String principal, SessionKey key) {
        try {
            new PrincipalMarkers(root).add(principal, key.toString(), false);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static long bytesWritten() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/io"))) {
            return lines.filter(line -> line.startsWith("wchar: "))
                    .mapToLong(line -> Long.parseLong(line.substring(7)))
                    .sum();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> openFiles(Path below) {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors
                    .map(FileSessionStoreExamTest::target)
                    .filter(target -> target.startsWith(below.toString()))
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }

    private static void delete(Path parent) throws IOException {
        try (Stream<Path> files = Files.walk(parent)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(Objects.requireNonNull(file));
            }
        }
    }
}
