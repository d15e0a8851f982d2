package dev.holdfast.session.hazelcast;

import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.Subscription;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Listeners to keys, which can't break the thread that calls them. */
class Listeners {

    static final System.Logger LOG = System.getLogger(HazelcastSessionStore.class.getName());

    private final Map<Object, Consumer<SessionKey>> listeners = new ConcurrentHashMap<>();

    Subscription add(Consumer<SessionKey> listener) {
        Object registration = new Object();
        listeners.put(registration, listener);
        return () -> listeners.remove(registration);
    }

    boolean isEmpty() {
        return listeners.isEmpty();
    }

    void tell(SessionKey key) {
        for (Consumer<SessionKey> listener : listeners.values()) {
            try {
                listener.accept(key);
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "a session listener failed", e);
            }
        }
    }

    void close() {
        listeners.clear();
    }
}
