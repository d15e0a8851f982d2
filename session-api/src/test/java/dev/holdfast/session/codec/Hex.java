package dev.holdfast.session.codec;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Bytes as the tests write them. */
final class Hex {

    private Hex() {}

    /** Returns the bytes of hexadecimal digits, spaces ignored. */
    static byte[] bytes(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    static String of(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    /** Returns a buffer as the payload's envelope hands it out: read-only, and a slice that does not begin at 0. */
    static ByteBuffer slice(byte[] bytes) {
        byte[] around = new byte[bytes.length + 7];
        System.arraycopy(bytes, 0, around, 3, bytes.length);
        return ByteBuffer.wrap(around).asReadOnlyBuffer().slice(3, bytes.length);
    }
}
