package dev.holdfast.session.codec;

import java.io.ObjectInputFilter;
import java.io.ObjectInputFilter.FilterInfo;
import java.io.ObjectInputFilter.Status;

/**
 * How large a serialized value may be.
 *
 * @param depth the most objects around an object
 * @param references the most objects and references to them
 * @param arrayLength the longest array
 * @param bytes the most bytes
 */
record SerialLimits(int depth, int references, int arrayLength, int bytes) {

    /** What a hash table's room may be, for each byte of its entries. */
    private static final int ROOM_PER_BYTE = 8;

    private static final int SMALL_ARRAY = 64;

    /** Returns a filter that ends in {@code !*}: what it does not allow it rejects. */
    ObjectInputFilter filterFor(int size, AllowedClasses allowed) {
        long longest = Math.min(arrayLength, SMALL_ARRAY + (long) ROOM_PER_BYTE * size);
        return info -> {
            if (info.depth() > depth
                    || info.references() > references
                    || info.streamBytes() > bytes
                    || info.arrayLength() > longest) {
                return Status.REJECTED;
            }
            return statusOfClass(info, allowed);
        };
    }

    private static Status statusOfClass(FilterInfo info, AllowedClasses allowed) {
        Class<?> type = info.serialClass();
        if (type == null) {
            return Status.UNDECIDED;
        }
        return allowed.contains(type) ? Status.ALLOWED : Status.REJECTED;
    }
}
