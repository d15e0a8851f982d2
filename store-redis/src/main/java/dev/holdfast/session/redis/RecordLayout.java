package dev.holdfast.session.redis;

import dev.holdfast.session.spi.Payload;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The string value of a record, format 1. All numbers are big-endian, times are milliseconds since 1970, and each
 * checksum is a CRC32C of its block and of the session key, so that no block counts under another key.
 *
 * <pre>
 * offset  size
 *   0       2  "H", format 1                    origin: written once
 *   2       8  createdAt
 *  10       4  checksum of 0 to 10
 *  14       8  lastAccessedAt                   access: all that a touch writes
 *  22       8  expiresAt
 *  30       4  checksum of 14 to 30
 *  34       8  version                          content
 *  42       8  id of the write, random, by which a repeated request knows what it did the first time
 *  50       8  idleTimeout
 *  58       2  length of the principal, FFFF: none
 *  60       4  checksum of 34 to 60, the principal and the payload
 *  64       n  principal (UTF-8), payload
 * </pre>
 */
final class RecordLayout {

    static final int HEADER = 64;
    static final int ACCESS = 14;
    static final int CONTENT = 34;

    private static final byte MAGIC = 'H';
    private static final byte FORMAT = 1;
    private static final int ORIGIN_CHECKSUM = 10;
    private static final int EXPIRES = 22;
    private static final int ACCESS_CHECKSUM = 30;
    private static final int WRITE_ID = 42;
    private static final int IDLE = 50;
    private static final int PRINCIPAL_LENGTH = 58;
    private static final int CONTENT_CHECKSUM = 60;
    private static final int NO_PRINCIPAL = 0xFFFF;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

    private RecordLayout() {}

    /** Returns the bytes of a record with that version in place of its own. */
    static byte[] encode(StoredSession session, long version, byte[] key, long writeId) {
        byte[] principal =
                session.principal() == null ? null : session.principal().getBytes(StandardCharsets.UTF_8);
        int principalBytes = principal == null ? 0 : principal.length;
        byte[] out = new byte[HEADER + principalBytes + session.payload().size()];
        out[0] = MAGIC;
        out[1] = FORMAT;
        LONG.set(out, 2, session.createdAt().toEpochMilli());
        LONG.set(out, ACCESS, session.lastAccessedAt().toEpochMilli());
        LONG.set(out, EXPIRES, session.expiresAt().toEpochMilli());
        LONG.set(out, CONTENT, version);
        LONG.set(out, WRITE_ID, writeId);
        LONG.set(out, IDLE, session.idleTimeout().toMillis());
        SHORT.set(out, PRINCIPAL_LENGTH, (short) (principal == null ? NO_PRINCIPAL : principalBytes));
        if (principal != null) {
            System.arraycopy(principal, 0, out, HEADER, principalBytes);
        }
        session.payload()
                .asByteBuffer()
                .get(out, HEADER + principalBytes, session.payload().size());
        CRC32C crc = new CRC32C();
        INT.set(out, ORIGIN_CHECKSUM, checksum(crc, key, out, 0, ORIGIN_CHECKSUM));
        INT.set(out, ACCESS_CHECKSUM, checksum(crc, key, out, ACCESS, ACCESS_CHECKSUM));
        INT.set(out, CONTENT_CHECKSUM, contentChecksum(crc, key, out));
        return out;
    }

    /** Returns the block of bytes that a touch writes at {@link #ACCESS}. */
    static byte[] access(Instant lastAccessedAt, Instant expiresAt, byte[] key) {
        byte[] out = new byte[CONTENT - ACCESS];
        LONG.set(out, 0, lastAccessedAt.toEpochMilli());
        LONG.set(out, EXPIRES - ACCESS, expiresAt.toEpochMilli());
        INT.set(out, ACCESS_CHECKSUM - ACCESS, checksum(new CRC32C(), key, out, 0, ACCESS_CHECKSUM - ACCESS));
        return out;
    }

    /** Returns a number as the scripts compare it. */
    static byte[] number(long number) {
        byte[] out = new byte[Long.BYTES];
        LONG.set(out, 0, number);
        return out;
    }

    /** Returns the record, or {@code null} if these bytes are none. */
    static @Nullable StoredSession decode(SessionKey key, byte[] bytes) {
        if (bytes.length < HEADER || bytes[0] != MAGIC || bytes[1] != FORMAT) {
            return null;
        }
        byte[] keyBytes = key.toBytes();
        int length = (short) SHORT.get(bytes, PRINCIPAL_LENGTH) & 0xFFFF;
        int payloadAt = length == NO_PRINCIPAL ? HEADER : HEADER + length;
        CRC32C crc = new CRC32C();
        if (payloadAt > bytes.length
                || (int) INT.get(bytes, ORIGIN_CHECKSUM) != checksum(crc, keyBytes, bytes, 0, ORIGIN_CHECKSUM)
                || (int) INT.get(bytes, ACCESS_CHECKSUM) != checksum(crc, keyBytes, bytes, ACCESS, ACCESS_CHECKSUM)
                || (int) INT.get(bytes, CONTENT_CHECKSUM) != contentChecksum(crc, keyBytes, bytes)) {
            return null;
        }
        try {
            return new StoredSession(
                    key,
                    (long) LONG.get(bytes, CONTENT),
                    Instant.ofEpochMilli((long) LONG.get(bytes, 2)),
                    Instant.ofEpochMilli((long) LONG.get(bytes, ACCESS)),
                    Instant.ofEpochMilli((long) LONG.get(bytes, EXPIRES)),
                    Duration.ofMillis((long) LONG.get(bytes, IDLE)),
                    length == NO_PRINCIPAL ? null : text(bytes, HEADER, length),
                    Payload.wrap(bytes, payloadAt, bytes.length - payloadAt));
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return null;
        }
    }

    private static String text(byte[] bytes, int from, int length) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes, from, length))
                .toString();
    }

    private static int checksum(CRC32C crc, byte[] key, byte[] bytes, int from, int to) {
        crc.reset();
        crc.update(bytes, from, to - from);
        crc.update(key);
        return (int) crc.getValue();
    }

    private static int contentChecksum(CRC32C crc, byte[] key, byte[] bytes) {
        crc.reset();
        crc.update(bytes, CONTENT, CONTENT_CHECKSUM - CONTENT);
        crc.update(bytes, HEADER, bytes.length - HEADER);
        crc.update(key);
        return (int) crc.getValue();
    }
}
