package dev.holdfast.session.hazelcast;

import dev.holdfast.session.spi.SessionKey;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Tells of each record that can't be read once, until it is replaced. */
final class UnreadableRecords extends Listeners {

    private static final int MOST_REMEMBERED = 10_000;

    private final Set<SessionKey> told = ConcurrentHashMap.newKeySet();

    @Override
    void tell(SessionKey key) {
        if (told.size() >= MOST_REMEMBERED) {
            told.clear();
        }
        if (told.add(key)) {
            if (isEmpty()) {
                LOG.log(System.Logger.Level.WARNING, "a session counts as absent, its record can''t be read: {0}", key);
            }
            super.tell(key);
        }
    }

    /** Forgets a record that was replaced or removed. */
    void forget(SessionKey key) {
        if (!told.isEmpty()) {
            told.remove(key);
        }
    }

    @Override
    void close() {
        super.close();
        told.clear();
    }
}
