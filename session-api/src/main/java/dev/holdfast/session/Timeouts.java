package dev.holdfast.session;

import dev.holdfast.session.spi.StoredSession;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The rules of time, in saturating milliseconds.
 *
 * <p>A request that changes nothing stores its access at most once per touch interval. So that this never shortens the
 * idle timeout, a record expires that interval later than the timeout says; so that it does not lengthen a short one
 * much, the interval is at most a tenth of the timeout.
 *
 * @param idle how long a session may lie unused unless it says otherwise
 * @param absolute how long a session may live however much it is used, or {@code null} for as long as it likes
 * @param touchInterval how old the stored last access may grow before a request stores it; zero stores each
 */
record Timeouts(Duration idle, @Nullable Duration absolute, Duration touchInterval) {

    private static final int IDLE_PER_INTERVAL = 10;

    Timeouts {
        requireAtLeastOneMillisecond("idleTimeout", idle);
        if (absolute != null) {
            requireAtLeastOneMillisecond("absoluteTimeout", absolute);
        }
        requireNotNegative("touchInterval", touchInterval);
    }

    static Duration requireNotNegative(String name, Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException(name + " must not be negative: " + duration);
        }
        return duration;
    }

    static Duration requireAtLeastOneMillisecond(String name, Duration duration) {
        if (duration.compareTo(Duration.ofMillis(1)) < 0) {
            throw new IllegalArgumentException(
                    name + " must be at least 1 ms, not " + duration + "; Session.invalidate() ends a session at once");
        }
        return duration;
    }

    /** Returns these with what a session has set for itself. */
    Timeouts of(Extensions own) {
        if (own == Extensions.NONE) {
            return this;
        }
        Long absoluteMillis = own.number(Extension.ABSOLUTE_TIMEOUT);
        Long touchMillis = own.number(Extension.TOUCH_INTERVAL);
        return new Timeouts(
                idle,
                absoluteMillis == null || absoluteMillis < 1 ? absolute : limit(absoluteMillis),
                touchMillis == null || touchMillis < 0 ? touchInterval : Duration.ofMillis(touchMillis));
    }

    private static @Nullable Duration limit(long millis) {
        return millis == Long.MAX_VALUE ? null : Duration.ofMillis(millis);
    }

    Instant expiry(Instant createdAt, Instant lastAccessedAt, Duration idleTimeout) {
        long idleMillis = millis(idleTimeout);
        long byIdle = plus(plus(lastAccessedAt.toEpochMilli(), idleMillis), touchMillis(idleMillis));
        long byAbsolute = absolute == null ? Long.MAX_VALUE : plus(createdAt.toEpochMilli(), millis(absolute));
        return Instant.ofEpochMilli(Math.min(byIdle, byAbsolute));
    }

    /** Returns whether a stored session has ended, by its own times and by today's settings. */
    boolean isOver(LoadedSession loaded, Instant now) {
        StoredSession session = loaded.session();
        Instant today = of(loaded.envelope().extensions())
                .expiry(session.createdAt(), session.lastAccessedAt(), session.idleTimeout());
        return session.isExpiredAt(now) || !now.isBefore(today);
    }

    boolean isTouchDue(LoadedSession loaded, Instant accessedAt) {
        StoredSession session = loaded.session();
        long since = accessedAt.toEpochMilli() - session.lastAccessedAt().toEpochMilli();
        return since > 0 && since >= of(loaded.envelope().extensions()).touchMillis(millis(session.idleTimeout()));
    }

    private long touchMillis(long idleMillis) {
        return Math.min(millis(touchInterval), idleMillis / IDLE_PER_INTERVAL);
    }

    static long millis(Duration duration) {
        return duration.compareTo(StoredSession.NO_IDLE_TIMEOUT) >= 0 ? Long.MAX_VALUE : duration.toMillis();
    }

    private static long plus(long instant, long duration) {
        long sum = instant + duration;
        return sum < instant ? Long.MAX_VALUE : sum;
    }
}
