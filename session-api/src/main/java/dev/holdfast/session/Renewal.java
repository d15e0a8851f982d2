package dev.holdfast.session;

import dev.holdfast.session.spi.StoredSession;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When ids are renewed by themselves.
 *
 * @param interval how old an id may grow, or {@code null} for as old as its session
 * @param grace how long the old id then still reads
 */
record Renewal(@Nullable Duration interval, Duration grace) {

    private static final Duration MAX_GRACE = Duration.ofMinutes(5);

    static final Renewal NONE = new Renewal(null, Duration.ofSeconds(30));

    Renewal {
        if (interval != null) {
            Timeouts.requireAtLeastOneMillisecond("interval", interval);
        }
        requireGrace(grace);
    }

    static Duration requireGrace(Duration grace) {
        if (grace.compareTo(MAX_GRACE) > 0) {
            throw new IllegalArgumentException("grace must be at most " + MAX_GRACE + ", not " + grace
                    + ": meanwhile whoever holds the old id reads the session");
        }
        if (grace.compareTo(Duration.ofMillis(1)) < 0) {
            throw new IllegalArgumentException(
                    "grace must be at least 1 ms, not " + grace + "; Session.rotateId() ends the old id at once");
        }
        return grace;
    }

    boolean isDue(LoadedSession loaded, Instant now) {
        if (interval == null) {
            return false;
        }
        StoredSession session = loaded.session();
        Long issuedAt = loaded.envelope().extensions().number(Extension.ISSUED_AT);
        long since = issuedAt == null ? session.createdAt().toEpochMilli() : issuedAt;
        return now.toEpochMilli() - since >= Timeouts.millis(interval);
    }

    /** Returns whether another request may have renewed the session's id. */
    boolean mayRenew(LoadedSession loaded) {
        return interval != null || loaded.envelope().extensions().number(Extension.ISSUED_AT) != null;
    }

    /** Returns the envelope of a session that gets its id now. */
    Envelope stamp(Envelope envelope, Instant now) {
        if (interval == null && envelope.extensions().number(Extension.ISSUED_AT) == null) {
            return envelope;
        }
        byte[] millis = Extension.number(now.toEpochMilli());
        return envelope.withExtensions(envelope.extensions().with(Map.of(Extension.ISSUED_AT, Optional.of(millis))));
    }
}
