package dev.holdfast.session.file;

import dev.holdfast.session.spi.Payload;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Sessions to store, and looks at what became of their files. */
final class TestSessions {

    /** After any clock, but not for ever. */
    static final Instant LATE = Instant.parse("2200-01-01T00:00:00Z");

    private TestSessions() {}

    /** Returns a session of version 1 that lives until {@link #LATE}. */
    static StoredSession session(SessionKey key, @Nullable String principal, byte[] payload) {
        return new StoredSession(
                key, 1, TestClock.START, TestClock.START, LATE, Duration.ofDays(1), principal, Payload.wrap(payload));
    }

    static StoredSession session(String id, @Nullable String principal, int payloadBytes) {
        return session(SessionKey.of(id), principal, bytes(id.hashCode(), payloadBytes));
    }

    /** Returns that many bytes, made up from a number. */
    static byte[] bytes(long seed, int size) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** Returns a seed, and prints it. */
    static long seed(Class<?> test) {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println(test.getSimpleName() + ": repeat with -Dseed=" + seed);
        return seed;
    }

    /** Returns what a slot holds for a session. */
    static byte[] slot(StoredSession session) {
        RecordFormat.Slot slot = RecordFormat.slot(session);
        return joined(slot.head(), slot.payload());
    }

    /** Returns the bytes of a new file of a session. */
    static byte[] file(StoredSession session) {
        ByteBuffer[] file = RecordFormat.file(RecordFormat.slot(session));
        return joined(file[0], file[1]);
    }

    private static byte[] joined(ByteBuffer head, ByteBuffer payload) {
        return ByteBuffer.allocate(head.remaining() + payload.remaining())
                .put(head)
                .put(payload)
                .array();
    }

    /** Returns the file of a session in a directory of that depth. */
    static Path file(Path root, int depth, SessionKey key) {
        return new Shards(root, depth).locate(key).path();
    }

    /** Returns the file that says whose a session is. */
    static Path marker(Path root, String principal, String key) {
        String digits = SessionKey.of(principal).toString();
        return root.resolve(PrincipalMarkers.DIRECTORY)
                .resolve(digits.substring(0, 2))
                .resolve(digits.substring(0, 32) + '-' + key);
    }

    /** Returns all files and directories below a directory, except its description. */
    static List<Path> below(Path root) {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.filter(path -> !path.equals(root) && !path.endsWith(SessionDirectory.DESCRIPTION))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns all regular files below a directory, except its description. */
    static List<Path> filesBelow(Path root) {
        return below(root).stream().filter(Files::isRegularFile).toList();
    }

    /** Runs a task on a new thread, where what it throws is kept for the join. */
    static Task start(Body body) {
        return new Task(body);
    }

    @FunctionalInterface
    interface Body {
        void run() throws Exception;
    }

    /** A thread whose failure is not lost. */
    static final class Task {
        private final Thread thread;
        private volatile @Nullable Throwable failure;

        private Task(Body body) {
            thread = new Thread(() -> {
                try {
                    body.run();
                } catch (Throwable e) {
                    failure = e;
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        Thread thread() {
            return thread;
        }

        void join() throws InterruptedException {
            thread.join(Duration.ofMinutes(10).toMillis());
            if (thread.isAlive()) {
                throw new AssertionError("stuck at " + List.of(thread.getStackTrace()));
            }
            if (failure != null) {
                throw new AssertionError(failure);
            }
        }
    }
}
