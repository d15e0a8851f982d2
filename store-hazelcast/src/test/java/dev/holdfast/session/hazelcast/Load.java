package dev.holdfast.session.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.spi.OutcomeUnknownException;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoreUnavailableException;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/** Threads that count up sessions of their own, and know what was acknowledged. */
final class Load implements AutoCloseable {

    private static final int THREADS = 4;

    private final SessionStore store;
    private final AtomicBoolean done = new AtomicBoolean();
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicLong slowestNanos = new AtomicLong();
    private final Queue<Throwable> errors = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads;

    Load(SessionStore store) {
        this.store = store;
        threads = IntStream.range(0, THREADS)
                .mapToObj(i -> {
                    Thread thread = new Thread(this::run, "load-" + i);
                    thread.start();
                    return thread;
                })
                .toList();
    }

    private void run() {
        try {
            while (!done.get()) {
                session();
            }
        } catch (Throwable e) {
            errors.add(e);
        }
    }

    /** One session: created, updated ten times, compared, deleted. */
    private void session() {
        StoredSession session = TestSessions.any();
        if (!tried(() -> store.create(session)).orElse(false)) {
            return;
        }
        long least = 1;
        for (int i = 0; i < 10; i++) {
            long expected = least;
            StoredSession next = TestSessions.withPayload(session, "version " + (expected + 1));
            Optional<UpdateOutcome> outcome = tried(() -> store.update(next, expected));
            if (outcome.isEmpty()) {
                least = known(session, least);
            } else {
                assertThat(outcome)
                        .as("update of version %s by its only writer", expected)
                        .contains(UpdateOutcome.APPLIED);
                least = expected + 1;
            }
        }
        assertThat(known(session, least)).isBetween(least, least + 1);
        if (tried(() -> store.delete(session.key())).orElse(false)) {
            assertThat(patiently(() -> store.load(session.key()).isEmpty()))
                    .as("deleted")
                    .isTrue();
        }
    }

    /** Returns the version that is stored, which must be no less than the one that was acknowledged. */
    private long known(StoredSession session, long least) {
        Optional<StoredSession> found = patiently(() -> store.load(session.key()));
        assertThat(found).as("acknowledged version %s", least).isPresent();
        StoredSession loaded = found.orElseThrow();
        assertThat(loaded.version()).as("acknowledged version").isGreaterThanOrEqualTo(least);
        if (loaded.version() > 1) {
            assertThat(TestSessions.text(loaded)).isEqualTo("version " + loaded.version());
        }
        return loaded.version();
    }

    private <T> T patiently(Supplier<T> verb) {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (true) {
            try {
                return verb.get();
            } catch (StoreUnavailableException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
            }
        }
    }

    /** Returns the answer, or nothing if there was a typed failure. */
    private <T> Optional<T> tried(Supplier<T> verb) {
        long start = System.nanoTime();
        try {
            T answer = verb.get();
            acknowledged.incrementAndGet();
            return Optional.of(answer);
        } catch (StoreUnavailableException | OutcomeUnknownException e) {
            failures.incrementAndGet();
            return Optional.empty();
        } finally {
            slowestNanos.accumulateAndGet(System.nanoTime() - start, Math::max);
        }
    }

    /** Waits until so many more writes were acknowledged. */
    void awaitMore(int writes) {
        int before = acknowledged.get();
        Awaitility.await("writes are acknowledged")
                .atMost(Duration.ofSeconds(60))
                .until(() -> !errors.isEmpty() || acknowledged.get() >= before + writes);
        assertThat(errors).isEmpty();
    }

    int failures() {
        return failures.get();
    }

    Duration slowest() {
        return Duration.ofNanos(slowestNanos.get());
    }

    /** Stops, and fails if anything acknowledged was lost. */
    @Override
    public void close() {
        done.set(true);
        for (Thread thread : threads) {
            try {
                thread.join(Duration.ofSeconds(90).toMillis());
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            assertThat(thread.isAlive()).as("a loading thread has ended").isFalse();
        }
        assertThat(errors).isEmpty();
    }
}
