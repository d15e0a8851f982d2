package dev.holdfast.session.spi;

import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The records that a store has met and can't read, for {@link UnreadableEvents}: each is told once, to the listeners or, if
 * there are none, to the log, until it is replaced or removed. It remembers 10,000 of them. Thread-safe.
 */
public final class UnreadableRecords {

    private static final int MOST_REMEMBERED = 10_000;

    private final System.Logger log;
    private final KeyListeners listeners;
    private final Set<SessionKey> told = ConcurrentHashMap.newKeySet();

    /** Logs as the store itself, at {@link Level#WARNING}. */
    public UnreadableRecords(Class<? extends SessionStore> store) {
        log = System.getLogger(store.getName());
        listeners = new KeyListeners(store);
    }

    /** Returns the registration of a listener. */
    public Subscription add(Consumer<SessionKey> listener) {
        return listeners.add(listener);
    }

    /** Tells of a record that was just met, unless that was done before. */
    public void tell(SessionKey key) {
        if (told.size() >= MOST_REMEMBERED) {
            told.clear();
        }
        if (told.add(key)) {
            if (listeners.isEmpty()) {
                log.log(Level.WARNING, "a session counts as absent, its record can''t be read: {0}", key);
            }
            listeners.tell(key);
        }
    }

    /** Forgets a record that was replaced or removed: another one of this key would be told again. */
    public void forget(SessionKey key) {
        if (!told.isEmpty()) {
            told.remove(key);
        }
    }

    /** Ends all registrations. */
    public void clear() {
        listeners.clear();
        told.clear();
    }
}
