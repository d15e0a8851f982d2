package dev.holdfast.session.http.token;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.holdfast.session.SessionId;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a token says, all of it: it points to a session, and tells nothing about whose it is. There is one way to write it,
 * and only what is written so is read; so no member is there twice, unknown, missing, or of another type.
 *
 * @param issuedAt seconds since 1970, also the time before which it is not valid
 * @param expiresAt seconds since 1970
 */
record Claims(String issuer, String audience, SessionId session, long issuedAt, long expiresAt) {

    byte[] write() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("iss", issuer);
        members.put("aud", audience);
        members.put("sid", session.value());
        members.put("iat", issuedAt);
        members.put("nbf", issuedAt);
        members.put("exp", expiresAt);
        return JSONObjectUtils.toJSONString(members).getBytes(StandardCharsets.UTF_8);
    }

    /** Returns what bytes say that {@link #write} could have written; to be called once their signature is verified. */
    static Optional<Claims> read(byte[] bytes) {
        try {
            Map<String, Object> members = JSONObjectUtils.parse(new String(bytes, StandardCharsets.UTF_8));
            if (members != null
                    && members.get("iss") instanceof String issuer
                    && members.get("aud") instanceof String audience
                    && members.get("sid") instanceof String session
                    && members.get("iat") instanceof Long issuedAt
                    && members.get("exp") instanceof Long expiresAt) {
                return SessionId.parse(session)
                        .map(id -> new Claims(issuer, audience, id, issuedAt, expiresAt))
                        .filter(claims -> Arrays.equals(claims.write(), bytes));
            }
            return Optional.empty();
        } catch (ParseException e) {
            return Optional.empty();
        }
    }
}
