package dev.holdfast.session;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Makes payloads smaller. The stored form is the format, one byte, then the original length as an int, highest byte
 * first, and raw deflate data.
 *
 * @param above payloads of at most that many bytes stay as they are
 * @param most payloads that inflate to more are refused
 */
record Compression(int above, int most) {

    static final byte FORMAT = 2;

    private static final int HEAD = 1 + Integer.BYTES;
    private static final int FIRST_ROOM = 4;

    /** Returns the payload compressed, or the same array if that gains nothing. */
    byte[] compress(byte[] payload) {
        if (payload.length <= above || payload.length <= HEAD) {
            return payload;
        }
        byte[] out = new byte[payload.length];
        ByteBuffer.wrap(out).put(FORMAT).putInt(payload.length);
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        try {
            deflater.setInput(payload);
            deflater.finish();
            int length = deflater.deflate(out, HEAD, out.length - HEAD);
            return deflater.finished() ? Arrays.copyOf(out, HEAD + length) : payload;
        } finally {
            deflater.end();
        }
    }

    /** Returns what was compressed; room is made as the data come, not as the length says. */
    byte[] expand(byte[] compressed) throws UnreadablePayloadException {
        Inflater inflater = new Inflater(true);
        try {
            int length = ByteBuffer.wrap(compressed).getInt(1);
            if (length < 0 || length > most) {
                throw new UnreadablePayloadException(
                        "its payload expands to more than the limit of " + most + " bytes");
            }
            inflater.setInput(compressed, HEAD, compressed.length - HEAD);
            byte[] out = new byte[(int) Math.min(length, (long) FIRST_ROOM * compressed.length)];
            int size = inflater.inflate(out);
            while (size == out.length && size < length) {
                out = Arrays.copyOf(out, (int) Math.min(length, 2L * out.length));
                size += inflater.inflate(out, size, out.length - size);
            }
            boolean ended = inflater.finished() || inflater.inflate(new byte[1]) == 0;
            if (size != length || !ended || !inflater.finished() || inflater.getRemaining() > 0) {
                throw new UnreadablePayloadException("its compressed payload is malformed");
            }
            return out;
        } catch (DataFormatException | BufferUnderflowException | IndexOutOfBoundsException e) {
            throw new UnreadablePayloadException("its compressed payload is malformed");
        } finally {
            inflater.end();
        }
    }
}
