package dev.holdfast.session.spi;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One session as a store keeps it: immutable, and opaque but for what expiry, concurrency and revocation need.
 *
 * <p>All times have the precision of a millisecond and the range of a {@code long} of milliseconds; what is finer is
 * cut off, what is farther becomes the limit. So each of them survives as {@link Instant#toEpochMilli} and
 * {@link Duration#toMillis} without overflow. {@link #toString} tells neither the principal nor the payload.
 *
 * @param key where the record is stored
 * @param version 1 at creation, one higher after each update; stores set it, see {@link SessionStore}
 * @param createdAt when the session began
 * @param lastAccessedAt when it was last used
 * @param expiresAt when it becomes absent, or {@link #NEVER}
 * @param idleTimeout how long it may lie unused, positive, or {@link #NO_IDLE_TIMEOUT}; stores keep it for the layer
 *     above and never compute with it
 * @param principal whose session it is; any well-formed Unicode text of at most {@value #MAX_PRINCIPAL_BYTES} bytes in
 *     UTF-8, the empty one included
 * @param payload the session's bytes
 */
public record StoredSession(
        SessionKey key,
        long version,
        Instant createdAt,
        Instant lastAccessedAt,
        Instant expiresAt,
        Duration idleTimeout,
        @Nullable String principal,
        Payload payload) {

    /** The {@link #expiresAt} of a session that lives until it is deleted. */
    public static final Instant NEVER = Instant.ofEpochMilli(Long.MAX_VALUE);

    /** The {@link #idleTimeout} of a session that may lie unused for ever. */
    public static final Duration NO_IDLE_TIMEOUT = Duration.ofMillis(Long.MAX_VALUE);

    /** The longest principal, in bytes of UTF-8. */
    public static final int MAX_PRINCIPAL_BYTES = 1024;

    private static final int MAX_UTF8_BYTES_OF_A_CHAR = 3;
    private static final Instant EARLIEST = Instant.ofEpochMilli(Long.MIN_VALUE);

    public StoredSession {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(payload, "payload");
        if (version < 1) {
            throw new IllegalArgumentException("version must be at least 1, not " + version);
        }
        createdAt = toMillis(createdAt);
        lastAccessedAt = toMillis(lastAccessedAt);
        expiresAt = toMillis(expiresAt);
        if (idleTimeout.compareTo(NO_IDLE_TIMEOUT) >= 0) {
            idleTimeout = NO_IDLE_TIMEOUT;
        } else if (idleTimeout.isNegative() || idleTimeout.toMillis() < 1) {
            throw new IllegalArgumentException("idleTimeout must be at least 1 ms, not " + idleTimeout);
        } else if (idleTimeout.getNano() % 1_000_000 != 0) {
            idleTimeout = Duration.ofMillis(idleTimeout.toMillis());
        }
        if (principal != null) {
            requireStorable(principal);
        }
    }

    /**
     * Returns the instant that a store keeps for this one: cut to the millisecond, and clamped to the range of a
     * {@code long}. Stores apply it to the arguments of {@link SessionStore#touch}.
     */
    public static Instant toMillis(Instant instant) {
        if (instant.compareTo(NEVER) >= 0) {
            return NEVER;
        }
        if (instant.compareTo(EARLIEST) <= 0) {
            return EARLIEST;
        }
        return instant.getNano() % 1_000_000 == 0 ? instant : Instant.ofEpochMilli(instant.toEpochMilli());
    }

    private static void requireStorable(String principal) {
        for (int i = 0; i < principal.length(); i += Character.charCount(principal.codePointAt(i))) {
            int character = principal.codePointAt(i);
            if (character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE) {
                throw new IllegalArgumentException(
                        "the principal is not well-formed Unicode: it has an unpaired surrogate");
            }
        }
        if (principal.length() <= MAX_PRINCIPAL_BYTES / MAX_UTF8_BYTES_OF_A_CHAR) {
            return;
        }
        int bytes = principal.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_PRINCIPAL_BYTES) {
            throw new IllegalArgumentException(
                    "the principal has " + bytes + " bytes in UTF-8, the limit is " + MAX_PRINCIPAL_BYTES);
        }
    }

    /** Returns whether the record is absent at that time: {@code now} is {@link #expiresAt} or later. */
    public boolean isExpiredAt(Instant now) {
        return now.compareTo(expiresAt) >= 0 && !expiresAt.equals(NEVER);
    }

    /** Returns whether this session lives until it is deleted. */
    public boolean neverExpires() {
        return expiresAt.equals(NEVER);
    }

    /** Returns the same session with another version. */
    public StoredSession withVersion(long version) {
        return version == this.version
                ? this
                : new StoredSession(
                        key, version, createdAt, lastAccessedAt, expiresAt, idleTimeout, principal, payload);
    }

    /** Returns the same session with other access times. */
    public StoredSession withAccess(Instant lastAccessedAt, Instant expiresAt) {
        return new StoredSession(key, version, createdAt, lastAccessedAt, expiresAt, idleTimeout, principal, payload);
    }

    /** Returns the same session with another payload. */
    public StoredSession withPayload(Payload payload) {
        return new StoredSession(key, version, createdAt, lastAccessedAt, expiresAt, idleTimeout, principal, payload);
    }

    /**
     * Returns what a store must write when this record replaces the current one: the next version, the creation time
     * that was, and of the two pairs of access times the one that was accessed later (with equal ones this record's).
     */
    public StoredSession replacing(StoredSession current) {
        boolean touchedSince = current.lastAccessedAt.isAfter(lastAccessedAt);
        return new StoredSession(
                key,
                current.version + 1,
                current.createdAt,
                touchedSince ? current.lastAccessedAt : lastAccessedAt,
                touchedSince ? current.expiresAt : expiresAt,
                idleTimeout,
                principal,
                payload);
    }

    @Override
    public String toString() {
        return "StoredSession[" + key + ", version " + version + ", created " + createdAt + ", accessed "
                + lastAccessedAt + ", expires " + (neverExpires() ? "never" : expiresAt) + ", " + payload + "]";
    }
}
