package dev.holdfast.benchmarks;

import dev.holdfast.session.spi.Payload;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The sessions and directories of a run. */
final class Work {

    static final int SESSIONS = 10_000;

    private static final Duration IDLE = Duration.ofMinutes(30);

    private Work() {}

    /** Returns sessions of a payload of random bytes, which expire that much later than now. */
    static StoredSession[] sessions(String name, int count, int payloadBytes, Duration expiry) {
        Instant now = Instant.now();
        byte[] payload = new byte[payloadBytes];
        new Random(1).nextBytes(payload);
        StoredSession[] sessions = new StoredSession[count];
        for (int i = 0; i < count; i++) {
            SessionKey key = SessionKey.of(name + i);
            sessions[i] = new StoredSession(key, 1, now, now, now.plus(expiry), IDLE, null, Payload.copyOf(payload));
        }
        return sessions;
    }

    static StoredSession[] live(String name, int payloadBytes) {
        return sessions(name, SESSIONS, payloadBytes, Duration.ofDays(1));
    }

    /**
     * Returns how many sessions whole requests draw from: {@link #SESSIONS}, unless the system property
     * {@code holdfast.benchmarks.sessions} says otherwise.
     */
    static int requestSessions() {
        return Integer.getInteger("holdfast.benchmarks.sessions", SESSIONS);
    }

    /** Returns the numbers of so many sessions, to be filled in by all processors before the clock runs. */
    static IntStream range(int sessions) {
        return IntStream.range(0, sessions).parallel();
    }

    /** Spins until a session that expires within milliseconds has expired. */
    static void awaitExpiry(StoredSession session) {
        while (!session.isExpiredAt(Instant.now())) {
            Thread.onSpinWait();
        }
    }

    /** Returns what a library's call returns, with its checked exceptions unchecked. */
    static <T> T unchecked(Callable<T> call) {
        try {
            return call.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    static Path directory() {
        try {
            return Files.createTempDirectory("holdfast-benchmark");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a new directory below another. */
    static Path directory(Path below) throws IOException {
        return Files.createTempDirectory(below, "holdfast-benchmark");
    }

    static void remove(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
