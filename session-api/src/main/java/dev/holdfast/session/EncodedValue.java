package dev.holdfast.session;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One attribute's value as it is stored; compared by content.
 *
 * @param format which codec reads it
 * @param bytes a view that holds exactly the value, and whose position nobody moves
 */
record EncodedValue(byte format, ByteBuffer bytes) {

    // Written out: the JDK's own would keep the class, and an application's class loader with it, until another
    // record's are first called; MethodHandle.asType caches its last result.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof EncodedValue value && format == value.format && bytes.equals(value.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * format + bytes.hashCode();
    }

    @Override
    public String toString() {
        return "EncodedValue[format " + format + ", " + bytes.remaining() + " bytes]";
    }
}
