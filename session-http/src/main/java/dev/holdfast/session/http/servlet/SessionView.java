package dev.holdfast.session.http.servlet;

import dev.holdfast.session.SaveOutcome;
import dev.holdfast.session.Session;
import dev.holdfast.session.SessionId;
import dev.holdfast.session.Sessions;
import dev.holdfast.session.codec.UnencodableValueException;
import dev.holdfast.session.spi.StoredSession;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionBindingListener;
import java.time.Duration;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A session as the Servlet API shows it. */
final class SessionView implements HttpSession {

    private final Session session;
    private final Sessions sessions;
    private final ServletContext context;
    private final SessionListeners listeners;
    private final Owner owner;
    private final Activation activation = new Activation();
    private final Set<String> unbound = ConcurrentHashMap.newKeySet();
    private volatile boolean kept;
    private volatile boolean ending;
    private volatile boolean expired;
    private volatile boolean listening;
    private volatile int never = -1;

    /** The request that a session is seen by. */
    interface Owner {

        /** Runs a change of the session, or refuses it. */
        void changing(Session session, Runnable change);

        /** The session was ended. */
        void ended();

        /** The session was to be ended, and could not be. */
        void notEnded(RuntimeException problem);
    }

    /** No request: whoever changes the session looks after the rest. */
    private static final Owner NO_REQUEST = new Owner() {
        @Override
        public void changing(Session session, Runnable change) {
            change.run();
        }

        @Override
        public void ended() {}

        @Override
        public void notEnded(RuntimeException problem) {}
    };

    SessionView(Session session, Sessions sessions, ServletContext context, SessionListeners listeners, Owner owner) {
        this.session = session;
        this.sessions = sessions;
        this.context = context;
        this.listeners = listeners;
        this.owner = owner;
    }

    Session session() {
        return session;
    }

    boolean hasEnded() {
        return expired || session.isEnded();
    }

    /** Returns whether the application ended it here. */
    boolean isInvalidated() {
        return ending;
    }

    /** Returns whether a value was set here that wants to hear when it is unbound. */
    boolean hasListeningValues() {
        return listening;
    }

    /** Returns the same session for the time after the request. */
    SessionView outsideOfRequest() {
        return new SessionView(session, sessions, context, listeners, NO_REQUEST);
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
        return !session.isEnded() && (session.isStored() || (early && willBeStored()));
    }

    private boolean willBeStored() {
        return kept || !session.isEmpty() || session.principal().isPresent();
    }

    /** Lets the session be stored although it holds nothing. */
    void keep() {
        session.idleTimeout(session.idleTimeout());
        kept = true;
    }

    SaveOutcome save() {
        activation.saving(this);
        return session.save();
    }

    String rotateId() {
        activation.saving(this);
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

    /** Does nothing to a session that has ended: the specification knows no exception here. */
    @Override
    public void setMaxInactiveInterval(int seconds) {
        if (hasEnded()) {
            return;
        }
        owner.changing(session, () -> {
            session.idleTimeout(seconds <= 0 ? StoredSession.NO_IDLE_TIMEOUT : Duration.ofSeconds(seconds));
            kept = true;
            never = Math.min(seconds, 0);
        });
    }

    @Override
    public int getMaxInactiveInterval() {
        Duration idle = session.idleTimeout();
        return idle.equals(StoredSession.NO_IDLE_TIMEOUT)
                ? never
                : (int) Math.max(1, Math.min(idle.toSeconds(), Integer.MAX_VALUE));
    }

    @Override
    public @Nullable Object getAttribute(@Nullable String name) {
        if (name == null || unbound.contains(name)) {
            live();
            return null;
        }
        Object value = live().get(name);
        activation.handingOut(this, name, value);
        return value;
    }

    @Override
    public Enumeration<String> getAttributeNames() {
        return Collections.enumeration(
                live().names().stream().filter(name -> !unbound.contains(name)).toList());
    }

    @Override
    public void setAttribute(@Nullable String name, @Nullable Object value) {
        if (name == null) {
            throw new IllegalArgumentException("an attribute has a name");
        }
        if (value == null) {
            removeAttribute(name);
            return;
        }
        Object old = live().get(name);
        boolean binds = old != value;
        if (binds) {
            listeners.binding(this, name, value);
        }
        try {
            owner.changing(session, () -> put(name, value));
        } catch (RuntimeException e) {
            if (binds) {
                listeners.unbound(this, name, value);
            }
            throw e;
        }
        if (value instanceof HttpSessionBindingListener) {
            listening = true;
        }
        activation.set(name, value);
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
    public void removeAttribute(@Nullable String name) {
        if (name == null) {
            live();
            return;
        }
        Object old = live().get(name);
        owner.changing(session, () -> session.remove(name));
        activation.set(name, null);
        listeners.changed(this, name, old, null);
    }

    /** Whatever a listener throws, the session ends. */
    @Override
    public void invalidate() {
        live();
        if (ending) {
            return;
        }
        try {
            unbindAll();
        } finally {
            end();
        }
    }

    private void end() {
        try {
            session.invalidate();
            owner.ended();
        } catch (RuntimeException e) {
            owner.notEnded(e);
            throw e;
        }
    }

    private void unbindAll() {
        ending = true;
        listeners.destroying(this);
        session.names().forEach(this::unbind);
    }

    /** The values learn of the end while the session still is there; it is deleted as a whole right after. */
    private void unbind(String name) {
        Object value = session.get(name);
        unbound.add(name);
        if (value != null) {
            listeners.changed(this, name, value, null);
        }
    }

    /** Tells that the session has expired, as far as it is known here; nobody can use it any more. */
    void expire() {
        try {
            unbindAll();
        } finally {
            expired = true;
        }
    }

    @Override
    public boolean isNew() {
        return live().isNew();
    }

    /** Returns access from outside the request: it finds the session by the id that this request knows last. */
    @Override
    public Accessor getAccessor() {
        live();
        return use -> {
            try (Session later = sessions.find(session.id().value())
                    .orElseThrow(() -> new IllegalStateException("the session has ended, or has another id"))) {
                SessionView view = new SessionView(later, sessions, context, listeners, NO_REQUEST);
                use.accept(view);
                later.keepId();
                view.save();
            }
        };
    }

    private Session live() {
        if (hasEnded()) {
            throw new IllegalStateException("the session has ended");
        }
        return session;
    }

    /** Never tells the id. */
    @Override
    public String toString() {
        return "HttpSession[" + (hasEnded() ? "ended" : session.isStored() ? "stored" : "new") + "]";
    }
}
