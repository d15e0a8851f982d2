package dev.holdfast.session.http.servlet;

import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.util.EventListener;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells the application's listeners, and the values themselves, what happens to a session in this request. */
final class SessionListeners {

    private final List<HttpSessionListener> lifecycle;
    private final List<HttpSessionIdListener> ids;
    private final List<HttpSessionAttributeListener> attributes;

    SessionListeners(List<EventListener> listeners) {
        lifecycle = only(HttpSessionListener.class, listeners);
        ids = only(HttpSessionIdListener.class, listeners);
        attributes = only(HttpSessionAttributeListener.class, listeners);
    }

    private static <T> List<T> only(Class<T> type, List<EventListener> listeners) {
        return listeners.stream().filter(type::isInstance).map(type::cast).toList();
    }

    static boolean isKnown(EventListener listener) {
        return listener instanceof HttpSessionListener
                || listener instanceof HttpSessionIdListener
                || listener instanceof HttpSessionAttributeListener;
    }

    boolean hearEnds() {
        return !lifecycle.isEmpty();
    }

    void created(SessionView session) {
        lifecycle.forEach(listener -> listener.sessionCreated(new HttpSessionEvent(session)));
    }

    /** The last one added is told first, as the servlet specification asks. */
    void destroying(SessionView session) {
        HttpSessionEvent event = new HttpSessionEvent(session);
        for (int i = lifecycle.size() - 1; i >= 0; i--) {
            lifecycle.get(i).sessionDestroyed(event);
        }
    }

    void idChanged(SessionView session, String old) {
        ids.forEach(listener -> listener.sessionIdChanged(new HttpSessionEvent(session), old));
    }

    void binding(SessionView session, String name, Object value) {
        tellValue(session, name, value, HttpSessionBindingListener::valueBound);
    }

    /** A value was bound, and could not be set. */
    void unbound(SessionView session, String name, Object value) {
        tellValue(session, name, value, HttpSessionBindingListener::valueUnbound);
    }

    void changed(SessionView session, String name, @Nullable Object old, @Nullable Object value) {
        if (old != null && old != value) {
            unbound(session, name, old);
        }
        if (old == null && value != null) {
            tellAll(session, name, value, HttpSessionAttributeListener::attributeAdded);
        } else if (old != null && value != null) {
            tellAll(session, name, old, HttpSessionAttributeListener::attributeReplaced);
        } else if (old != null) {
            tellAll(session, name, old, HttpSessionAttributeListener::attributeRemoved);
        }
    }

    private static void tellValue(
            SessionView session,
            String name,
            Object value,
            BiConsumer<HttpSessionBindingListener, HttpSessionBindingEvent> call) {
        if (value instanceof HttpSessionBindingListener listener) {
            call.accept(listener, new HttpSessionBindingEvent(session, name, value));
        }
    }

    private void tellAll(
            SessionView session,
            String name,
            Object value,
            BiConsumer<HttpSessionAttributeListener, HttpSessionBindingEvent> call) {
        HttpSessionBindingEvent event = new HttpSessionBindingEvent(session, name, value);
        Consumer<HttpSessionAttributeListener> tell = listener -> call.accept(listener, event);
        attributes.forEach(tell);
    }
}
