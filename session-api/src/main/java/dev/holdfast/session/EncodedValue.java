package dev.holdfast.session;

import java.nio.ByteBuffer;

/**
 * One attribute's value as it is stored; compared by content.
 *
 * @param format which codec reads it
 * @param bytes a view that holds exactly the value, and whose position nobody moves
 */
record EncodedValue(byte format, ByteBuffer bytes) {

    @Override
    public String toString() {
        return "EncodedValue[format " + format + ", " + bytes.remaining() + " bytes]";
    }
}
