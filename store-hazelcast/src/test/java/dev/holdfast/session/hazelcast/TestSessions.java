package dev.holdfast.session.hazelcast;

import dev.holdfast.session.spi.Payload;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Sessions that live for an hour. */
final class TestSessions {

    private static final Duration IDLE = Duration.ofHours(1);

    private TestSessions() {}

    static StoredSession any() {
        return of(SessionKey.of(UUID.randomUUID().toString()), "payload", null);
    }

    static StoredSession of(SessionKey key, String payload, @Nullable String principal) {
        Instant now = Instant.now();
        return new StoredSession(
                key,
                1,
                now,
                now,
                now.plus(IDLE),
                IDLE,
                principal,
                Payload.wrap(payload.getBytes(StandardCharsets.UTF_8)));
    }

    static StoredSession withPayload(StoredSession session, String payload) {
        return session.withPayload(Payload.wrap(payload.getBytes(StandardCharsets.UTF_8)));
    }

    static String text(StoredSession session) {
        return new String(session.payload().toByteArray(), StandardCharsets.UTF_8);
    }
}
