package dev.holdfast.session.jdbc;

import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionLocking.Lock;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** Locks as rows of the second table: who holds it, and until when. No connection is held between two statements. */
final class RowLeases {

    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(40);

    private final Database database;
    private final InstantSource clock;
    private final AtomicBoolean used = new AtomicBoolean();

    RowLeases(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    Optional<Lock> lock(SessionKey key, Duration wait, Duration lease) {
        if (lease.isNegative() || lease.isZero()) {
            throw new IllegalArgumentException("lease must be positive, not " + lease);
        }
        used.set(true);
        long end = System.nanoTime() + TimeUnit.NANOSECONDS.convert(wait);
        long token = ThreadLocalRandom.current().nextLong();
        long pause = FIRST_PAUSE_NANOS;
        while (!Thread.currentThread().isInterrupted()) {
            long now = clock.millis();
            if (database.writing("lock", (call, dialect) -> dialect.lock(call, key, token, end(now, lease), now))) {
                return Optional.of(new Lease(key, token));
            }
            long left = end - System.nanoTime();
            if (left <= 0) {
                break;
            }
            LockSupport.parkNanos(Math.min(left, ThreadLocalRandom.current().nextLong(pause / 2, pause)));
            pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
        }
        return Optional.empty();
    }

    /** Removes the leases of holders that died, if this instance locks at all. */
    void sweep(Dialect.Call call, Dialect dialect) throws SQLException {
        if (used.get()) {
            try (PreparedStatement sweep = call.prepare(dialect.sql().lockSweep)) {
                sweep.setLong(1, clock.millis());
                sweep.executeUpdate();
            }
        }
    }

    private static long end(long now, Duration lease) {
        long end = now + TimeUnit.MILLISECONDS.convert(lease);
        return end < now ? Long.MAX_VALUE : end;
    }

    private final class Lease implements Lock {
        private final SessionKey key;
        private final long token;

        Lease(SessionKey key, long token) {
            this.key = key;
            this.token = token;
        }

        @Override
        public boolean renew(Duration lease) {
            long now = clock.millis();
            return database.writing("renew lock", (call, dialect) -> {
                try (PreparedStatement renew = call.prepare(dialect.sql().lockRenew)) {
                    renew.setLong(1, end(now, lease));
                    renew.setBytes(2, key.toBytes());
                    renew.setLong(3, token);
                    renew.setLong(4, now);
                    return renew.executeUpdate() == 1;
                }
            });
        }

        @Override
        public void close() {
            var unused = database.writing("unlock", (call, dialect) -> {
                try (PreparedStatement release = call.prepare(dialect.sql().lockRelease)) {
                    release.setBytes(1, key.toBytes());
                    release.setLong(2, token);
                    return release.executeUpdate();
                }
            });
        }
    }
}
