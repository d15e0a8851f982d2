package dev.holdfast.session.file;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * When each unit of {@link Shards} must be looked at again, so that a purge lists only directories in which something is
 * due.
 *
 * <p>The time of a unit is the earliest expiry in it. Writers lower it after each write; a purge takes the unit, which
 * sets its time to never, lists it, and lowers the time to the earliest expiry that it left behind. So a session that
 * was written before the listing is in the listing, and one that was written later has lowered the time itself. Touches
 * do not raise it: then the unit is listed once in vain. What other processes write is not seen here, so no unit waits
 * longer than {@link #LOOK_AGAIN_MILLIS}.
 */
final class DueUnits {

    /** Earlier than any time. */
    static final long OVERDUE = Long.MIN_VALUE;

    private static final long LOOK_AGAIN_MILLIS = 15 * 60_000L;

    private final Shards shards;
    private final AtomicReferenceArray<AtomicLongArray> groups;
    private final AtomicInteger cursor = new AtomicInteger();

    DueUnits(Shards shards) {
        this.shards = shards;
        this.groups = new AtomicReferenceArray<>((shards.units() + Shards.GROUP - 1) / Shards.GROUP);
    }

    /** Purges what is due in one unit. */
    @FunctionalInterface
    interface Purge {
        /**
         * Removes at most {@code limit} records.
         *
         * @return how many were removed, and the earliest expiry of what is left, or {@link #OVERDUE} if the limit left something due
         */
        Purged purge(int unit, int limit) throws IOException;
    }

    record Purged(int removed, long earliest) {}

    /** Notes that a record with that expiry was written, before the write is acknowledged. */
    void written(int unit, long expiresAt) {
        AtomicLongArray times = groups.get(unit / Shards.GROUP);
        if (times != null && times.get(unit % Shards.GROUP) > expiresAt) {
            lower(times, unit % Shards.GROUP, expiresAt);
        }
    }

    /** Takes up the units that are due, from where the last purge stopped, until the limit is reached. */
    int drain(long now, int limit, Purge purge) throws IOException {
        int removed = 0;
        int units = shards.units();
        int first = cursor.get();
        for (int i = 0; i < units; i++) {
            int unit = (first + i) % units;
            AtomicLongArray times = groups.get(unit / Shards.GROUP);
            if (times == null) {
                times = discover(unit / Shards.GROUP, now);
            }
            if (times.get(unit % Shards.GROUP) > now) {
                continue;
            }
            if (removed == limit) {
                return removed;
            }
            times.set(unit % Shards.GROUP, Long.MAX_VALUE);
            long next = OVERDUE;
            // a directory that fails must not keep the others from being purged
            cursor.set((unit + 1) % units);
            try {
                Purged purged = purge.purge(unit, limit - removed);
                removed += purged.removed;
                next = purged.earliest == OVERDUE ? OVERDUE : Math.min(purged.earliest, lookAgain(unit, now));
            } finally {
                lower(times, unit % Shards.GROUP, next);
            }
            if (next == OVERDUE) {
                cursor.set(unit);
                return removed;
            }
        }
        return removed;
    }

    /** Begins to keep the times of 256 units: those with a directory are due. */
    private AtomicLongArray discover(int group, long now) throws IOException {
        int size = Math.min(Shards.GROUP, shards.units());
        AtomicLongArray times = new AtomicLongArray(size);
        for (int i = 0; i < size; i++) {
            times.setPlain(i, Long.MAX_VALUE);
        }
        if (!groups.compareAndSet(group, null, times)) {
            return groups.get(group);
        }
        boolean[] present = null;
        try {
            present = shards.present(group);
        } finally {
            for (int i = 0; i < size; i++) {
                lower(times, i, present == null || present[i] ? OVERDUE : lookAgain(group * Shards.GROUP + i, now));
            }
        }
        return times;
    }

    /** Spreads the units over time, since all of them may have been looked at together. */
    private static long lookAgain(int unit, long now) {
        long spread = (unit * 0x9E3779B97F4A7C15L) >>> 44;
        return now + LOOK_AGAIN_MILLIS / 2 + spread * (LOOK_AGAIN_MILLIS / 2) / (1 << 20);
    }

    private static void lower(AtomicLongArray times, int index, long time) {
        times.accumulateAndGet(index, time, Math::min);
    }
}
