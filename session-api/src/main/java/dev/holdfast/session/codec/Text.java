package dev.holdfast.session.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Any {@code String}, in the first of three forms that holds it exactly: Latin-1, UTF-8, or, with unpaired surrogates,
 * UTF-16.
 */
final class Text {

    /** From here on copying and comparing whole arrays is quicker than looking at each character. */
    private static final int LONG_TEXT = 48;

    private Text() {}

    /** The bytes that the text takes if it is Latin-1, as most are. */
    static int sizeInLatin1(String text) {
        int length = text.length();
        return 1 + (38 - Integer.numberOfLeadingZeros(length | 1)) / 7 + length;
    }

    static void write(String text, ByteWriter out) {
        int start = out.size();
        int length = text.length();
        out.one(Tag.LATIN_1);
        out.unsigned(length);
        if (length < LONG_TEXT) {
            if (out.latin1(text, length)) {
                return;
            }
        } else if (text.charAt(0) <= 0xFF && text.charAt(length - 1) <= 0xFF) {
            byte[] latin1 = text.getBytes(StandardCharsets.ISO_8859_1);
            if (new String(latin1, StandardCharsets.ISO_8859_1).equals(text)) {
                out.raw(latin1);
                return;
            }
        }
        out.truncate(start);
        writeWide(text, out);
    }

    private static void writeWide(String text, ByteWriter out) {
        if (isWellFormed(text)) {
            out.one(Tag.UTF_8);
            out.counted(text.getBytes(StandardCharsets.UTF_8));
            return;
        }
        out.one(Tag.UTF_16);
        out.unsigned(text.length());
        for (int i = 0; i < text.length(); i++) {
            out.two(text.charAt(i));
        }
    }

    static String read(int tag, ByteReader in) {
        return switch (tag) {
            case Tag.LATIN_1 -> new String(in.counted(), StandardCharsets.ISO_8859_1);
            case Tag.UTF_8 -> readUtf8(in);
            case Tag.UTF_16 -> readUtf16(in);
            default -> throw new UndecodableValueException("the stored value lacks a text where one belongs");
        };
    }

    private static String readUtf8(ByteReader in) {
        byte[] utf8 = in.counted();
        String text = new String(utf8, StandardCharsets.UTF_8);
        if (isLatin1(text) || !Arrays.equals(text.getBytes(StandardCharsets.UTF_8), utf8)) {
            throw malformed();
        }
        return text;
    }

    private static String readUtf16(ByteReader in) {
        char[] chars = new char[in.count(2)];
        for (int i = 0; i < chars.length; i++) {
            chars[i] = in.two();
        }
        String text = new String(chars);
        if (isWellFormed(text)) {
            throw malformed();
        }
        return text;
    }

    private static UndecodableValueException malformed() {
        return new UndecodableValueException("a text in the stored value is malformed");
    }

    private static boolean isLatin1(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0xFF) {
                return false;
            }
        }
        return true;
    }

    private static boolean isWellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                i++;
                if (Character.isLowSurrogate(c) || i == text.length() || !Character.isLowSurrogate(text.charAt(i))) {
                    return false;
                }
            }
        }
        return true;
    }
}
