package dev.holdfast.session.codec;

import java.math.BigDecimal;
import java.math.BigInteger;

/** The numbers and characters beyond {@code Integer} and {@code Long}, and the arrays. */
final class Numbers {

    private Numbers() {}

    /** Writes the value if it is one of these; else writes nothing and returns {@code false}. */
    static boolean write(Object value, ByteWriter out) {
        if (value instanceof Double number) {
            out.one(Tag.DOUBLE);
            out.eight(Double.doubleToLongBits(number));
        } else if (value.getClass() == BigDecimal.class) {
            BigDecimal decimal = (BigDecimal) value;
            out.tagged(Tag.BIG_DECIMAL, decimal.scale());
            out.counted(decimal.unscaledValue().toByteArray());
        } else if (value.getClass() == BigInteger.class) {
            out.one(Tag.BIG_INTEGER);
            out.counted(((BigInteger) value).toByteArray());
        } else if (value instanceof Short number) {
            out.tagged(Tag.SHORT, number);
        } else if (value instanceof Byte number) {
            out.one(Tag.BYTE);
            out.one(number);
        } else if (value instanceof Float number) {
            out.one(Tag.FLOAT);
            out.four(Float.floatToIntBits(number));
        } else if (value instanceof Character character) {
            out.one(Tag.CHARACTER);
            out.unsigned(character);
        } else {
            return writeArray(value, out);
        }
        return true;
    }

    private static boolean writeArray(Object value, ByteWriter out) {
        if (value instanceof int[] numbers) {
            out.one(Tag.INT_ARRAY);
            out.unsigned(numbers.length);
            for (int number : numbers) {
                out.signed(number);
            }
        } else if (value instanceof long[] numbers) {
            out.one(Tag.LONG_ARRAY);
            out.unsigned(numbers.length);
            for (long number : numbers) {
                out.signed(number);
            }
        } else if (value instanceof double[] numbers) {
            out.one(Tag.DOUBLE_ARRAY);
            out.unsigned(numbers.length);
            for (double number : numbers) {
                out.eight(Double.doubleToLongBits(number));
            }
        } else {
            return false;
        }
        return true;
    }

    static float readFloat(ByteReader in) {
        int bits = in.four();
        float number = Float.intBitsToFloat(bits);
        if (Float.floatToIntBits(number) != bits) {
            throw malformed();
        }
        return number;
    }

    static double readDouble(ByteReader in) {
        long bits = in.eight();
        double number = Double.longBitsToDouble(bits);
        if (Double.doubleToLongBits(number) != bits) {
            throw malformed();
        }
        return number;
    }

    static BigInteger readBigInteger(ByteReader in) {
        byte[] bytes = in.counted();
        if (bytes.length == 0 || (bytes.length > 1 && bytes[0] == bytes[1] >> 7)) {
            throw malformed();
        }
        return new BigInteger(bytes);
    }

    static int[] readInts(ByteReader in) {
        int[] numbers = new int[in.count(1)];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = in.signedInt();
        }
        return numbers;
    }

    static long[] readLongs(ByteReader in) {
        long[] numbers = new long[in.count(1)];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = in.signed();
        }
        return numbers;
    }

    static double[] readDoubles(ByteReader in) {
        double[] numbers = new double[in.count(Double.BYTES)];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = readDouble(in);
        }
        return numbers;
    }

    private static UndecodableValueException malformed() {
        return new UndecodableValueException("a number in the stored value is malformed");
    }
}
