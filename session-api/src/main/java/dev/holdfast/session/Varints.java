package dev.holdfast.session;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/** The numbers of an envelope: little-endian base 128, at most five bytes, never negative. */
final class Varints {

    private static final int MAX_SHIFT = 28;
    private static final int MAX_LAST_BYTE = 7;

    private Varints() {}

    /** @throws Malformed if there is no such number */
    static int read(ByteBuffer in) {
        int value = 0;
        for (int shift = 0; shift <= MAX_SHIFT; shift += 7) {
            byte next = in.get();
            value |= (next & 0x7f) << shift;
            if (next >= 0) {
                if (shift == MAX_SHIFT && next > MAX_LAST_BYTE) {
                    throw new Malformed();
                }
                return value;
            }
        }
        throw new Malformed();
    }

    static void put(ByteBuffer out, int value) {
        int rest = value;
        while (rest > 0x7f) {
            out.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    static int size(int value) {
        return value == 0 ? 1 : (38 - Integer.numberOfLeadingZeros(value)) / 7;
    }

    static void skip(ByteBuffer in, int length) {
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        in.position(in.position() + length);
    }

    /** The bytes are no envelope. */
    static final class Malformed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Malformed() {
            super(null, null, false, false);
        }
    }
}
