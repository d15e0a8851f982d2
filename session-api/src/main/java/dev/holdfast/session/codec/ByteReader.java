package dev.holdfast.session.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What {@link ByteWriter} wrote. Accepts one spelling of each number, and allocates nothing that the bytes don't back. */
final class ByteReader {

    private final ByteBuffer bytes;

    ByteReader(ByteBuffer bytes) {
        this.bytes = bytes.order() == ByteOrder.BIG_ENDIAN ? bytes : bytes.slice();
    }

    int remaining() {
        return bytes.remaining();
    }

    int one() {
        return bytes.get() & 0xFF;
    }

    long unsigned() {
        byte next = bytes.get();
        long value = next & 0x7F;
        for (int shift = 7; next < 0; shift += 7) {
            next = bytes.get();
            if (next == 0 || (shift == 63 && next != 1)) {
                throw new UndecodableValueException("a number in the stored value is malformed");
            }
            value |= (next & 0x7FL) << shift;
        }
        return value;
    }

    long signed() {
        long value = unsigned();
        return (value >>> 1) ^ -(value & 1);
    }

    int signedInt() {
        return (int) signed(Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    long signed(long least, long most) {
        return within(signed(), least, most);
    }

    int unsigned(int most) {
        return (int) within(unsigned(), 0, most);
    }

    private static long within(long value, long least, long most) {
        if (value < least || value > most) {
            throw new UndecodableValueException("a number in the stored value is out of range");
        }
        return value;
    }

    /** Reads how many elements follow, of which each takes at least that many bytes. */
    int count(int bytesEach) {
        long count = unsigned();
        if (count < 0 || count > bytes.remaining() / bytesEach) {
            throw new UndecodableValueException("the stored value claims more than its bytes can hold");
        }
        return (int) count;
    }

    int four() {
        return bytes.getInt();
    }

    long eight() {
        return bytes.getLong();
    }

    char two() {
        return bytes.getChar();
    }

    byte[] counted() {
        byte[] target = new byte[count(1)];
        bytes.get(target);
        return target;
    }
}
