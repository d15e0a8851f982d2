package dev.holdfast.session.spi;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The SHA-256 of a session id: all that a backend ever sees of it.
 *
 * <p>So no id leaks from a dump, no case-folding database confuses two ids, and no id is a path. Presenting a key as an
 * id leads nowhere, since it would be hashed again. Immutable; ordered like its hexadecimal form.
 */
public final class SessionKey implements Comparable<SessionKey> {

    /** The size of a key in bytes; its text is twice as long. */
    public static final int BYTES = 32;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final HexFormat HEX = HexFormat.of();

    /** Named, since the search for a provider takes longer than the hash. */
    private static final Provider SHA_256 = provider();

    private final long first;
    private final long second;
    private final long third;
    private final long fourth;

    private SessionKey(byte[] digest) {
        first = (long) LONG.get(digest, 0);
        second = (long) LONG.get(digest, 8);
        third = (long) LONG.get(digest, 16);
        fourth = (long) LONG.get(digest, 24);
    }

    /** Returns the key of a session id. */
    public static SessionKey of(String id) {
        return new SessionKey(sha256().digest(id.getBytes(StandardCharsets.UTF_8)));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256", SHA_256);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("a provider has what it has given", e);
        }
    }

    private static Provider provider() {
        try {
            return MessageDigest.getInstance("SHA-256").getProvider();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /**
     * Returns the key whose {@linkplain #toBytes bytes} these are.
     *
     * @throws IllegalArgumentException unless there are {@value #BYTES}
     */
    public static SessionKey ofBytes(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a session key has " + BYTES + " bytes, not " + bytes.length);
        }
        return new SessionKey(bytes);
    }

    /**
     * Returns the key that prints as this text.
     *
     * @throws IllegalArgumentException unless the text is 64 lower-case hexadecimal digits
     */
    public static SessionKey parse(String hex) {
        if (!isKey(hex)) {
            throw new IllegalArgumentException(
                    "a session key is 64 lower-case hexadecimal digits, not a text of length " + hex.length());
        }
        return new SessionKey(HEX.parseHex(hex));
    }

    /** Returns whether {@link #parse} would accept the text. */
    public static boolean isKey(String text) {
        if (text.length() != 2 * BYTES) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return true;
    }

    /** Returns a new array of {@value #BYTES} bytes. */
    public byte[] toBytes() {
        byte[] bytes = new byte[BYTES];
        LONG.set(bytes, 0, first);
        LONG.set(bytes, 8, second);
        LONG.set(bytes, 16, third);
        LONG.set(bytes, 24, fourth);
        return bytes;
    }

    @Override
    public int compareTo(SessionKey other) {
        int order = Long.compareUnsigned(first, other.first);
        if (order == 0) {
            order = Long.compareUnsigned(second, other.second);
        }
        if (order == 0) {
            order = Long.compareUnsigned(third, other.third);
        }
        return order != 0 ? order : Long.compareUnsigned(fourth, other.fourth);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SessionKey key
                && first == key.first
                && second == key.second
                && third == key.third
                && fourth == key.fourth;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(first);
    }

    /** Returns the 64 lower-case hexadecimal digits. */
    @Override
    public String toString() {
        return HEX.formatHex(toBytes());
    }
}
