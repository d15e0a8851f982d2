package dev.holdfast.session.file;

import dev.holdfast.session.file.Shards.Location;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.Subscription;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Tells of each record that can't be read once, until it is replaced. */
final class UnreadableRecords {

    private static final System.Logger LOG = System.getLogger(FileSessionStore.class.getName());
    private static final int MOST_REMEMBERED = 10_000;

    private final Map<Object, Consumer<SessionKey>> listeners = new ConcurrentHashMap<>();
    private final Set<SessionKey> told = ConcurrentHashMap.newKeySet();

    Subscription add(Consumer<SessionKey> listener) {
        Object registration = new Object();
        listeners.put(registration, listener);
        return () -> listeners.remove(registration);
    }

    void tell(Location at) {
        if (told.size() >= MOST_REMEMBERED) {
            told.clear();
        }
        if (!told.add(at.key())) {
            return;
        }
        if (listeners.isEmpty()) {
            LOG.log(System.Logger.Level.WARNING, "a session counts as absent, its file can''t be read: {0}", at.name());
        }
        for (Consumer<SessionKey> listener : listeners.values()) {
            try {
                listener.accept(at.key());
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "a listener to unreadable sessions failed", e);
            }
        }
    }

    /** Forgets a record that was replaced or removed. */
    void forget(SessionKey key) {
        if (!told.isEmpty()) {
            told.remove(key);
        }
    }

    void close() {
        listeners.clear();
        told.clear();
    }
}
