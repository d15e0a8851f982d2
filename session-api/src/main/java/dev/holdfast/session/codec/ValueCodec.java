package dev.holdfast.session.codec;

import java.nio.ByteBuffer;

/**
 * Turns attribute values into bytes and back. Implementations are safe for use by many threads at once.
 *
 * <p>Bytes decide whether a value has changed, so a codec must be deterministic: encoding an unchanged value twice gives
 * the same bytes, and so does encoding two values that were decoded from the same bytes. These may differ from the bytes
 * that were decoded, as for a value of an older version of its type.
 */
public interface ValueCodec {

    /**
     * The number stored beside each value, by which the right codec is found again: the same for ever. 1 to 63 are
     * Holdfast's own (1 typed, 2 JSON, 3 JDK serialization), 64 to 127 the application's.
     */
    int format();

    /**
     * Returns whether this codec is the one for this value, judged by its type and the types within it. {@code false}
     * is final; after {@code true}, {@link #encode} may still refuse the value for what it contains.
     */
    boolean canEncode(Object value);

    /**
     * Returns the value as bytes, in an array that the caller owns.
     *
     * @throws UnencodableValueException if the value, or one within it, is of a type that this codec does not store
     */
    byte[] encode(Object value);

    /**
     * Returns the value that the remaining bytes of the buffer hold, neither fewer nor more of them. What is returned
     * is the caller's own. The buffer may be read-only; its position afterwards is unspecified.
     *
     * @throws UndecodableValueException if the bytes are no such value; nothing else is thrown, whatever the bytes are
     */
    Object decode(ByteBuffer bytes);
}
