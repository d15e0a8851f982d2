package dev.holdfast.session.hazelcast;

import com.hazelcast.map.IMap;
import dev.holdfast.session.spi.OutcomeUnknownException;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionLocking.Lock;
import dev.holdfast.session.spi.SessionStoreException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Locks as entries of the same map: who holds it, by a random token, and until when. Taken by {@code putIfAbsent}, or by
 * {@code replace} when the lease before has ended; given back by {@code remove} of what was put. Those of holders that
 * died go with the purge.
 */
final class Leases {

    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(40);

    private final Supplier<IMap<String, Object>> map;
    private final InstantSource clock;
    private final Runnable requireOpen;

    Leases(Records records, Runnable requireOpen) {
        this.map = records::map;
        this.clock = records.clock;
        this.requireOpen = requireOpen;
    }

    Optional<Lock> lock(SessionKey key, Duration wait, Duration lease) {
        requirePositive(lease);
        long start = System.nanoTime();
        long patience = TimeUnit.NANOSECONDS.convert(wait);
        long pause = FIRST_PAUSE_NANOS;
        Lease held = new Lease(key);
        while (!held.acquire(lease)) {
            long left = patience - (System.nanoTime() - start);
            if (left <= 0 || Thread.currentThread().isInterrupted()) {
                return Optional.empty();
            }
            LockSupport.parkNanos(
                    Math.min(left, pause / 2 + ThreadLocalRandom.current().nextLong(pause)));
            pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
            requireOpen.run();
        }
        return Optional.of(held);
    }

    private static void requirePositive(Duration lease) {
        if (lease.isNegative() || lease.isZero()) {
            throw new IllegalArgumentException("lease must be positive, not " + lease);
        }
    }

    private final class Lease implements Lock {

        private final SessionKey key;
        private final String name;
        private final long token = Records.newId();
        private final ReentrantLock mutex = new ReentrantLock();
        private @Nullable Object held;
        private long endsAt;

        Lease(SessionKey key) {
            this.key = key;
            this.name = Entries.lockName(key);
        }

        private Object value(Duration lease) {
            long now = clock.millis();
            long end = now + Math.max(1, TimeUnit.MILLISECONDS.convert(lease));
            endsAt = end < now ? Long.MAX_VALUE : end;
            return Entries.value(key, Body.lock(token, endsAt));
        }

        /** Returns whether it was free; an interrupt on the way is answered with no, and what it took is given back. */
        boolean acquire(Duration lease) {
            Object mine = value(lease);
            try {
                if (!take(mine)) {
                    return false;
                }
                held = mine;
                return true;
            } catch (OutcomeUnknownException e) {
                held = mine;
                close();
                if (Thread.currentThread().isInterrupted()) {
                    return false;
                }
                throw e;
            }
        }

        private boolean take(Object mine) {
            Object other = Failures.writing("lock", () -> map.get().putIfAbsent(name, mine));
            if (other == null || isMine(other)) {
                return true;
            }
            Body holder = Entries.body(key, other);
            boolean free = holder == null || holder.hasEnded(clock.millis());
            return free && replace("lock", other, mine);
        }

        /** A replace that a dying member applied may be sent again, and then answers false. */
        private boolean replace(String operation, Object old, Object mine) {
            return Failures.writing(operation, () -> map.get().replace(name, old, mine))
                    || isMine(Failures.reading(operation, () -> map.get().get(name)));
        }

        private boolean isMine(@Nullable Object value) {
            Body holder = Entries.body(key, value);
            return holder != null && holder.writeId() == token;
        }

        @Override
        public boolean renew(Duration lease) {
            requirePositive(lease);
            requireOpen.run();
            mutex.lock();
            try {
                Object old = held;
                if (old == null || clock.millis() >= endsAt) {
                    return false;
                }
                Object mine = value(lease);
                held = replace("renew lock", old, mine) ? mine : null;
                return held != null;
            } finally {
                mutex.unlock();
            }
        }

        @Override
        public void close() {
            mutex.lock();
            try {
                Object mine = held;
                if (mine != null) {
                    held = null;
                    requireOpen.run();
                    var unused = Failures.writing("unlock", () -> map.get().remove(name, mine));
                }
            } catch (SessionStoreException | IllegalStateException e) {
                System.getLogger(HazelcastSessionStore.class.getName())
                        .log(System.Logger.Level.DEBUG, "a lock was not released, and ends with its lease", e);
            } finally {
                mutex.unlock();
            }
        }
    }
}
