package dev.holdfast.session.memory;

import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.Subscription;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Listeners to keys, which can't break the verb that calls them. */
final class Listeners {

    private static final System.Logger LOG = System.getLogger(MemorySessionStore.class.getName());

    private final Map<Object, Consumer<SessionKey>> listeners = new ConcurrentHashMap<>();

    Subscription add(Consumer<SessionKey> listener) {
        Object registration = new Object();
        listeners.put(registration, listener);
        return () -> listeners.remove(registration);
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
}
