package dev.holdfast.session.file;

import dev.holdfast.session.file.Reading.Snapshot;
import dev.holdfast.session.file.Reading.Unreadable;
import dev.holdfast.session.spi.Payload;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a record's file, version 1. All numbers are big-endian; each checksum is a CRC32C.
 *
 * <pre>
 * offset        size
 *   0             64  header: "HOLDFAST", format version (int), slot capacity (int), key (32), zeros (12), checksum
 *  64             32  touch entry 0: record version (long), lastAccessedAt, expiresAt, sequence (int), checksum
 *  96             32  touch entry 1
 * 128       capacity  slot 0: checksum of all that follows and of the key, payload length (int), principal length
 *                     (int, -1: none), zeros (4), record version (long), createdAt, lastAccessedAt, expiresAt,
 *                     idleTimeout, principal (UTF-8), payload
 * 128 + capacity      slot 1
 * </pre>
 *
 * The header never changes. The newer slot whose checksum is right is the record; an update writes the other one, so a
 * torn write leaves the record as it was. Of the touch entries those count that name the record's version, and of them
 * the one with the higher sequence; again the other one is written. A file may end anywhere behind what was written: what
 * is missing reads as zeros, and zeros are an empty slot or entry.
 */
final class RecordFormat {

    static final int VERSION = 1;
    static final int PREAMBLE = 128;
    static final int TOUCH_ENTRY = 32;

    private static final long MAGIC = 0x484F4C4446415354L;
    private static final int HEADER = 64;
    private static final int SLOT_HEAD = 56;
    private static final int GRAIN = 256;

    private RecordFormat() {}

    /** Reads a part of a file. */
    @FunctionalInterface
    interface Source {
        /** Returns a buffer of its own with at most that many bytes, from 0 to its limit; fewer if the file ends before. */
        ByteBuffer read(long offset, int length) throws IOException;
    }

    static long touchOffset(int entry) {
        return HEADER + (long) entry * TOUCH_ENTRY;
    }

    static long slotOffset(int slot, int capacity) {
        return PREAMBLE + (long) slot * capacity;
    }

    /** Returns how large a slot is made for content of this size: half as much again, so that growing is rare. */
    static int capacityFor(int slotSize) {
        long roomy = slotSize + (long) slotSize / 2;
        return (int) Math.min(Integer.MAX_VALUE, (roomy + GRAIN - 1) / GRAIN * GRAIN);
    }

    /** Returns the content of a slot. */
    static byte[] slot(StoredSession session) {
        byte[] principal =
                session.principal() == null ? null : session.principal().getBytes(StandardCharsets.UTF_8);
        int payload = session.payload().size();
        ByteBuffer out = ByteBuffer.allocate(SLOT_HEAD + (principal == null ? 0 : principal.length) + payload);
        out.position(Integer.BYTES);
        out.putInt(payload).putInt(principal == null ? -1 : principal.length).putInt(0);
        out.putLong(session.version());
        out.putLong(session.createdAt().toEpochMilli());
        out.putLong(session.lastAccessedAt().toEpochMilli());
        out.putLong(session.expiresAt().toEpochMilli());
        out.putLong(session.idleTimeout().toMillis());
        if (principal != null) {
            out.put(principal);
        }
        out.put(session.payload().asByteBuffer());
        CRC32C crc = new CRC32C();
        crc.update(out.array(), Integer.BYTES, out.capacity() - Integer.BYTES);
        crc.update(session.key().toBytes());
        return out.putInt(0, (int) crc.getValue()).array();
    }

    /** Returns a new file: the header, no touches, and the content of slot 0. */
    static byte[] file(SessionKey key, byte[] slot) {
        ByteBuffer out = ByteBuffer.allocate(PREAMBLE + slot.length);
        out.putLong(MAGIC).putInt(VERSION).putInt(capacityFor(slot.length)).put(key.toBytes());
        out.putInt(HEADER - Integer.BYTES, crc(out, 0, HEADER - Integer.BYTES));
        return out.put(PREAMBLE, slot).array();
    }

    static byte[] touch(long version, Instant lastAccessedAt, Instant expiresAt, long sequence) {
        ByteBuffer out = ByteBuffer.allocate(TOUCH_ENTRY);
        out.putLong(version).putLong(lastAccessedAt.toEpochMilli()).putLong(expiresAt.toEpochMilli());
        out.putInt((int) sequence);
        return out.putInt(crc(out, 0, TOUCH_ENTRY - Integer.BYTES)).array();
    }

    /** Returns the record of this key, or what stands there instead. */
    static Reading read(SessionKey key, Source source) throws IOException {
        ByteBuffer preamble = source.read(0, PREAMBLE);
        if (preamble.limit() == 0) {
            return Unreadable.EMPTY;
        }
        if (preamble.limit() < HEADER || preamble.getLong(0) != MAGIC) {
            return Unreadable.DAMAGED;
        }
        if (crc(preamble, 0, HEADER - Integer.BYTES) != preamble.getInt(HEADER - Integer.BYTES)) {
            return preamble.getInt(8) > VERSION ? Unreadable.NEWER_FORMAT : Unreadable.DAMAGED;
        }
        if (preamble.getInt(8) != VERSION) {
            return Unreadable.NEWER_FORMAT;
        }
        int capacity = preamble.getInt(12);
        if (capacity < SLOT_HEAD || !preamble.slice(16, SessionKey.BYTES).equals(ByteBuffer.wrap(key.toBytes()))) {
            return Unreadable.DAMAGED;
        }
        ByteBuffer head0 = source.read(slotOffset(0, capacity), SLOT_HEAD);
        ByteBuffer head1 = source.read(slotOffset(1, capacity), SLOT_HEAD);
        int newer = versionOf(head1) > versionOf(head0) ? 1 : 0;
        StoredSession session = session(key, newer == 1 ? head1 : head0, newer, capacity, source);
        boolean settled = session != null;
        if (session == null) {
            newer = 1 - newer;
            session = session(key, newer == 1 ? head1 : head0, newer, capacity, source);
        }
        return session == null ? Unreadable.DAMAGED : touched(session, newer, capacity, preamble, settled);
    }

    private static long versionOf(ByteBuffer slotHead) {
        return slotHead.limit() < SLOT_HEAD ? 0 : slotHead.getLong(16);
    }

    private static @Nullable StoredSession session(
            SessionKey key, ByteBuffer head, int slot, int capacity, Source source) throws IOException {
        if (versionOf(head) < 1) {
            return null;
        }
        int payloadLength = head.getInt(4);
        int principalLength = head.getInt(8);
        int principalBytes = Math.max(principalLength, 0);
        if (payloadLength < 0
                || principalLength < -1
                || principalLength > StoredSession.MAX_PRINCIPAL_BYTES
                || (long) SLOT_HEAD + principalBytes + payloadLength > capacity) {
            return null;
        }
        long body = slotOffset(slot, capacity) + SLOT_HEAD;
        ByteBuffer principal = source.read(body, principalBytes);
        ByteBuffer payload = source.read(body + principalBytes, payloadLength);
        if (principal.limit() < principalBytes || payload.limit() < payloadLength) {
            return null;
        }
        CRC32C crc = new CRC32C();
        crc.update(head.slice(Integer.BYTES, SLOT_HEAD - Integer.BYTES));
        crc.update(principal.duplicate());
        crc.update(payload.duplicate());
        crc.update(key.toBytes());
        if ((int) crc.getValue() != head.getInt(0)) {
            return null;
        }
        try {
            return new StoredSession(
                    key,
                    head.getLong(16),
                    Instant.ofEpochMilli(head.getLong(24)),
                    Instant.ofEpochMilli(head.getLong(32)),
                    Instant.ofEpochMilli(head.getLong(40)),
                    Duration.ofMillis(head.getLong(48)),
                    principalLength < 0
                            ? null
                            : StandardCharsets.UTF_8.decode(principal).toString(),
                    Payload.wrap(bytes(payload)));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static Snapshot touched(
            StoredSession session, int slot, int capacity, ByteBuffer preamble, boolean settled) {
        int latest = -1;
        int effective = -1;
        long[] sequence = {-1, -1};
        for (int entry = 0; entry < 2; entry++) {
            int at = (int) touchOffset(entry);
            if (preamble.limit() < at + TOUCH_ENTRY) {
                settled &= preamble.limit() <= at;
            } else if (crc(preamble, at, TOUCH_ENTRY - Integer.BYTES) != preamble.getInt(at + 28)) {
                settled &= preamble.slice(at, TOUCH_ENTRY).equals(ByteBuffer.allocate(TOUCH_ENTRY));
            } else {
                sequence[entry] = Integer.toUnsignedLong(preamble.getInt(at + 24));
                latest = latest < 0 || sequence[entry] > sequence[latest] ? entry : latest;
                if (preamble.getLong(at) == session.version()
                        && (effective < 0 || sequence[entry] > sequence[effective])) {
                    effective = entry;
                }
            }
        }
        if (effective >= 0) {
            int at = (int) touchOffset(effective);
            session = session.withAccess(
                    Instant.ofEpochMilli(preamble.getLong(at + 8)), Instant.ofEpochMilli(preamble.getLong(at + 16)));
        }
        int keep = effective >= 0 ? effective : latest;
        return new Snapshot(
                session, slot, capacity, keep == 0 ? 1 : 0, Math.max(sequence[0], sequence[1]) + 1, settled);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        if (buffer.hasArray() && buffer.arrayOffset() == 0 && buffer.limit() == buffer.array().length) {
            return buffer.array();
        }
        byte[] bytes = new byte[buffer.limit()];
        buffer.get(0, bytes);
        return bytes;
    }

    private static int crc(ByteBuffer buffer, int start, int length) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.slice(start, length));
        return (int) crc.getValue();
    }
}
