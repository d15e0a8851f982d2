package dev.holdfast.session.hazelcast;

import dev.holdfast.session.spi.SessionKey;
import java.lang.ref.SoftReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Values as they were last seen, for members that compare whole values: so an update that follows a load needs no second
 * load. What is here may be stale; then the comparison fails, and the value is read again. One key may push out another,
 * and the collector may take any.
 */
final class Remembered {

    private static final int SLOTS = 1 << 14;

    private final AtomicReferenceArray<SoftReference<Seen>> slots = new AtomicReferenceArray<>(SLOTS);

    private record Seen(SessionKey key, Object value) {}

    private static int slot(SessionKey key) {
        int hash = key.hashCode();
        return (hash ^ hash >>> 16) & SLOTS - 1;
    }

    void put(SessionKey key, Object value) {
        slots.set(slot(key), new SoftReference<>(new Seen(key, value)));
    }

    @Nullable
    Object get(SessionKey key) {
        SoftReference<Seen> reference = slots.get(slot(key));
        Seen seen = reference == null ? null : reference.get();
        return seen != null && seen.key.equals(key) ? seen.value : null;
    }

    void forget(SessionKey key) {
        if (get(key) != null) {
            slots.set(slot(key), null);
        }
    }
}
