package dev.holdfast.session.compliance.gallery;

import dev.holdfast.session.spi.Payload;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** A record as bytes with a checksum in front. */
final class RecordBytes {

    private static final int CHECKSUM_BYTES = 8;

    private RecordBytes() {}

    static byte[] of(StoredSession session) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeLong(0);
            out.write(session.key().toBytes());
            out.writeLong(session.version());
            out.writeLong(session.createdAt().toEpochMilli());
            out.writeLong(session.lastAccessedAt().toEpochMilli());
            out.writeLong(session.expiresAt().toEpochMilli());
            out.writeLong(session.idleTimeout().toMillis());
            String principal = session.principal();
            out.writeBoolean(principal != null);
            out.writeUTF(principal == null ? "" : principal);
            out.write(session.payload().toByteArray());
            out.flush();
            byte[] record = bytes.toByteArray();
            ByteBuffer.wrap(record).putLong(0, checksum(record));
            return record;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static @Nullable StoredSession read(byte[] record) {
        if (record.length <= CHECKSUM_BYTES || ByteBuffer.wrap(record).getLong(0) != checksum(record)) {
            return null;
        }
        return readUnchecked(record);
    }

    /** Reads without looking at the checksum, as a store would that has none. */
    static @Nullable StoredSession readUnchecked(byte[] record) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(record))) {
            in.readLong();
            SessionKey key = SessionKey.ofBytes(in.readNBytes(SessionKey.BYTES));
            long version = in.readLong();
            Instant createdAt = Instant.ofEpochMilli(in.readLong());
            Instant lastAccessedAt = Instant.ofEpochMilli(in.readLong());
            Instant expiresAt = Instant.ofEpochMilli(in.readLong());
            Duration idleTimeout = Duration.ofMillis(in.readLong());
            boolean hasPrincipal = in.readBoolean();
            String principal = in.readUTF();
            return new StoredSession(
                    key,
                    version,
                    createdAt,
                    lastAccessedAt,
                    expiresAt,
                    idleTimeout,
                    hasPrincipal ? principal : null,
                    Payload.wrap(in.readAllBytes()));
        } catch (IOException | IllegalArgumentException e) {
            return null;
        }
    }

    private static long checksum(byte[] record) {
        CRC32 crc = new CRC32();
        crc.update(Arrays.copyOfRange(record, CHECKSUM_BYTES, record.length));
        return crc.getValue();
    }
}
