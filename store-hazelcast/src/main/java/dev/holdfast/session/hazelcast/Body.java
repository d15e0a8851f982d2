package dev.holdfast.session.hazelcast;

import dev.holdfast.session.spi.Payload;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What the bytes of an entry mean, format 1. All numbers are big-endian, times are milliseconds since 1970.
 *
 * <pre>
 * offset  size
 *   0       2  "H", format 1
 *   2       1  kind: 1 session, 2 tombstone, 3 lock
 *   3       8  id of the write, random, by which a repeated request knows what it did the first time
 *  11       8  version; of a tombstone that of the live session it removed, 0 if there was none, -1 if not known
 *  19       8  createdAt
 *  27       8  lastAccessedAt; of a tombstone when it was put
 *  35       8  expiresAt; of a tombstone or a lock when it ends
 *  43       8  idleTimeout
 *  51       2  length of the principal, FFFF: none
 *  53       4  CRC32C of all other bytes and the session key, so that no record counts under another key
 *  57       n  principal (UTF-8), payload
 * </pre>
 */
record Body(
        Kind kind,
        long writeId,
        long version,
        long createdAt,
        long lastAccessedAt,
        long expiresAt,
        long idleTimeout,
        @Nullable String principal,
        Payload payload) {

    /** The version of a tombstone that was put without looking what was there. */
    static final long UNKNOWN = -1;

    private static final short MAGIC = 'H' << 8 | 1;
    private static final int KIND = 2;
    private static final int CHECKSUM = 53;
    private static final int HEADER = 57;
    private static final int NO_PRINCIPAL = 0xFFFF;

    /** What a record stands for. */
    enum Kind {
        SESSION(1),
        TOMBSTONE(2),
        LOCK(3);

        private final byte code;

        Kind(int code) {
            this.code = (byte) code;
        }

        private static @Nullable Kind of(byte code) {
            return switch (code) {
                case 1 -> SESSION;
                case 2 -> TOMBSTONE;
                case 3 -> LOCK;
                default -> null;
            };
        }
    }

    static Body of(StoredSession session, long writeId) {
        return new Body(
                Kind.SESSION,
                writeId,
                session.version(),
                session.createdAt().toEpochMilli(),
                session.lastAccessedAt().toEpochMilli(),
                session.expiresAt().toEpochMilli(),
                session.idleTimeout().toMillis(),
                session.principal(),
                session.payload());
    }

    static Body tombstone(long writeId, long removedVersion, long deletedAt, long endsAt) {
        return new Body(Kind.TOMBSTONE, writeId, removedVersion, 0, deletedAt, endsAt, 1, null, Payload.EMPTY);
    }

    static Body lock(long writeId, long endsAt) {
        return new Body(Kind.LOCK, writeId, 0, 0, 0, endsAt, 1, null, Payload.EMPTY);
    }

    /** Returns the session that this is, which must be of that kind. */
    StoredSession session(SessionKey key) {
        return new StoredSession(
                key,
                version,
                Instant.ofEpochMilli(createdAt),
                Instant.ofEpochMilli(lastAccessedAt),
                Instant.ofEpochMilli(expiresAt),
                Duration.ofMillis(idleTimeout),
                principal,
                payload);
    }

    boolean isLiveSession(long now) {
        return kind == Kind.SESSION && !hasEnded(now);
    }

    boolean hasEnded(long now) {
        return now >= expiresAt && expiresAt != Long.MAX_VALUE;
    }

    byte[] encode(SessionKey key) {
        byte[] name = principal == null ? new byte[0] : principal.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(HEADER + name.length + payload.size());
        bytes.putShort(MAGIC).put(kind.code).putLong(writeId).putLong(version);
        bytes.putLong(createdAt).putLong(lastAccessedAt).putLong(expiresAt).putLong(idleTimeout);
        bytes.putShort((short) (principal == null ? NO_PRINCIPAL : name.length));
        bytes.position(HEADER);
        bytes.put(name).put(payload.asByteBuffer());
        bytes.putInt(CHECKSUM, checksum(bytes.array(), key));
        return bytes.array();
    }

    /** Returns what the bytes say, or {@code null} if they are no whole record of this key. */
    static @Nullable Body decode(SessionKey key, byte @Nullable [] array) {
        if (array == null || array.length < HEADER) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.wrap(array);
        if (bytes.getShort(0) != MAGIC || bytes.getInt(CHECKSUM) != checksum(array, key)) {
            return null;
        }
        bytes.position(KIND);
        Kind kind = Kind.of(bytes.get());
        if (kind == null) {
            return null;
        }
        long writeId = bytes.getLong();
        long version = bytes.getLong();
        long createdAt = bytes.getLong();
        long lastAccessedAt = bytes.getLong();
        long expiresAt = bytes.getLong();
        long idleTimeout = bytes.getLong();
        int nameLength = Short.toUnsignedInt(bytes.getShort());
        bytes.position(HEADER);
        String principal = null;
        if (nameLength != NO_PRINCIPAL) {
            if (nameLength > bytes.remaining()) {
                return null;
            }
            try {
                ByteBuffer name = bytes.slice(HEADER, nameLength);
                principal = StandardCharsets.UTF_8.newDecoder().decode(name).toString();
            } catch (CharacterCodingException e) {
                return null;
            }
            bytes.position(HEADER + nameLength);
        }
        if (kind == Kind.SESSION && (version < 1 || idleTimeout < 1)) {
            return null;
        }
        return new Body(
                kind,
                writeId,
                version,
                createdAt,
                lastAccessedAt,
                expiresAt,
                idleTimeout,
                principal,
                Payload.wrap(array, bytes.position(), bytes.remaining()));
    }

    private static int checksum(byte[] bytes, SessionKey key) {
        CRC32C sum = new CRC32C();
        sum.update(bytes, 0, CHECKSUM);
        sum.update(bytes, HEADER, bytes.length - HEADER);
        sum.update(key.toBytes());
        return (int) sum.getValue();
    }
}
