package dev.holdfast.session.spi;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a session, which mean nothing to a store. Immutable, compared by content, and silent about its content
 * in {@link #toString}.
 */
public final class Payload {

    /** No bytes at all. */
    public static final Payload EMPTY = wrap(new byte[0]);

    private final byte[] bytes;
    private final int offset;
    private final int size;

    private Payload(byte[] bytes, int offset, int size) {
        this.bytes = bytes;
        this.offset = offset;
        this.size = size;
    }

    /** Returns a payload of a copy of these bytes. */
    public static Payload copyOf(byte[] bytes) {
        return wrap(bytes.clone());
    }

    /**
     * Returns a payload that takes the array over: nobody may write to it any more. For arrays fresh from a driver or
     * an encoder, where a copy would be waste.
     */
    public static Payload wrap(byte[] bytes) {
        return new Payload(bytes, 0, bytes.length);
    }

    /**
     * Returns a payload of a part of the array, which it takes over and keeps as a whole: for what lies behind a short head.
     *
     * @throws IndexOutOfBoundsException if the array has no such part
     */
    public static Payload wrap(byte[] bytes, int offset, int length) {
        return new Payload(bytes, Objects.checkFromIndexSize(offset, length, bytes.length), length);
    }

    /** Returns the number of bytes. */
    public int size() {
        return size;
    }

    /** Returns a read-only view, without copying. */
    public ByteBuffer asByteBuffer() {
        return ByteBuffer.wrap(bytes, offset, size).slice().asReadOnlyBuffer();
    }

    /** Returns a copy. */
    public byte[] toByteArray() {
        return Arrays.copyOfRange(bytes, offset, offset + size);
    }

    /**
     * Returns this payload if it has at most {@code limit} bytes; the check that a store makes before any I/O.
     *
     * @throws PayloadTooLargeException otherwise, naming both sizes
     */
    public Payload requireAtMost(int limit) {
        if (size > limit) {
            throw new PayloadTooLargeException(size, limit);
        }
        return this;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Payload payload
                && Arrays.equals(
                        bytes, offset, offset + size, payload.bytes, payload.offset, payload.offset + payload.size);
    }

    @Override
    public int hashCode() {
        return asByteBuffer().hashCode();
    }

    @Override
    public String toString() {
        return "Payload[" + size + " bytes]";
    }
}
