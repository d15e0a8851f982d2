package dev.holdfast.session.spi;

import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The listeners that a store tells of keys, for {@link ExpiryEvents} and {@link ChangeFeed}. A listener that throws is
 * logged, and breaks neither the thread that tells nor the other listeners. Thread-safe.
 */
public final class KeyListeners {

    private final System.Logger log;
    private final Map<Object, Consumer<SessionKey>> listeners = new ConcurrentHashMap<>();

    /** Logs a listener's failure as the store's own, at {@link Level#WARNING}. */
    public KeyListeners(Class<? extends SessionStore> store) {
        log = System.getLogger(store.getName());
    }

    /** Returns the registration of a listener, which may be registered more than once; closing it twice is harmless. */
    public Subscription add(Consumer<SessionKey> listener) {
        Object registration = new Object();
        listeners.put(registration, listener);
        return () -> listeners.remove(registration);
    }

    /** Returns whether nobody listens, so that a store can spare what it would tell. */
    public boolean isEmpty() {
        return listeners.isEmpty();
    }

    /** Calls each listener in this thread. */
    public void tell(SessionKey key) {
        for (Consumer<SessionKey> listener : listeners.values()) {
            try {
                listener.accept(key);
            } catch (RuntimeException e) {
                log.log(Level.WARNING, "a session listener failed", e);
            }
        }
    }

    /** Ends all registrations. */
    public void clear() {
        listeners.clear();
    }
}
