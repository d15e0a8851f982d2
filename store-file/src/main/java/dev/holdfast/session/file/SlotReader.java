package dev.holdfast.session.file;

import dev.holdfast.session.spi.Payload;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads one of the two slots of a file, as far as it is needed. */
final class SlotReader {

    private final SessionKey key;
    private final RecordFormat.Source source;
    private final long offset;
    private final int capacity;
    private final ByteBuffer head;

    SlotReader(SessionKey key, RecordFormat.Source source, long offset, int capacity) throws IOException {
        this.key = key;
        this.source = source;
        this.offset = offset;
        this.capacity = capacity;
        this.head = source.read(offset, RecordFormat.SLOT_HEAD);
    }

    /** Returns the version that the slot claims to have, 0 if it is empty. */
    long version() {
        return head.limit() < RecordFormat.SLOT_HEAD ? 0 : head.getLong(16);
    }

    /** Returns the record if it is whole; without its payload, which is not looked at, if it has the known version. */
    @Nullable
    StoredSession read(long known) throws IOException {
        if (version() < 1) {
            return null;
        }
        int payloadLength = head.getInt(8);
        int principalLength = head.getInt(12);
        int principalBytes = Math.max(principalLength, 0);
        if (payloadLength < 0
                || principalLength < -1
                || principalLength > StoredSession.MAX_PRINCIPAL_BYTES
                || (long) RecordFormat.SLOT_HEAD + principalBytes + payloadLength > capacity) {
            return null;
        }
        ByteBuffer principal = source.read(offset + RecordFormat.SLOT_HEAD, principalBytes);
        if (principal.limit() < principalBytes
                || head.getInt(RecordFormat.HEAD_CHECKSUM)
                        != RecordFormat.crc(behind(RecordFormat.LENGTHS), principal.duplicate(), keyBytes())) {
            return null;
        }
        Payload payload = version() == known ? Payload.EMPTY : payload(principal, payloadLength);
        if (payload == null) {
            return null;
        }
        try {
            return new StoredSession(
                    key,
                    version(),
                    Instant.ofEpochMilli(head.getLong(24)),
                    Instant.ofEpochMilli(head.getLong(32)),
                    Instant.ofEpochMilli(head.getLong(40)),
                    Duration.ofMillis(head.getLong(48)),
                    principalLength < 0
                            ? null
                            : StandardCharsets.UTF_8.decode(principal).toString(),
                    payload);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private @Nullable Payload payload(ByteBuffer principal, int length) throws IOException {
        ByteBuffer payload = source.read(offset + RecordFormat.SLOT_HEAD + principal.limit(), length);
        if (payload.limit() < length
                || head.getInt(0)
                        != RecordFormat.crc(
                                behind(RecordFormat.HEAD_CHECKSUM),
                                principal.duplicate(),
                                payload.duplicate(),
                                keyBytes())) {
            return null;
        }
        if (payload.hasArray() && payload.arrayOffset() == 0 && length == payload.array().length) {
            return Payload.wrap(payload.array());
        }
        byte[] bytes = new byte[length];
        payload.get(0, bytes);
        return Payload.wrap(bytes);
    }

    private ByteBuffer behind(int start) {
        return head.slice(start, RecordFormat.SLOT_HEAD - start);
    }

    private ByteBuffer keyBytes() {
        return ByteBuffer.wrap(key.toBytes());
    }
}
