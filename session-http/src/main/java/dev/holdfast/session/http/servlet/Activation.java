package dev.holdfast.session.http.servlet;

import jakarta.servlet.http.HttpSessionActivationListener;
import jakarta.servlet.http.HttpSessionEvent;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Tells the values that listen when they have come from the store, which is when the application first gets them, and
 * before they are compared with what is stored there. Thread-safe.
 */
final class Activation {

    private final Map<String, HttpSessionActivationListener> active = new ConcurrentHashMap<>();

    /** The application gets a value; one that it has set itself, or got already, is not told. */
    void handingOut(SessionView session, String name, @Nullable Object value) {
        if (value instanceof HttpSessionActivationListener listener && active.put(name, listener) != listener) {
            listener.sessionDidActivate(new HttpSessionEvent(session));
        }
    }

    void set(String name, @Nullable Object value) {
        if (value instanceof HttpSessionActivationListener listener) {
            active.put(name, listener);
        } else {
            active.remove(name);
        }
    }

    void saving(SessionView session) {
        if (!active.isEmpty()) {
            HttpSessionEvent event = new HttpSessionEvent(session);
            active.values().forEach(listener -> listener.sessionWillPassivate(event));
            active.clear();
        }
    }
}
