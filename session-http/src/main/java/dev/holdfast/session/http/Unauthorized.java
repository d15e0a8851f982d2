package dev.holdfast.session.http;

import dev.holdfast.session.SessionId;
import java.util.List;
import java.util.Locale;

/**
 * Why a request has no session, and how an API tells its client: status 401, a {@code WWW-Authenticate} line, and JSON
 * whose {@code reason} stays the same in all versions. Never a redirect.
 */
public enum Unauthorized {
    /** The request presents nothing: log in. */
    MISSING,
    /** What it presents was never given out: log in. */
    MALFORMED,
    /** It presents a token whose time is over: log in, or renew the token earlier. */
    EXPIRED,
    /** Its session is not there, whether it was logged out, revoked, timed out, or never was: log in. */
    REVOKED;

    /** The status of the answer. */
    public static final int STATUS = 401;

    /** The type of {@link #body}. */
    public static final String CONTENT_TYPE = "application/json";

    /** The name of the header for {@link #challenge}. */
    public static final String CHALLENGE_HEADER = "WWW-Authenticate";

    static Unauthorized of(List<PresentedId> presented) {
        if (presented.isEmpty()) {
            return MISSING;
        }
        return presented.stream().anyMatch(id -> SessionId.isWellFormed(id.value())) ? REVOKED : MALFORMED;
    }

    /** Returns the name that clients compare: {@code missing}, {@code malformed}, {@code expired}, {@code revoked}. */
    public String reason() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the body of the answer: {@code {"error":"unauthorized","reason":"expired"}}. */
    public String body() {
        return "{\"error\":\"unauthorized\",\"reason\":\"" + reason() + "\"}";
    }

    /** Returns the challenge of RFC 6750; without an error if nothing was presented, as it asks for. */
    public String challenge() {
        String challenge = "Bearer realm=\"session\"";
        return this == MISSING
                ? challenge
                : challenge + ", error=\"invalid_token\", error_description=\"" + reason() + "\"";
    }
}
