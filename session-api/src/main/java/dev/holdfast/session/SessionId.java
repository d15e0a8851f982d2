package dev.holdfast.session;

import dev.holdfast.session.spi.SessionKey;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The secret by which a client names its session: 256 random bits as 43 characters of base64url, and nothing about the
 * user, the time or the node.
 *
 * <p>Whoever knows it is that client, so {@link #toString} hides it; only {@link #value} tells it, for the response.
 */
public final class SessionId {

    /** The length of an id in characters. */
    public static final int LENGTH = 43;

    static final int RANDOM_BYTES = 32;
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    /** What each character of base64url stands for, or -1: ids are random, so a branch would be guessed wrongly. */
    private static final byte[] DIGITS = new byte['z' + 1];

    static {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        Arrays.fill(DIGITS, (byte) -1);
        for (int i = 0; i < alphabet.length(); i++) {
            DIGITS[alphabet.charAt(i)] = (byte) i;
        }
    }

    private final String value;
    private final SessionKey key;

    private SessionId(String value) {
        this.value = value;
        this.key = SessionKey.of(value);
    }

    static SessionId random(SecureRandom random) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return ofBytes(bytes);
    }

    static SessionId ofBytes(byte[] bytes) {
        return new SessionId(BASE64URL.encodeToString(bytes));
    }

    /** Returns the random bits. */
    byte[] toBytes() {
        return Base64.getUrlDecoder().decode(value);
    }

    /** Returns the id that a client presented, or empty if the text can't be one; no store is asked. */
    public static Optional<SessionId> parse(@Nullable String presented) {
        return presented != null && isWellFormed(presented) ? Optional.of(new SessionId(presented)) : Optional.empty();
    }

    /** Returns whether the text has the form of an id: length, alphabet, and no stray bits in the last character. */
    public static boolean isWellFormed(String text) {
        if (text.length() != LENGTH) {
            return false;
        }
        for (int i = 0; i < LENGTH - 1; i++) {
            if (digit(text.charAt(i)) < 0) {
                return false;
            }
        }
        // 43 characters hold 258 bits: the last two must be zero, so that no two texts mean the same bits
        int last = digit(text.charAt(LENGTH - 1));
        return last >= 0 && (last & 3) == 0;
    }

    private static int digit(char c) {
        return c < DIGITS.length ? DIGITS[c] : -1;
    }

    /** Returns the secret text, for the client and nobody else. */
    public String value() {
        return value;
    }

    /** Returns what the store knows of this id. */
    public SessionKey key() {
        return key;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SessionId id && value.equals(id.value);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(key);
    }

    @Override
    public String toString() {
        return "SessionId[hidden]";
    }
}
