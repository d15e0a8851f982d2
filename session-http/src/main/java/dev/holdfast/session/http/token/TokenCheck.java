package dev.holdfast.session.http.token;

import dev.holdfast.session.SessionId;
import dev.holdfast.session.http.Unauthorized;
import java.time.Instant;

/** What a presented token proved to be. */
public sealed interface TokenCheck {

    /**
     * A token that was given out here and whose time is not over. Whether its session still lives, the store knows.
     *
     * @param session where it points to
     * @param expiresAt when its time is over, without the leeway
     */
    record Genuine(SessionId session, Instant expiresAt) implements TokenCheck {}

    /**
     * No token of ours, or one whose time is over.
     *
     * @param reason {@link Unauthorized#MALFORMED} or {@link Unauthorized#EXPIRED}: whoever forges tokens learns no more
     */
    record Refused(Unauthorized reason) implements TokenCheck {}
}
