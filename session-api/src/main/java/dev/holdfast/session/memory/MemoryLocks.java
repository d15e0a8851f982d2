package dev.holdfast.session.memory;

import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionLocking.Lock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/** Leases by key. A lock that nobody holds takes no memory. */
final class MemoryLocks {

    private static final long POLL_MILLIS = 1;

    private final ConcurrentMap<SessionKey, Lease> leases = new ConcurrentHashMap<>();

    Optional<Lock> lock(SessionKey key, Duration wait, Duration lease, InstantSource clock) {
        if (lease.isZero() || lease.isNegative()) {
            throw new IllegalArgumentException("lease must be positive, not " + lease);
        }
        long start = System.nanoTime();
        while (true) {
            Lease wanted = new Lease(key, clock, end(clock, lease));
            Lease holder = leases.merge(key, wanted, (held, ours) -> held.hasEnded() ? ours : held);
            if (holder == wanted) {
                return Optional.of(wanted);
            }
            if (System.nanoTime() - start >= TimeUnit.NANOSECONDS.convert(wait)) {
                return Optional.empty();
            }
            try {
                // leases end by the injected clock, which nobody can wait for
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        }
    }

    private static long end(InstantSource clock, Duration lease) {
        long now = clock.millis();
        long millis = TimeUnit.MILLISECONDS.convert(lease);
        return now + millis < now ? Long.MAX_VALUE : now + millis;
    }

    private final class Lease implements Lock {
        private final SessionKey key;
        private final InstantSource clock;
        private volatile long endsAt;

        Lease(SessionKey key, InstantSource clock, long endsAt) {
            this.key = key;
            this.clock = clock;
            this.endsAt = endsAt;
        }

        boolean hasEnded() {
            return clock.millis() >= endsAt;
        }

        @Override
        public boolean renew(Duration lease) {
            Lease current = leases.computeIfPresent(key, (any, held) -> {
                if (held == this && !hasEnded()) {
                    endsAt = end(clock, lease);
                }
                return held;
            });
            return current == this && !hasEnded();
        }

        @Override
        public void close() {
            leases.remove(key, this);
        }
    }
}
