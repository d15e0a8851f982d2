package dev.holdfast.session.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A growing array of bytes. */
final class ByteWriter {

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int MAX_SIZE = Integer.MAX_VALUE - 8;

    private byte[] bytes;
    private int size;

    ByteWriter(int capacity) {
        bytes = new byte[capacity];
    }

    int size() {
        return size;
    }

    /** Forgets what was written after that size. */
    void truncate(int size) {
        this.size = size;
    }

    void one(int value) {
        reserve(1);
        bytes[size++] = (byte) value;
    }

    void tagged(int tag, long signed) {
        one(tag);
        signed(signed);
    }

    /** Seven bits a byte, the lowest first, in as few bytes as possible. */
    void unsigned(long value) {
        if ((value & ~0x7FL) == 0) {
            one((int) value);
            return;
        }
        reserve(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    /** As {@link #unsigned}, with the sign as the lowest bit, so that small negative numbers are short too. */
    void signed(long value) {
        unsigned((value << 1) ^ (value >> 63));
    }

    void four(int value) {
        reserve(4);
        INT.set(bytes, size, value);
        size += 4;
    }

    void eight(long value) {
        reserve(8);
        LONG.set(bytes, size, value);
        size += 8;
    }

    void two(char value) {
        reserve(2);
        bytes[size++] = (byte) (value >> 8);
        bytes[size++] = (byte) value;
    }

    void raw(byte[] source) {
        reserve(source.length);
        System.arraycopy(source, 0, bytes, size, source.length);
        size += source.length;
    }

    void counted(byte[] source) {
        unsigned(source.length);
        raw(source);
    }

    /** Writes the first characters as Latin-1, one byte each; {@code false}, with some written, if one is not. */
    boolean latin1(String text, int length) {
        reserve(length);
        byte[] target = bytes;
        int at = size;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c > 0xFF) {
                return false;
            }
            target[at + i] = (byte) c;
        }
        size += length;
        return true;
    }

    byte[] toByteArray() {
        return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    }

    private void reserve(int more) {
        if (bytes.length - size < more) {
            grow(more);
        }
    }

    private void grow(int more) {
        long needed = (long) size + more;
        if (needed > MAX_SIZE) {
            throw new Refusal("the value is longer than an array of bytes can be", "Store less");
        }
        bytes = Arrays.copyOf(bytes, (int) Math.min(MAX_SIZE, Math.max(needed, 2L * bytes.length)));
    }
}
