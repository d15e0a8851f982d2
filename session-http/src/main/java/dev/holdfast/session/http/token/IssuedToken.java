package dev.holdfast.session.http.token;

import java.time.Instant;

/**
 * A new token. Whoever has it is the session's client, so {@link #toString} does not tell it.
 *
 * @param value the token, for the client and nobody else
 * @param expiresAt when its time is over
 */
public record IssuedToken(String value, Instant expiresAt) {

    @Override
    public String toString() {
        return "IssuedToken[until " + expiresAt + "]";
    }
}
