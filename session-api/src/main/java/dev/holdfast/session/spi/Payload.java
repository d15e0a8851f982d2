package dev.holdfast.session.spi;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a session, which mean nothing to a store. Immutable, compared by content, and silent about its content
 * in {@link #toString}.
 */
public final class Payload {

    /** No bytes at all. */
    public static final Payload EMPTY = new Payload(new byte[0]);

    private final byte[] bytes;

    private Payload(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Returns a payload of a copy of these bytes. */
    public static Payload copyOf(byte[] bytes) {
        return new Payload(bytes.clone());
    }

    /**
     * Returns a payload that takes the array over: nobody may write to it any more. For arrays fresh from a driver or
     * an encoder, where a copy would be waste.
     */
    public static Payload wrap(byte[] bytes) {
        return new Payload(bytes);
    }

    /** Returns the number of bytes. */
    public int size() {
        return bytes.length;
    }

    /** Returns a read-only view, without copying. */
    public ByteBuffer asByteBuffer() {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    /** Returns a copy. */
    public byte[] toByteArray() {
        return bytes.clone();
    }

    /**
     * Returns this payload if it has at most {@code limit} bytes; the check that a store makes before any I/O.
     *
     * @throws PayloadTooLargeException otherwise, naming both sizes
     */
    public Payload requireAtMost(int limit) {
        if (bytes.length > limit) {
            throw new PayloadTooLargeException(bytes.length, limit);
        }
        return this;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Payload payload && Arrays.equals(bytes, payload.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "Payload[" + bytes.length + " bytes]";
    }
}
