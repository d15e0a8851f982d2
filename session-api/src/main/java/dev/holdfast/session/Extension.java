package dev.holdfast.session;

import java.nio.ByteBuffer;

/**
 * What a session keeps about itself in its envelope, beside its attributes. The tags are part of the stored form: none is
 * ever used for something else. Numbers and times are 8 bytes, big-endian, times in epoch milliseconds.
 */
enum Extension {
    /** When the session got its present id. */
    ISSUED_AT(1),
    /** The session's own absolute timeout in milliseconds; the largest number is no limit. */
    ABSOLUTE_TIMEOUT(2),
    /** The session's own touch interval in milliseconds. */
    TOUCH_INTERVAL(3),
    /** When the user last proved who they are. */
    AUTHENTICATED_AT(4),
    /** Of a tombstone: the id that the session has now, sealed. */
    SUCCESSOR(5),
    /** The log-in that made the session its principal's: see {@link Login}. Of a note: the one that was spared. */
    LOGIN(6),
    /** Of a note: until when what had begun is over, as epoch seconds and 4 bytes of nanoseconds. */
    REVOKED_AT(7),
    /** Of a note: the log-ins of a principal that hold a place, one after the other. */
    ADMITTED(8),
    /** Which client the session belongs to: the first 16 bytes of a hash. */
    CLIENT(9);

    private final int tag;

    Extension(int tag) {
        this.tag = tag;
    }

    int tag() {
        return tag;
    }

    static byte[] number(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }
}
