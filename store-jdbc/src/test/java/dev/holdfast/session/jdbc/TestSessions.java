package dev.holdfast.session.jdbc;

import dev.holdfast.session.spi.Payload;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Sessions to store. */
final class TestSessions {

    private TestSessions() {}

    /** Returns a session of half an hour from now on, of a key that is nobody's. */
    static StoredSession session() {
        return session(Instant.now().plusSeconds(1800), null, "payload");
    }

    static StoredSession session(Instant expires, @Nullable String principal, String payload) {
        Instant now = Instant.now();
        return new StoredSession(
                SessionKey.of(UUID.randomUUID().toString()),
                1,
                now,
                now,
                expires,
                Duration.ofMinutes(30),
                principal,
                Payload.copyOf(payload.getBytes(StandardCharsets.UTF_8)));
    }

    /** Returns a session that has expired. */
    static StoredSession expired() {
        return session(Instant.now().minusSeconds(1), null, "old");
    }
}
