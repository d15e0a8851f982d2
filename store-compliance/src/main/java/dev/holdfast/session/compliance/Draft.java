package dev.holdfast.session.compliance;

import dev.holdfast.session.spi.Payload;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A record in the making. It is plain unless told otherwise: a live half-hour session with a few bytes. */
final class Draft {

    private SessionKey key = SessionKey.of(UUID.randomUUID().toString());
    private Instant createdAt;
    private Instant lastAccessedAt;
    private Instant expiresAt;
    private Duration idleTimeout = Duration.ofMinutes(30);
    private @Nullable String principal;
    private Payload payload = Payload.copyOf("plain".getBytes(StandardCharsets.US_ASCII));

    Draft(Instant now) {
        createdAt = now;
        lastAccessedAt = now;
        expiresAt = now.plus(idleTimeout);
    }

    /** Returns a draft of what would replace a record, the same in all but what is changed. */
    static Draft of(StoredSession session) {
        return new Draft(session.createdAt())
                .key(session.key())
                .accessed(session.lastAccessedAt())
                .expires(session.expiresAt())
                .idle(session.idleTimeout())
                .principal(session.principal())
                .payload(session.payload());
    }

    Draft key(SessionKey key) {
        this.key = key;
        return this;
    }

    Draft created(Instant createdAt) {
        this.createdAt = createdAt;
        return this;
    }

    Draft accessed(Instant lastAccessedAt) {
        this.lastAccessedAt = lastAccessedAt;
        return this;
    }

    Draft expires(Instant expiresAt) {
        this.expiresAt = expiresAt;
        return this;
    }

    Draft idle(Duration idleTimeout) {
        this.idleTimeout = idleTimeout;
        return this;
    }

    Draft principal(@Nullable String principal) {
        this.principal = principal;
        return this;
    }

    Draft payload(Payload payload) {
        this.payload = payload;
        return this;
    }

    Draft payload(byte[] bytes) {
        return payload(Payload.copyOf(bytes));
    }

    Draft payload(String text) {
        return payload(text.getBytes(StandardCharsets.UTF_8));
    }

    StoredSession make() {
        return new StoredSession(key, 1, createdAt, lastAccessedAt, expiresAt, idleTimeout, principal, payload);
    }
}
