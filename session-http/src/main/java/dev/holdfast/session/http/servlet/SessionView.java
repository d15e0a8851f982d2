package dev.holdfast.session.http.servlet;

import dev.holdfast.session.SaveOutcome;
import dev.holdfast.session.Session;
import dev.holdfast.session.SessionId;
import dev.holdfast.session.Sessions;
import dev.holdfast.session.codec.UnencodableValueException;
import dev.holdfast.session.spi.StoredSession;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpSession;
import java.time.Duration;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A session as the Servlet API shows it. */
final class SessionView implements HttpSession {

    private final Session session;
    private final Sessions sessions;
    private final ServletContext context;
    private final SessionListeners listeners;
    private final ChangeGuard guard;

    /** Runs the changes of a session, or refuses them. */
    interface ChangeGuard {
        void run(Session session, Runnable change);
    }

    SessionView(
            Session session, Sessions sessions, ServletContext context, SessionListeners listeners, ChangeGuard guard) {
        this.session = session;
        this.sessions = sessions;
        this.context = context;
        this.listeners = listeners;
        this.guard = guard;
    }

    Session session() {
        return session;
    }

    boolean hasEnded() {
        return session.isEnded();
    }

    boolean isStored() {
        return session.isStored();
    }

    SessionId sessionId() {
        return session.id();
    }

    boolean isNamed(@Nullable SessionId id) {
        return session.id().equals(id);
    }

    /** Returns whether the client should hold the id, now or ({@code early}) once the session will have been saved. */
    boolean isToBeKept(boolean early) {
        return !session.isEnded() && (session.isStored() || (early && !session.isEmpty()));
    }

    SaveOutcome save() {
        return session.save();
    }

    String rotateId() {
        return session.rotateId().value();
    }

    @Override
    public long getCreationTime() {
        return live().createdAt().toEpochMilli();
    }

    @Override
    public String getId() {
        return session.id().value();
    }

    @Override
    public long getLastAccessedTime() {
        return live().lastAccessedAt().toEpochMilli();
    }

    @Override
    public ServletContext getServletContext() {
        return context;
    }

    @Override
    public void setMaxInactiveInterval(int seconds) {
        guard.run(
                session,
                () -> session.idleTimeout(seconds <= 0 ? StoredSession.NO_IDLE_TIMEOUT : Duration.ofSeconds(seconds)));
    }

    @Override
    public int getMaxInactiveInterval() {
        Duration idle = session.idleTimeout();
        return idle.equals(StoredSession.NO_IDLE_TIMEOUT) ? 0 : (int) Math.min(idle.toSeconds(), Integer.MAX_VALUE);
    }

    @Override
    public @Nullable Object getAttribute(String name) {
        return session.get(name);
    }

    @Override
    public Enumeration<String> getAttributeNames() {
        return Collections.enumeration(session.names());
    }

    @Override
    public void setAttribute(String name, @Nullable Object value) {
        if (value == null) {
            removeAttribute(name);
            return;
        }
        Object old = session.get(name);
        if (old != value) {
            listeners.binding(this, name, value);
        }
        guard.run(session, () -> put(name, value));
        listeners.changed(this, name, old, value);
    }

    private void put(String name, Object value) {
        try {
            session.put(name, value);
        } catch (UnencodableValueException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    @Override
    public void removeAttribute(String name) {
        Object old = session.get(name);
        guard.run(session, () -> session.remove(name));
        listeners.changed(this, name, old, null);
    }

    @Override
    public void invalidate() {
        Set<String> names = live().names();
        listeners.destroying(this);
        names.forEach(this::unbind);
        session.invalidate();
    }

    /** The values learn of the end while the session still is there; it is deleted as a whole right after. */
    private void unbind(String name) {
        Object value = session.get(name);
        if (value != null) {
            session.remove(name);
            listeners.changed(this, name, value, null);
        }
    }

    @Override
    public boolean isNew() {
        return live().isNew();
    }

    /** Returns access from outside the request: it finds the session by the id that it has now. */
    @Override
    public Accessor getAccessor() {
        String id = live().id().value();
        return use -> {
            try (Session later = sessions.find(id)
                    .orElseThrow(() -> new IllegalStateException("the session has ended, or has another id"))) {
                use.accept(new SessionView(later, sessions, context, listeners, (any, change) -> change.run()));
                later.keepId();
                later.save();
            }
        };
    }

    private Session live() {
        if (session.isEnded()) {
            throw new IllegalStateException("the session has ended");
        }
        return session;
    }

    /** Never tells the id. */
    @Override
    public String toString() {
        return "HttpSession[" + (session.isEnded() ? "ended" : session.isStored() ? "stored" : "new") + "]";
    }
}
