package dev.holdfast.session.http.token;

import dev.holdfast.session.SessionId;
import dev.holdfast.session.http.Unauthorized;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Signed tokens (JWT) that point to a session and say nothing else. A session ends a token: log-out, revocation and timeouts
 * work as with any other id. And a token's own time limits what somebody has of it who finds one.
 *
 * <p>A token is checked without any store call, and refused as {@link Unauthorized#MALFORMED} unless it is spelt exactly as
 * {@link #issue} spells it: its header is one of the few that the known keys have, so algorithm, type and key are never its
 * choice, and nothing else can be in it; signature and claims have one encoding; issuer and audience are equal to ours; and
 * it was not issued in the future. Nothing is parsed before the signature is verified.
 *
 * <p>The session's id can be read in the token by whoever has it. So a token hides the id from nobody; where ids are also
 * taken bare, as from a cookie, the token's time limits nothing.
 *
 * <p>Immutable and thread-safe.
 */
public final class SessionTokens {

    /** A quarter of an hour. */
    public static final Duration DEFAULT_LIFETIME = Duration.ofMinutes(15);

    /** Half a minute. */
    public static final Duration DEFAULT_LEEWAY = Duration.ofSeconds(30);

    /** The most by which clocks of nodes may differ. */
    public static final Duration MAX_LEEWAY = Duration.ofMinutes(2);

    /** Longer tokens are refused before anything is done with them. */
    public static final int MAX_LENGTH = 4096;

    private static final Duration MAX_LIFETIME = Duration.ofDays(30);
    private static final int MAX_NAME_BYTES = 255;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final TokenKey signing;
    private final Map<String, TokenKey> keys;
    private final String issuer;
    private final String audience;
    private final Duration lifetime;
    private final Duration leeway;
    private final InstantSource clock;

    private SessionTokens(Builder builder) {
        signing = builder.signing;
        keys = Map.copyOf(builder.keys);
        issuer = builder.issuer;
        audience = builder.audience;
        lifetime = builder.lifetime;
        leeway = builder.leeway;
        clock = builder.clock;
    }

    /** Returns tokens of one key, with the defaults that {@link Builder} names. */
    public static SessionTokens create(TokenKey key, String issuer, String audience) {
        return builder(key, issuer, audience).build();
    }

    /**
     * Returns a builder.
     *
     * @param signing signs from now on, and is accepted
     * @param issuer who gives the tokens out, such as the site's URL
     * @param audience whom they are for: other services that share the keys have another one
     */
    public static Builder builder(TokenKey signing, String issuer, String audience) {
        return new Builder(signing, issuer, audience);
    }

    /** Returns a new token that points to a session. The session need not be stored yet. */
    public IssuedToken issue(SessionId session) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Instant expiresAt = now.plus(lifetime);
        Claims claims = new Claims(issuer, audience, session, now.getEpochSecond(), expiresAt.getEpochSecond());
        String input = signing.headerPart() + "." + ENCODER.encodeToString(claims.write());
        return new IssuedToken(input + "." + signing.sign(ascii(input)), expiresAt);
    }

    /** Returns how long after its issue a token may be taken for a good one: its lifetime and the leeway. */
    public Duration validity() {
        return lifetime.plus(leeway);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Returns what a presented token is, whatever it is. No store call. */
    public TokenCheck check(String presented) {
        int first = presented.indexOf('.');
        int last = presented.lastIndexOf('.');
        if (presented.length() > MAX_LENGTH || first < 0 || presented.indexOf('.', first + 1) != last) {
            return refused(Unauthorized.MALFORMED);
        }
        TokenKey key = keys.get(presented.substring(0, first));
        String payload = presented.substring(first + 1, Math.max(first + 1, last));
        String signature = presented.substring(last + 1);
        if (key == null || !isCanonical(payload) || !isCanonical(signature)) {
            return refused(Unauthorized.MALFORMED);
        }
        if (!key.verifies(ascii(presented.substring(0, last)), signature)) {
            return refused(Unauthorized.MALFORMED);
        }
        return Claims.read(Base64.getUrlDecoder().decode(payload))
                .map(this::check)
                .orElse(refused(Unauthorized.MALFORMED));
    }

    /** Returns whether the text is the one base64url spelling of its bytes. */
    private static boolean isCanonical(String part) {
        try {
            return !part.isEmpty()
                    && ENCODER.encodeToString(Base64.getUrlDecoder().decode(part))
                            .equals(part);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private TokenCheck check(Claims claims) {
        Instant now = clock.instant();
        boolean ours = claims.issuer().equals(issuer) && claims.audience().equals(audience);
        if (!ours || now.plus(leeway).getEpochSecond() < claims.issuedAt()) {
            return refused(Unauthorized.MALFORMED);
        }
        if (now.minus(leeway).getEpochSecond() >= claims.expiresAt()) {
            return refused(Unauthorized.EXPIRED);
        }
        return new TokenCheck.Genuine(claims.session(), Instant.ofEpochSecond(claims.expiresAt()));
    }

    private static TokenCheck refused(Unauthorized reason) {
        return new TokenCheck.Refused(reason);
    }

    @Override
    public String toString() {
        return "SessionTokens[" + issuer + " for " + audience + ", signs with " + signing.name() + "]";
    }

    /** Settings of {@link SessionTokens}; each comment names the default. Not for use by several threads. */
    public static final class Builder {

        private final TokenKey signing;
        private final Map<String, TokenKey> keys = new HashMap<>();
        private final String issuer;
        private final String audience;
        private Duration lifetime = DEFAULT_LIFETIME;
        private Duration leeway = DEFAULT_LEEWAY;
        private InstantSource clock = InstantSource.system();

        private Builder(TokenKey signing, String issuer, String audience) {
            if (!signing.canSign()) {
                throw new IllegalArgumentException("the key '" + signing.name() + "' only verifies");
            }
            this.signing = signing;
            this.issuer = requireName("issuer", issuer);
            this.audience = requireName("audience", audience);
            accept(signing);
        }

        private static String requireName(String what, String name) {
            int bytes = name.getBytes(StandardCharsets.UTF_8).length;
            if (bytes < 1 || bytes > MAX_NAME_BYTES) {
                throw new IllegalArgumentException(
                        "the " + what + " has 1 to " + MAX_NAME_BYTES + " bytes, not " + bytes);
            }
            return name;
        }

        /**
         * Accepts the tokens of another key too. To rotate keys let all nodes accept the new one, then sign with it, and go on
         * accepting the old one until its last token has expired: no session ends.
         *
         * @throws IllegalArgumentException if there is a key of that name already
         */
        public Builder accept(TokenKey key) {
            boolean known =
                    keys.values().stream().anyMatch(other -> other.name().equals(key.name()));
            if (known) {
                throw new IllegalArgumentException("there is a key named '" + key.name() + "' already");
            }
            keys.put(key.headerPart(), key);
            return this;
        }

        /**
         * How long a token may be used; {@link SessionTokens#DEFAULT_LIFETIME}. It lengthens no session.
         *
         * @param lifetime 1 second to 30 days; fractions of a second are cut off
         */
        public Builder lifetime(Duration lifetime) {
            if (lifetime.compareTo(Duration.ofSeconds(1)) < 0 || lifetime.compareTo(MAX_LIFETIME) > 0) {
                throw new IllegalArgumentException("lifetime must be 1 second to 30 days, not " + lifetime);
            }
            this.lifetime = lifetime.truncatedTo(ChronoUnit.SECONDS);
            return this;
        }

        /** By how much clocks of nodes may differ, at most {@link #MAX_LEEWAY}; {@link #DEFAULT_LEEWAY}. */
        public Builder leeway(Duration leeway) {
            if (leeway.isNegative() || leeway.compareTo(MAX_LEEWAY) > 0) {
                throw new IllegalArgumentException("leeway must be 0 to " + MAX_LEEWAY + ", not " + leeway);
            }
            this.leeway = leeway;
            return this;
        }

        /** What tells the time; the system's clock. */
        public Builder clock(InstantSource clock) {
            this.clock = Objects.requireNonNull(clock);
            return this;
        }

        /** Returns the tokens. */
        public SessionTokens build() {
            return new SessionTokens(this);
        }
    }
}
