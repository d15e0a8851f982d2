package dev.holdfast.session.file;

import dev.holdfast.session.spi.StoredSession;

/** What was found under a key. */
sealed interface Reading {

    /** There is no file. */
    enum Absent implements Reading {
        ABSENT
    }

    /** There is something, but not a whole record of this key. */
    enum Unreadable implements Reading {
        /** Torn, truncated, damaged, of another key, or no file at all. */
        DAMAGED,
        /** Written by a later version of this store, which may still want it. */
        NEWER_FORMAT,
        /** Nothing but the name: its creator died before it wrote a byte. */
        EMPTY
    }

    /**
     * A whole record.
     *
     * @param session with the latest touch applied
     * @param slot where it stands, 0 or 1
     * @param capacity the size of each slot
     * @param nextTouch the entry that the next touch goes to, 0 or 1
     * @param nextSequence the number of the next touch
     * @param settled false if the newer slot or a touch entry made no sense: then somebody is writing it, or a crash left
     *     it so; without the lock the record may be one that two updates have overtaken
     */
    record Snapshot(StoredSession session, int slot, int capacity, int nextTouch, long nextSequence, boolean settled)
            implements Reading {}
}
