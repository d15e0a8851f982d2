package dev.holdfast.session;

import dev.holdfast.session.codec.UndecodableValueException;
import dev.holdfast.session.spi.Payload;
import dev.holdfast.session.spi.SessionLocking;
import dev.holdfast.session.spi.SessionStoreException;
import dev.holdfast.session.spi.StoreUnavailableException;
import dev.holdfast.session.spi.StoredSession;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one request has of a session: what it loaded, and what it wants stored. Everything that changes is guarded by one
 * lock, which {@link #locked}, {@link #live} and {@link #changing} hold while they run an action.
 */
final class SessionState {

    private final Sessions sessions;
    private final Concurrency concurrency;
    private final Instant accessedAt;
    private final Instant previousAccess;
    private final boolean isNew;
    private final boolean isPredecessor;
    private final SessionLocking.@Nullable Lock exclusive;
    private final @Nullable SessionStoreException storeDown;
    private final Attributes attributes;
    private final Pending pending = new Pending();
    private final ReentrantLock lock = new ReentrantLock();

    private final @Nullable SessionId unknown;
    private @Nullable SessionId id;
    private @Nullable LoadedSession loaded;
    private boolean ended;
    private boolean keepsId;

    /**
     * A session of which nothing is stored yet.
     *
     * @param unknown the id that the client presented and that led to no session, or {@code null}
     * @param storeDown why the one that it stands for could not be loaded, or {@code null}
     */
    SessionState(
            Sessions sessions,
            Concurrency concurrency,
            Instant now,
            @Nullable SessionId unknown,
            @Nullable SessionStoreException storeDown) {
        this.sessions = sessions;
        this.concurrency = concurrency;
        this.accessedAt = now;
        this.previousAccess = now;
        this.attributes = sessions.attributes(Envelope.EMPTY, this::unreadable);
        this.isNew = true;
        this.isPredecessor = false;
        this.exclusive = null;
        this.unknown = unknown;
        this.storeDown = storeDown;
    }

    /**
     * A session that was loaded.
     *
     * @param presented the id that led to it; if it is not the session's own, it was renewed, and only reads
     * @param exclusive what keeps other requests out, or {@code null}
     */
    SessionState(
            Sessions sessions,
            Concurrency concurrency,
            Instant now,
            SessionId presented,
            NamedSession found,
            SessionLocking.@Nullable Lock exclusive) {
        this.sessions = sessions;
        this.isPredecessor = !presented.equals(found.id());
        this.concurrency = isPredecessor ? Concurrency.READ_ONLY : concurrency;
        this.accessedAt = now;
        this.id = found.id();
        this.loaded = found.session();
        this.previousAccess = found.session().session().lastAccessedAt();
        this.attributes = sessions.attributes(found.session().envelope(), this::unreadable);
        this.isNew = false;
        this.exclusive = exclusive;
        this.unknown = null;
        this.storeDown = null;
    }

    private void unreadable(String name, UndecodableValueException problem) {
        sessions.undecodable()
                .found(loaded == null ? id().key() : loaded.session().key(), name, problem);
    }

    Sessions sessions() {
        return sessions;
    }

    Concurrency concurrency() {
        return concurrency;
    }

    /** Returns when this request began. */
    Instant accessedAt() {
        return accessedAt;
    }

    Instant previousAccess() {
        return previousAccess;
    }

    boolean isNew() {
        return isNew && storeDown == null;
    }

    boolean isDetached() {
        return storeDown != null;
    }

    /** Returns whether it was found by an id that had been renewed. */
    boolean isPredecessor() {
        return isPredecessor;
    }

    boolean isEnded() {
        return ended;
    }

    boolean keepsId() {
        return keepsId;
    }

    void keepId() {
        keepsId = true;
    }

    Attributes attributes() {
        return attributes;
    }

    Pending pending() {
        return pending;
    }

    SessionId id() {
        SessionId current = id;
        if (current == null) {
            current = sessions.newId();
            id = current;
        }
        return current;
    }

    /** Returns the id that the client presented, if no session was found by it. */
    @Nullable
    SessionId unknown() {
        return unknown;
    }

    /** Has a session of which nothing is stored take another id. */
    void forgetId() {
        id = null;
    }

    @Nullable
    LoadedSession loaded() {
        return loaded;
    }

    /** Returns what is stored and under which id, as far as this request knows, or {@code null} if nothing is. */
    @Nullable
    NamedSession held() {
        LoadedSession current = loaded;
        SessionId name = id;
        return current == null || name == null ? null : new NamedSession(name, current);
    }

    Instant createdAt() {
        return loaded == null ? accessedAt : loaded.session().createdAt();
    }

    Duration idleTimeout() {
        return pending.idleTimeoutOver(
                loaded == null ? sessions.timeouts().idle() : loaded.session().idleTimeout());
    }

    /** Returns the rules of time, with what this session has set or will set for itself. */
    Timeouts timeouts() {
        return sessions.timeouts().of(extensions());
    }

    Envelope stored() {
        return loaded == null ? Envelope.EMPTY : loaded.envelope();
    }

    /** Returns what the session keeps about itself, with what it will keep from the next save on. */
    Extensions extensions() {
        return pending.extensionsOver(stored().extensions());
    }

    /** Sets what {@link #extensions} holds of one, from the next save on; {@code null} removes it. */
    void extension(Extension extension, byte @Nullable [] bytes) {
        pending.extension(extension, bytes, stored().extensions());
    }

    /** Sets an extension to a number, or a time in epoch milliseconds. */
    void extension(Extension extension, long number) {
        extension(extension, Extension.number(number));
    }

    /** Returns all that this request wants stored. */
    Change change() {
        return pending.change(attributes.delta(), accessedAt, sessions.timeouts(), sessions.maxAttributes());
    }

    /** Returns the record of a session that is new, still empty. */
    LoadedSession unsaved() {
        Duration idle = sessions.timeouts().idle();
        Instant expiry = sessions.timeouts().expiry(accessedAt, accessedAt, idle);
        return new LoadedSession(
                new StoredSession(id().key(), 1, accessedAt, accessedAt, expiry, idle, null, Payload.EMPTY),
                sessions.renewal().stamp(Envelope.EMPTY, accessedAt));
    }

    /** Goes on from what is stored now. */
    void settle(NamedSession now, boolean merged) {
        id = now.id();
        loaded = now.session();
        attributes.rebase(now.session().envelope(), merged);
        pending.forget();
    }

    /** Goes on with a later access; what is to be saved stays. */
    void touched(LoadedSession now) {
        loaded = now;
    }

    void discard() {
        attributes.reset(stored());
        pending.forget();
    }

    void end() {
        ended = true;
        attributes.reset(Envelope.EMPTY);
    }

    void release() {
        if (exclusive != null) {
            exclusive.close();
        }
    }

    <T extends @Nullable Object> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #locked}, of a session that has not ended. */
    <T extends @Nullable Object> T live(Supplier<T> action) {
        return locked(() -> {
            if (ended) {
                throw new IllegalStateException("the session has ended");
            }
            return action.get();
        });
    }

    /** As {@link #live}, of a session that this request may change. */
    void changing(Runnable action) {
        live(() -> {
            requireAttached();
            if (concurrency == Concurrency.READ_ONLY) {
                throw new IllegalStateException(
                        isPredecessor
                                ? "the session's id was renewed by another request: by the old one it only reads"
                                : "the session was opened read-only");
            }
            action.run();
            return true;
        });
    }

    void requireAttached() {
        if (storeDown != null) {
            throw new StoreUnavailableException("loading the session that this request would change", storeDown);
        }
    }
}
