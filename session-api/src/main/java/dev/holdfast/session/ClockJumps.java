package dev.holdfast.session;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * Notices a wall clock that has leapt ahead of the time that has passed, as seen by a clock that only measures durations.
 * By a clock that is wrong every session has expired: what can't be undone should wait then. Used by one thread.
 */
final class ClockJumps {

    private static final Duration TOLERANCE = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofHours(1);

    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private Instant lastWall;
    private long lastNanos;
    private Duration ahead = Duration.ZERO;
    private long leaptAt;

    ClockJumps(InstantSource clock, LongSupplier nanoTime) {
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.lastWall = clock.instant();
        this.lastNanos = nanoTime.getAsLong();
    }

    /**
     * Returns whether the clock is more than a minute ahead of what it was, and has been for less than an hour; after an
     * hour it is believed.
     */
    boolean isAhead() {
        Instant wall = clock.instant();
        long nanos = nanoTime.getAsLong();
        Duration leap = Duration.between(lastWall, wall).minusNanos(nanos - lastNanos);
        lastWall = wall;
        lastNanos = nanos;
        if (leap.abs().compareTo(TOLERANCE) > 0) {
            ahead = ahead.plus(leap);
            leaptAt = nanos;
        }
        if (nanos - leaptAt >= PATIENCE.toNanos()) {
            ahead = Duration.ZERO;
        }
        return ahead.compareTo(TOLERANCE) > 0;
    }
}
