package dev.holdfast.session.memory;

import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionLocking;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Lincheck looks for an order of the tries that explains which of them got the lock. */
public class MemoryLocksLincheckTest {

    private static final SessionKey KEY = SessionKey.of("session");
    private static final Duration LEASE = Duration.ofHours(1);

    private final MemoryLocks locks = new MemoryLocks();
    private int inside;

    /** Counts under the lock: no two counts give the same number. */
    @Operation
    public int count() {
        while (true) {
            Optional<SessionLocking.Lock> lock = locks.lock(KEY, Duration.ofSeconds(30), LEASE, () -> Instant.EPOCH);
            if (lock.isPresent()) {
                try (SessionLocking.Lock held = lock.get()) {
                    inside++;
                    return held.renew(LEASE) ? inside : -1;
                }
            }
        }
    }

    @Test
    @Tag("once")
    @DisplayName("K1: one holder at a time, under stress")
    void exclusive() {
        new StressOptions()
                .iterations(5)
                .invocationsPerIteration(100)
                .threads(3)
                .actorsPerThread(2)
                .check(MemoryLocksLincheckTest.class);
    }
}
