package dev.holdfast.session;

import dev.holdfast.session.codec.UndecodableValueException;
import dev.holdfast.session.spi.Payload;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionLocking;
import dev.holdfast.session.spi.SessionStoreException;
import dev.holdfast.session.spi.StoreUnavailableException;
import dev.holdfast.session.spi.StoredSession;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One client's session, as one request sees it: attributes by name, which {@link #save} stores.
 *
 * <p>Nothing is stored before {@link #save}, {@link #rotateId} or {@link #invalidate}, which make the store calls their
 * comments name and throw its {@link dev.holdfast.session.spi.SessionStoreException}s. A session that holds nothing is
 * never stored. Values are the application's objects: one that was changed in place is saved without another
 * {@link #put}, and one that was only read costs nothing.
 *
 * <p>Safe for use by several threads of one request; parallel requests open one object each. After the session has
 * ended ({@link #isEnded}) its attributes are gone, and their methods throw {@link IllegalStateException}.
 */
public final class Session implements AutoCloseable {

    private static final int CLIENT_BYTES = 16;

    private final Sessions sessions;
    private final Concurrency concurrency;
    private final Instant accessedAt;
    private final Attributes attributes;
    private final ReentrantLock lock = new ReentrantLock();

    private @Nullable SessionId id;
    private @Nullable LoadedSession loaded;
    private final boolean isNew;
    private final Instant previousAccess;
    private boolean ended;
    private boolean keepsId;
    private final boolean isPredecessor;
    private final SessionLocking.@Nullable Lock exclusive;
    private @Nullable SessionStoreException storeDown;
    private final Pending pending = new Pending();

    /** A session of which nothing is stored yet. */
    Session(Sessions sessions, Concurrency concurrency, Instant now) {
        this.sessions = sessions;
        this.concurrency = concurrency;
        this.accessedAt = now;
        this.previousAccess = now;
        this.attributes = sessions.attributes(Envelope.EMPTY, this::unreadable);
        this.isNew = true;
        this.isPredecessor = false;
        this.exclusive = null;
    }

    /**
     * A session that was loaded.
     *
     * @param presented the id that led to it; if it is not the session's own, it was renewed, and only reads
     * @param exclusive what keeps other requests out, or {@code null}
     */
    Session(
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
    }

    /** A session that stands for one that could not be loaded. */
    static Session detached(Sessions sessions, Instant now, SessionStoreException cause) {
        Session session = new Session(sessions, Concurrency.READ_ONLY, now);
        session.storeDown = cause;
        return session;
    }

    /**
     * Returns whether the store could not be asked, and {@link StoreDownPolicy#readOnlyWithoutSession} lets the request
     * go on without a session: this one is empty and never stored, its id leads nowhere, and changing or ending it throws
     * a {@link StoreUnavailableException}. The client keeps what it has.
     */
    public boolean isDetached() {
        return storeDown != null;
    }

    private void requireAttached() {
        if (storeDown != null) {
            throw new StoreUnavailableException("loading the session that this request would change", storeDown);
        }
    }

    /**
     * Returns the id that the client presents to find this session again: another one after {@link #rotateId} and
     * {@link #renewId}, after a {@link #save} that {@linkplain SaveOutcome#RENEWED renewed} it, and if the client presented
     * one that another request has renewed.
     */
    public SessionId id() {
        return locked(() -> {
            SessionId current = id;
            if (current == null) {
                current = sessions.newId();
                id = current;
            }
            return current;
        });
    }

    /** Returns whether this request began the session; {@code true} until its end. */
    public boolean isNew() {
        return isNew && !isDetached();
    }

    /** Returns whether the session is in the store, so that the client should hold its id. */
    public boolean isStored() {
        return locked(() -> loaded != null && !ended);
    }

    /** Returns whether the session was {@linkplain #invalidate invalidated}, or found gone when saving. */
    public boolean isEnded() {
        return locked(() -> ended);
    }

    /** Returns when the session began; rotating its id does not change that. */
    public Instant createdAt() {
        return locked(() -> loaded == null ? accessedAt : loaded.session().createdAt());
    }

    /** Returns when the session was last used before this request, at most the touch interval too early. */
    public Instant lastAccessedAt() {
        return previousAccess;
    }

    /** Returns when the session ends if it is not used after this request, or {@link StoredSession#NEVER}. */
    public Instant expiresAt() {
        return locked(() -> timeouts().expiry(createdAt(), accessedAt, idleTimeout()));
    }

    /** Returns how long the session may lie unused. */
    public Duration idleTimeout() {
        return locked(() -> pending.idleTimeoutOver(
                loaded == null ? sessions.timeouts().idle() : loaded.session().idleTimeout()));
    }

    /**
     * Sets how long this session may lie unused, from the next save on. A longer one than other sessions have remembers
     * the user.
     *
     * @param idleTimeout at least 1 ms, or {@link StoredSession#NO_IDLE_TIMEOUT}
     */
    public void idleTimeout(Duration idleTimeout) {
        Timeouts.requireAtLeastOneMillisecond("idleTimeout", idleTimeout);
        changing(() -> pending.idleTimeout(idleTimeout));
    }

    /** Returns how long the session may live however much it is used, or empty if there is no limit. */
    public Optional<Duration> absoluteTimeout() {
        return locked(() -> Optional.ofNullable(timeouts().absolute()));
    }

    /**
     * Sets how long this session may live however much it is used, counted from its beginning, from the next save on.
     *
     * @param absoluteTimeout at least 1 ms, or {@link StoredSession#NO_IDLE_TIMEOUT} for no limit
     */
    public void absoluteTimeout(Duration absoluteTimeout) {
        Timeouts.requireAtLeastOneMillisecond("absoluteTimeout", absoluteTimeout);
        changing(() -> extension(Extension.ABSOLUTE_TIMEOUT, Timeouts.millis(absoluteTimeout)));
    }

    /** Returns how old the stored last access of this session may grow; see {@link SessionsBuilder#touchInterval}. */
    public Duration touchInterval() {
        return locked(() -> timeouts().touchInterval());
    }

    /** Sets {@link #touchInterval()}, from the next save on; zero stores each access. */
    public void touchInterval(Duration touchInterval) {
        Timeouts.requireNotNegative("touchInterval", touchInterval);
        changing(() -> extension(Extension.TOUCH_INTERVAL, Timeouts.millis(touchInterval)));
    }

    /** Lets this session live until it is invalidated, from the next save on. */
    public void neverExpire() {
        changing(() -> {
            idleTimeout(StoredSession.NO_IDLE_TIMEOUT);
            absoluteTimeout(StoredSession.NO_IDLE_TIMEOUT);
        });
    }

    private Timeouts timeouts() {
        Timeouts defaults = sessions.timeouts();
        return defaults.of(pending.extensionsOver(stored().extensions()));
    }

    private void unreadable(String name, UndecodableValueException problem) {
        sessions.undecodable()
                .found(loaded == null ? id().key() : loaded.session().key(), name, problem);
    }

    private Envelope stored() {
        return loaded == null ? Envelope.EMPTY : loaded.envelope();
    }

    /** Returns a number or, in epoch milliseconds, a time that the session keeps about itself. */
    @Nullable
    Long extension(Extension extension) {
        return locked(() -> pending.extensionsOver(stored().extensions()).number(extension));
    }

    /** Sets what {@link #extension(Extension)} returns, from the next save on; {@code null} removes it. */
    void extension(Extension extension, @Nullable Long value) {
        changing(() ->
                pending.extension(extension, value == null ? null : Extension.number(value), stored().extensions()));
    }

    /** Returns whose session it is. */
    public Optional<String> principal() {
        return locked(() -> Optional.ofNullable(
                pending.principalOver(loaded == null ? null : loaded.session().principal())));
    }

    /**
     * Says who has logged in, or with {@code null} that the session is nobody's, from the next save on. Call
     * {@link #rotateId} with it: an id from before the log-in may be known to others.
     *
     * <p>If the store finds sessions by principal, that save or new id costs one load more: a principal whose sessions
     * were ended since this request began is not logged in, see {@link Sessions#endAll}. A
     * {@linkplain SessionsBuilder#maxSessionsPerPrincipal limit} is looked after then too.
     */
    public void principal(@Nullable String principal) {
        changing(() -> {
            boolean isAnother = login() == null || !principal().equals(Optional.ofNullable(principal));
            pending.principal(principal);
            if (principal == null) {
                pending.extension(Extension.LOGIN, null, stored().extensions());
                extension(Extension.AUTHENTICATED_AT, null);
            } else {
                if (isAnother) {
                    byte[] login = Login.begin(accessedAt).toBytes();
                    pending.extension(Extension.LOGIN, login, stored().extensions());
                }
                authenticated();
            }
        });
    }

    @Nullable
    Login login() {
        return locked(
                () -> Login.read(pending.extensionsOver(stored().extensions()).find(Extension.LOGIN)));
    }

    /**
     * Returns when the user last proved who they are: the beginning of the request that called
     * {@link #principal(String)} or {@link #reauthenticated}; empty if the session is nobody's.
     */
    public Optional<Instant> authenticatedAt() {
        Long millis = extension(Extension.AUTHENTICATED_AT);
        return Optional.ofNullable(millis).map(Instant::ofEpochMilli);
    }

    /**
     * Returns whether the user proved who they are that recently: before something dear, ask for the password again
     * unless this is so.
     */
    public boolean authenticatedWithin(Duration duration) {
        Instant oldest = sessions.clock().instant().minus(duration);
        return authenticatedAt().filter(at -> !at.isBefore(oldest)).isPresent();
    }

    /**
     * Says that the session's user has proved once more who they are, from the next save on. Whoever may see or change
     * more from now on should have a new id too: {@link #rotateId}.
     *
     * @throws IllegalStateException if the session is nobody's
     */
    public void reauthenticated() {
        changing(() -> {
            if (principal().isEmpty()) {
                throw new IllegalStateException("nobody is logged in: call principal(name) instead");
            }
            authenticated();
        });
    }

    private void authenticated() {
        extension(Extension.AUTHENTICATED_AT, accessedAt.toEpochMilli());
    }

    /**
     * Compares the client that sends this request with the one that the session belongs to: the one of the first save,
     * kept as a hash. A session that belongs to none yet takes this one with the next save that stores something else.
     *
     * @param client describes what must stay the same
     * @return {@code false} if it is another client, which the listeners hear; what follows is the caller's choice
     */
    public boolean bindClient(String client) {
        byte[] hash = Arrays.copyOf(SessionKey.of("client:" + client).toBytes(), CLIENT_BYTES);
        return live(() -> {
            ByteBuffer known = stored().extensions().find(Extension.CLIENT);
            if (known == null) {
                pending.client(hash);
                return true;
            }
            boolean same = known.equals(ByteBuffer.wrap(hash));
            if (!same && loaded != null) {
                sessions.events().clientChanged(loaded.session());
            }
            return same;
        });
    }

    /**
     * Returns an attribute's value, or {@code null} if there is none or it can't be decoded any more.
     *
     * @throws UndecodableValueException if it can't be decoded and the policy is {@link Undecodable#THROW}
     */
    public @Nullable Object get(String name) {
        Objects.requireNonNull(name);
        return live(() -> attributes.get(name));
    }

    /**
     * Returns an attribute's value, or {@code null} if there is none or it can't be decoded any more.
     *
     * @throws UndecodableValueException if it can't be decoded and the policy is {@link Undecodable#THROW}
     * @throws ClassCastException if it is of another type, naming both
     */
    public <T> @Nullable T get(String name, Class<T> type) {
        Object value = get(name);
        if (value != null && !type.isInstance(value)) {
            throw new ClassCastException(
                    "attribute '" + name + "' is a " + value.getClass().getName() + ", not a " + type.getName());
        }
        return type.cast(value);
    }

    /**
     * Sets an attribute.
     *
     * @param name at most 256 characters
     * @param value of a type that a codec stores; {@code null} removes the attribute
     * @throws dev.holdfast.session.codec.UnencodableValueException if no codec stores such a value, naming the line to
     *     add
     */
    public void put(String name, @Nullable Object value) {
        Objects.requireNonNull(name);
        changing(() -> {
            if (value == null) {
                attributes.remove(name);
            } else {
                attributes.put(name, value);
            }
        });
    }

    /** Removes an attribute, if there is one. */
    public void remove(String name) {
        put(name, null);
    }

    /**
     * Makes an attribute's new value from the one it has, so that no other request's change of it is lost: if another
     * one is stored first, {@link #save} runs the function again on that.
     *
     * @param function gets the value or {@code null}, and returns the new one or {@code null} for none; it may be called
     *     several times, so it has no other effect
     * @return what the function made of the value that this request has seen
     */
    public @Nullable Object compute(String name, UnaryOperator<@Nullable Object> function) {
        Objects.requireNonNull(name);
        Objects.requireNonNull(function);
        AtomicReference<@Nullable Object> value = new AtomicReference<>();
        changing(() -> value.set(attributes.compute(name, function)));
        return value.get();
    }

    /** Returns whether there is such an attribute. */
    public boolean contains(String name) {
        Objects.requireNonNull(name);
        return live(() -> attributes.contains(name));
    }

    /** Returns the names of all attributes at this moment. */
    public Set<String> names() {
        return live(attributes::names);
    }

    /** Returns whether there is no attribute. */
    public boolean isEmpty() {
        return names().isEmpty();
    }

    /** Removes all attributes; the session goes on. */
    public void clear() {
        changing(attributes::clear);
    }

    /** Returns whether a {@linkplain Sessions#sessionsOf listed} session is this one. */
    public boolean isHandle(String handle) {
        return locked(() -> loaded != null && loaded.session().key().toString().equals(handle));
    }

    /**
     * Stores what this request changed, or else its access if the touch interval has passed. May be called at any time,
     * and again; what is stored already costs nothing. One store call at most, but for {@link Concurrency#MERGE} after a
     * conflict: a load and an update for each attempt; and two to {@linkplain SessionsBuilder#renewal renew the id}.
     *
     * <p>If other requests' changes came in between, an attribute may have another value afterwards than this request
     * gave it: get it again.
     *
     * @throws SessionEndedException with {@link GonePolicy#FAIL}
     */
    public SaveOutcome save() {
        return locked(() -> {
            NamedSession held = held();
            if (ended) {
                return SaveOutcome.GONE;
            }
            if (concurrency == Concurrency.READ_ONLY) {
                return held == null || isPredecessor ? SaveOutcome.UNCHANGED : touch(held.session());
            }
            Change change = change();
            if (held == null) {
                return change.isEmpty() ? SaveOutcome.UNCHANGED : create(change);
            }
            if (!keepsId && sessions.renewal().isDue(held.session(), accessedAt)) {
                Duration grace = sessions.renewal().grace();
                return settle(held, sessions.rotation().renew(held, change, concurrency, grace), change);
            }
            return change.isEmpty()
                    ? touch(held.session())
                    : settle(held, sessions.records().write(held, change, concurrency), change);
        });
    }

    private SaveOutcome create(Change change) {
        NamedSession created = sessions.records().create(id(), change.applyTo(unsaved()));
        settle(created, false);
        sessions.events().created(created.session().session());
        return admitted(change, created.session()).orElse(SaveOutcome.CREATED);
    }

    /** Returns empty, unless this was a log-in that is not admitted: then the session has ended. */
    private Optional<SaveOutcome> admitted(Change change, LoadedSession stored) {
        if (change.principal() == null) {
            return Optional.empty();
        }
        try {
            Optional<SaveOutcome> refusal = sessions.admit(stored, accessedAt);
            refusal.ifPresent(any -> end());
            return refusal;
        } catch (SessionStoreException e) {
            sessions.records().deleteQuietly(stored.session().key(), e);
            end();
            throw e;
        }
    }

    private SaveOutcome settle(NamedSession held, Written written, Change change) {
        NamedSession now = written.session();
        if (now != null) {
            settle(now, written.merged());
            if (written.outcome() != SaveOutcome.RENEWED) {
                sessions.events().saved(now.session().session(), written.outcome(), written.merged());
            }
            return admitted(change, now.session()).orElse(written.outcome());
        } else if (written.outcome() == SaveOutcome.GONE) {
            end();
            if (sessions.gone() == GonePolicy.FAIL && !change.isEmpty()) {
                throw new SessionEndedException();
            }
        } else {
            sessions.events().saved(held.session().session(), written.outcome(), false);
        }
        return written.outcome();
    }

    private SaveOutcome touch(LoadedSession current) {
        if (!sessions.timeouts().isTouchDue(current, accessedAt)) {
            return SaveOutcome.UNCHANGED;
        }
        Optional<LoadedSession> touched = sessions.records().touch(current, accessedAt);
        if (touched.isEmpty()) {
            end();
            return SaveOutcome.GONE;
        }
        loaded = touched.get();
        sessions.events().saved(touched.get().session(), SaveOutcome.TOUCHED, false);
        return SaveOutcome.TOUCHED;
    }

    /** Forgets what this request changed since it opened or last saved the session; no store call. */
    public void discard() {
        changing(() -> {
            attributes.reset(stored());
            pending.forget();
        });
    }

    /**
     * Forgets what this request changed, and shows what is stored now: one load, or none for a session that was never
     * stored. If it is gone this session has ended.
     */
    public void reload() {
        changing(() -> {
            discard();
            SessionId current = id;
            if (loaded != null && current != null) {
                sessions.records().find(current).ifPresentOrElse(fresh -> settle(fresh, true), this::end);
            }
        });
    }

    /**
     * Gives the session a new id, and stores its changes under it: at log-in, and whenever its rights grow. The old id
     * is dead everywhere at once, nothing that another request has stored is lost, and a request that still holds the
     * old id finds the session {@link SaveOutcome#GONE}. Two store calls; none if the session was never stored.
     *
     * @return the id that the client should hold from now on
     * @throws SessionEndedException if another request ended the session meanwhile: then this one has ended too
     * @throws SessionConflictException if another request changed it, and the mode is not {@link Concurrency#MERGE}; or
     *     if others change it all the time
     * @throws TooManySessionsException if this is a log-in, and refused
     */
    public SessionId rotateId() {
        changing(() -> {
            NamedSession held = held();
            if (held == null) {
                id = null;
            } else {
                Change change = change();
                moved(held, sessions.rotation().rotate(held, change, concurrency), change);
            }
        });
        return id();
    }

    /**
     * Gives the session a new id, and stores its changes under it, as one does from time to time. Until the grace has
     * passed the old id leads to the session too, read-only and without prolonging it: requests that are under way do not
     * fail, and are answered with the new id. Of several requests that renew an id at once one succeeds, and the others go
     * on under its new id. Two store calls; none if the session was never stored.
     *
     * <p>Where ids are renewed by hand only, set {@link SessionsBuilder#renewal} all the same, to a long interval: then
     * a request that ends a session looks for it under its new id too.
     *
     * @param grace 1 ms to 5 minutes; seconds are enough
     * @return the id that the client should hold from now on
     * @throws SessionEndedException if another request ended the session meanwhile: then this one has ended too
     * @throws SessionConflictException if another request changed it, and the mode is not {@link Concurrency#MERGE}; or
     *     if others change it all the time
     */
    public SessionId renewId(Duration grace) {
        Renewal.requireGrace(grace);
        changing(() -> {
            NamedSession held = held();
            if (held == null) {
                id = null;
            } else {
                Change change = change();
                moved(held, sessions.rotation().renew(held, change, concurrency, grace), change);
            }
        });
        return id();
    }

    private void moved(NamedSession held, Written written, Change change) {
        switch (settle(held, written, change)) {
            case GONE -> throw new SessionEndedException();
            case REFUSED -> throw new TooManySessionsException();
            case CONFLICT -> throw new SessionConflictException();
            default -> {}
        }
    }

    /**
     * Lets no later {@link #save} of this object {@linkplain SessionsBuilder#renewal renew} the id: to be called when the
     * client can't be told any more.
     */
    public void keepId() {
        locked(() -> keepsId = true);
    }

    /**
     * Ends the session: its record is deleted, and no request that is under way brings it back. One store call, or none
     * if it was never stored; one more, to see where it went, if ids are {@linkplain SessionsBuilder#renewal renewed}.
     * Does nothing if it has ended already.
     */
    public void invalidate() {
        requireAttached();
        locked(() -> {
            NamedSession held = held();
            if (!ended && held != null) {
                delete(held);
            }
            end();
            return true;
        });
    }

    private void delete(NamedSession held) {
        boolean mayHaveMoved = sessions.renewal().mayRenew(held.session());
        NamedSession now = mayHaveMoved ? sessions.records().find(held.id()).orElse(held) : held;
        StoredSession session = now.session().session();
        if (sessions.records().delete(session.key())) {
            sessions.events().ended(session.key(), EndReason.INVALIDATED, session.principal());
        }
    }

    /**
     * Lets the next request have the session, if it is held {@linkplain Concurrency#EXCLUSIVE exclusively}; nothing is
     * saved. In other modes it does nothing. One store call, the first time.
     */
    @Override
    public void close() {
        if (exclusive != null) {
            exclusive.close();
        }
    }

    /** Returns the state, the times and the number of attributes, but neither id, principal, names nor values. */
    @Override
    public String toString() {
        return locked(() -> "Session[" + (ended ? "ended" : loaded == null ? "unsaved" : "stored") + ", created "
                + createdAt() + ", " + attributes.names().size() + " attributes]");
    }

    private Change change() {
        return pending.change(attributes.delta(), accessedAt, sessions.timeouts(), sessions.maxAttributes());
    }

    private @Nullable NamedSession held() {
        LoadedSession current = loaded;
        SessionId name = id;
        return current == null || name == null ? null : new NamedSession(name, current);
    }

    private LoadedSession unsaved() {
        Duration idle = sessions.timeouts().idle();
        Instant expiry = sessions.timeouts().expiry(accessedAt, accessedAt, idle);
        return new LoadedSession(
                new StoredSession(id().key(), 1, accessedAt, accessedAt, expiry, idle, null, Payload.EMPTY),
                sessions.renewal().stamp(Envelope.EMPTY, accessedAt));
    }

    private void settle(NamedSession now, boolean merged) {
        id = now.id();
        loaded = now.session();
        attributes.rebase(now.session().envelope(), merged);
        pending.forget();
    }

    private void end() {
        ended = true;
        attributes.reset(Envelope.EMPTY);
    }

    private <T extends @Nullable Object> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    private <T extends @Nullable Object> T live(Supplier<T> action) {
        return locked(() -> {
            if (ended) {
                throw new IllegalStateException("the session has ended");
            }
            return action.get();
        });
    }

    private void changing(Runnable action) {
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
}
