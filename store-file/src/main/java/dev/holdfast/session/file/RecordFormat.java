package dev.holdfast.session.file;

import dev.holdfast.session.file.Reading.Snapshot;
import dev.holdfast.session.file.Reading.Unreadable;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.zip.CRC32C;

/**
 * The bytes of a record's file, version 1. All numbers are big-endian; each checksum is a CRC32C.
 *
 * <pre>
 * offset        size
 *   0             64  header: "HOLDFAST", format version (int), slot capacity (int), key (32), zeros (12), checksum
 *  64             32  touch entry 0: record version (long), lastAccessedAt, expiresAt, sequence (int), checksum
 *  96             32  touch entry 1
 * 128       capacity  slot 0: checksum of all that follows and of the key, checksum of what follows but the payload and of
 *                     the key, payload length (int), principal length (int, -1: none), record version (long),
 *                     createdAt, lastAccessedAt, expiresAt, idleTimeout, principal (UTF-8), payload
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
    static final int SLOT_HEAD = 56;

    /** Where in a slot its second checksum stands, and what that one covers begins. */
    static final int HEAD_CHECKSUM = Integer.BYTES;

    static final int LENGTHS = 2 * Integer.BYTES;

    private static final long MAGIC = 0x484F4C4446415354L;
    private static final int HEADER = 64;
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

    /**
     * The content of a slot.
     *
     * @param key of whose record
     * @param head all but the payload
     */
    record Slot(SessionKey key, ByteBuffer head, ByteBuffer payload) {
        int size() {
            return head.capacity() + payload.capacity();
        }
    }

    static Slot slot(StoredSession session) {
        byte[] principal =
                session.principal() == null ? null : session.principal().getBytes(StandardCharsets.UTF_8);
        ByteBuffer payload = session.payload().asByteBuffer();
        ByteBuffer head = ByteBuffer.allocate(SLOT_HEAD + (principal == null ? 0 : principal.length));
        head.putLong(0).putInt(payload.capacity()).putInt(principal == null ? -1 : principal.length);
        head.putLong(session.version());
        head.putLong(session.createdAt().toEpochMilli());
        head.putLong(session.lastAccessedAt().toEpochMilli());
        head.putLong(session.expiresAt().toEpochMilli());
        head.putLong(session.idleTimeout().toMillis());
        if (principal != null) {
            head.put(principal);
        }
        byte[] key = session.key().toBytes();
        head.putInt(HEAD_CHECKSUM, crc(head.slice(LENGTHS, head.capacity() - LENGTHS), ByteBuffer.wrap(key)));
        head.putInt(
                0,
                crc(
                        head.slice(HEAD_CHECKSUM, head.capacity() - HEAD_CHECKSUM),
                        payload.duplicate(),
                        ByteBuffer.wrap(key)));
        return new Slot(session.key(), head.clear(), payload);
    }

    /** Returns the parts of a new file: the header, no touches, and the content of slot 0. */
    static ByteBuffer[] file(Slot slot) {
        ByteBuffer start = ByteBuffer.allocate(PREAMBLE + slot.head().capacity());
        start.putLong(MAGIC)
                .putInt(VERSION)
                .putInt(capacityFor(slot.size()))
                .put(slot.key().toBytes());
        start.putInt(HEADER - Integer.BYTES, crc(start.slice(0, HEADER - Integer.BYTES)));
        start.position(PREAMBLE).put(slot.head().duplicate());
        return new ByteBuffer[] {start.clear(), slot.payload()};
    }

    static ByteBuffer touch(long version, Instant lastAccessedAt, Instant expiresAt, long sequence) {
        ByteBuffer out = ByteBuffer.allocate(TOUCH_ENTRY);
        out.putLong(version).putLong(lastAccessedAt.toEpochMilli()).putLong(expiresAt.toEpochMilli());
        out.putInt((int) sequence);
        return out.putInt(crc(out.slice(0, TOUCH_ENTRY - Integer.BYTES))).flip();
    }

    /** Returns the record of this key, or what stands there instead. */
    static Reading read(SessionKey key, Source source) throws IOException {
        return readFor(0, key, source);
    }

    /**
     * Returns the record of this key, without its payload if it has this version, or what stands there instead. Whoever knows
     * the version has seen the whole of it, so that it need not be looked for in the other slot.
     */
    static Reading readFor(long version, SessionKey key, Source source) throws IOException {
        ByteBuffer preamble = source.read(0, PREAMBLE);
        if (preamble.limit() == 0) {
            return Unreadable.EMPTY;
        }
        if (preamble.limit() < HEADER || preamble.getLong(0) != MAGIC) {
            return Unreadable.DAMAGED;
        }
        if (crc(preamble.slice(0, HEADER - Integer.BYTES)) != preamble.getInt(HEADER - Integer.BYTES)) {
            return preamble.getInt(8) > VERSION ? Unreadable.NEWER_FORMAT : Unreadable.DAMAGED;
        }
        if (preamble.getInt(8) != VERSION) {
            return Unreadable.NEWER_FORMAT;
        }
        int capacity = preamble.getInt(12);
        if (capacity < SLOT_HEAD || !preamble.slice(16, SessionKey.BYTES).equals(ByteBuffer.wrap(key.toBytes()))) {
            return Unreadable.DAMAGED;
        }
        SlotReader slot0 = new SlotReader(key, source, slotOffset(0, capacity), capacity);
        SlotReader slot1 = new SlotReader(key, source, slotOffset(1, capacity), capacity);
        int newer = slot1.version() > slot0.version() ? 1 : 0;
        StoredSession session = (newer == 1 ? slot1 : slot0).read(version);
        boolean settled = session != null;
        if (session == null) {
            newer = 1 - newer;
            session = (newer == 1 ? slot1 : slot0).read(0);
        }
        return session == null ? Unreadable.DAMAGED : touched(session, newer, capacity, preamble, settled);
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
            } else if (crc(preamble.slice(at, TOUCH_ENTRY - Integer.BYTES)) != preamble.getInt(at + 28)) {
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

    static int crc(ByteBuffer... parts) {
        CRC32C crc = new CRC32C();
        for (ByteBuffer part : parts) {
            crc.update(part);
        }
        return (int) crc.getValue();
    }
}
