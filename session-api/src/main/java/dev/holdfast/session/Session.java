package dev.holdfast.session;

import dev.holdfast.session.codec.UndecodableValueException;
import dev.holdfast.session.spi.SessionLocking;
import dev.holdfast.session.spi.SessionStoreException;
import dev.holdfast.session.spi.StoreUnavailableException;
import dev.holdfast.session.spi.StoredSession;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

// more than 300 lines: all that a request does with a session stands here with its promises, and little but promises
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

    private final SessionState state;
    private final SessionOwner owner;
    private final Lifecycle lifecycle;

    private Session(SessionState state) {
        this.state = state;
        this.owner = new SessionOwner(state);
        this.lifecycle = new Lifecycle(state.sessions(), state);
    }

    /**
     * A session of which nothing is stored yet.
     *
     * @param unknown the id that the client presented and that led to no session, or {@code null}
     */
    Session(Sessions sessions, Concurrency concurrency, Instant now, @Nullable SessionId unknown) {
        this(new SessionState(sessions, concurrency, now, unknown, null));
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
        this(new SessionState(sessions, concurrency, now, presented, found, exclusive));
    }

    /** A session that stands for one that could not be loaded. */
    static Session detached(Sessions sessions, Instant now, SessionStoreException cause) {
        return new Session(new SessionState(sessions, Concurrency.READ_ONLY, now, null, cause));
    }

    /**
     * Returns whether the store could not be asked, and {@link StoreDownPolicy#readOnlyWithoutSession} lets the request
     * go on without a session: this one is empty and never stored, its id leads nowhere, and changing or ending it throws
     * a {@link StoreUnavailableException}. The client keeps what it has.
     */
    public boolean isDetached() {
        return state.isDetached();
    }

    /**
     * Returns the id that the client presents to find this session again: another one after {@link #rotateId} and
     * {@link #renewId}, after a {@link #save} that {@linkplain SaveOutcome#RENEWED renewed} it, and if the client presented
     * one that another request has renewed.
     */
    public SessionId id() {
        return state.locked(state::id);
    }

    /** Returns whether this request began the session; {@code true} until its end. */
    public boolean isNew() {
        return state.isNew();
    }

    /** Returns whether the session is in the store, so that the client should hold its id. */
    public boolean isStored() {
        return state.locked(() -> state.loaded() != null && !state.isEnded());
    }

    /** Returns whether the session was {@linkplain #invalidate invalidated}, or found gone when saving. */
    public boolean isEnded() {
        return state.locked(state::isEnded);
    }

    /** Returns when the session began; rotating its id does not change that. */
    public Instant createdAt() {
        return state.locked(state::createdAt);
    }

    /** Returns when the session was last used before this request, at most the touch interval too early. */
    public Instant lastAccessedAt() {
        return state.previousAccess();
    }

    /** Returns when the session ends if it is not used after this request, or {@link StoredSession#NEVER}. */
    public Instant expiresAt() {
        return state.locked(() -> state.timeouts().expiry(state.createdAt(), state.accessedAt(), state.idleTimeout()));
    }

    /** Returns how long the session may lie unused. */
    public Duration idleTimeout() {
        return state.locked(state::idleTimeout);
    }

    /**
     * Sets how long this session may lie unused, from the next save on. A longer one than other sessions have remembers
     * the user.
     *
     * @param idleTimeout at least 1 ms, or {@link StoredSession#NO_IDLE_TIMEOUT}
     */
    public void idleTimeout(Duration idleTimeout) {
        Timeouts.requireAtLeastOneMillisecond("idleTimeout", idleTimeout);
        state.changing(() -> state.pending().idleTimeout(idleTimeout));
    }

    /** Returns how long the session may live however much it is used, or empty if there is no limit. */
    public Optional<Duration> absoluteTimeout() {
        return state.locked(() -> Optional.ofNullable(state.timeouts().absolute()));
    }

    /**
     * Sets how long this session may live however much it is used, counted from its beginning, from the next save on.
     *
     * @param absoluteTimeout at least 1 ms, or {@link StoredSession#NO_IDLE_TIMEOUT} for no limit
     */
    public void absoluteTimeout(Duration absoluteTimeout) {
        Timeouts.requireAtLeastOneMillisecond("absoluteTimeout", absoluteTimeout);
        state.changing(() -> state.extension(Extension.ABSOLUTE_TIMEOUT, Timeouts.millis(absoluteTimeout)));
    }

    /** Returns how old the stored last access of this session may grow; see {@link SessionsBuilder#touchInterval}. */
    public Duration touchInterval() {
        return state.locked(() -> state.timeouts().touchInterval());
    }

    /** Sets {@link #touchInterval()}, from the next save on; zero stores each access. */
    public void touchInterval(Duration touchInterval) {
        Timeouts.requireNotNegative("touchInterval", touchInterval);
        state.changing(() -> state.extension(Extension.TOUCH_INTERVAL, Timeouts.millis(touchInterval)));
    }

    /** Lets this session live until it is invalidated, from the next save on. */
    public void neverExpire() {
        state.changing(() -> {
            idleTimeout(StoredSession.NO_IDLE_TIMEOUT);
            absoluteTimeout(StoredSession.NO_IDLE_TIMEOUT);
        });
    }

    /** Returns whose session it is. */
    public Optional<String> principal() {
        return owner.principal();
    }

    /**
     * Says who has logged in, or with {@code null} that the session is nobody's, from the next save on. Call
     * {@link #rotateId} with it: an id from before the log-in may be known to others.
     *
     * <p>If the store finds sessions by principal, that save or new id costs one load more: a principal whose sessions
     * were ended since this request began is not logged in, see {@link Sessions#endAll}. A
     * {@linkplain SessionsBuilder#maxSessionsPerPrincipal limit} is looked after then too.
     *
     * <p>After a log-in that matters, and always after a password was changed, end the user's other sessions, or offer
     * to: {@link Sessions#endOthers}.
     */
    public void principal(@Nullable String principal) {
        owner.principal(principal);
    }

    @Nullable
    Login login() {
        return owner.login();
    }

    /**
     * Returns when the user last proved who they are: the beginning of the request that called
     * {@link #principal(String)} or {@link #reauthenticated}; empty if the session is nobody's.
     */
    public Optional<Instant> authenticatedAt() {
        return owner.authenticatedAt();
    }

    /**
     * Returns whether the user proved who they are that recently: before something dear, ask for the password again
     * unless this is so.
     */
    public boolean authenticatedWithin(Duration duration) {
        return owner.authenticatedWithin(duration);
    }

    /**
     * Says that the session's user has proved once more who they are, from the next save on. Whoever may see or change
     * more from now on should have a new id too: {@link #rotateId}.
     *
     * @throws IllegalStateException if the session is nobody's
     */
    public void reauthenticated() {
        owner.reauthenticated();
    }

    /**
     * Compares the client that sends this request with the one that the session belongs to: the one of the first save,
     * kept as a hash. A session that belongs to none yet takes this one with the next save that stores something else.
     *
     * @param client describes what must stay the same
     * @return {@code false} if it is another client, which the listeners hear; what follows is the caller's choice
     */
    public boolean bindClient(String client) {
        return owner.bindClient(client);
    }

    /**
     * Returns an attribute's value, or {@code null} if there is none or it can't be decoded any more.
     *
     * @throws UndecodableValueException if it can't be decoded and the policy is {@link Undecodable#THROW}
     */
    public @Nullable Object get(String name) {
        Objects.requireNonNull(name);
        return state.live(() -> state.attributes().get(name));
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
        state.changing(() -> {
            if (value == null) {
                state.attributes().remove(name);
            } else {
                state.attributes().put(name, value);
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
        state.changing(() -> value.set(state.attributes().compute(name, function)));
        return value.get();
    }

    /** Returns whether there is such an attribute. */
    public boolean contains(String name) {
        Objects.requireNonNull(name);
        return state.live(() -> state.attributes().contains(name));
    }

    /** Returns the names of all attributes at this moment. */
    public Set<String> names() {
        return state.live(state.attributes()::names);
    }

    /** Returns whether there is no attribute. */
    public boolean isEmpty() {
        return names().isEmpty();
    }

    /** Removes all attributes; the session goes on. */
    public void clear() {
        state.changing(state.attributes()::clear);
    }

    /** Returns whether a {@linkplain Sessions#sessionsOf listed} session is this one. */
    public boolean isHandle(String handle) {
        return state.locked(() -> {
            LoadedSession loaded = state.loaded();
            return loaded != null && loaded.session().key().toString().equals(handle);
        });
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
        return state.locked(lifecycle::save);
    }

    /** Forgets what this request changed since it opened or last saved the session; no store call. */
    public void discard() {
        state.changing(state::discard);
    }

    /**
     * Forgets what this request changed, and shows what is stored now: one load, or none for a session that was never
     * stored. If it is gone this session has ended.
     */
    public void reload() {
        state.changing(lifecycle::reload);
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
        state.changing(() -> lifecycle.rotate(null));
        return id();
    }

    /**
     * As {@link #rotateId()}, for an id that is used up by this, as that of a token which is refreshed: for a while it is
     * remembered which session it was, so that {@link Sessions#endReplaced} ends the session if the old id is presented
     * once more. Then two hold it, and which of them is a thief nobody knows. Two store calls more.
     *
     * @param remembered 1 ms to 31 days, as long as the old id might be taken for a good one
     * @return the id that the client should hold from now on
     */
    public SessionId rotateId(Duration remembered) {
        Timeouts.requireAtLeastOneMillisecond("remembered", remembered);
        if (remembered.compareTo(ReplacedIds.MAX_LIFE) > 0) {
            throw new IllegalArgumentException(
                    "remembered must be at most " + ReplacedIds.MAX_LIFE + ", not " + remembered);
        }
        state.changing(() -> lifecycle.rotate(remembered));
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
        state.changing(() -> lifecycle.renew(grace));
        return id();
    }

    /**
     * Lets no later {@link #save} of this object {@linkplain SessionsBuilder#renewal renew} the id: to be called when the
     * client can't be told any more.
     */
    public void keepId() {
        state.locked(() -> {
            state.keepId();
            return true;
        });
    }

    /**
     * Ends the session: its record is deleted, and no request that is under way brings it back. If another request gives
     * it a new id meanwhile, it ends under that one: always if ids are {@linkplain SessionsBuilder#renewal renewed}, else
     * if somebody is logged in and the store finds sessions by principal. Does nothing if it has ended already.
     *
     * <p>One store call, two if ids are renewed, some more if another request was first; none if it was never stored.
     * If the client presented an id by which no session was found, one call more looks whether a record lies there that
     * these sessions can't read, and that is deleted too; see {@link Sessions#end(String)}.
     */
    public void invalidate() {
        state.requireAttached();
        state.locked(() -> {
            lifecycle.invalidate();
            return true;
        });
    }

    /**
     * Lets the next request have the session, if it is held {@linkplain Concurrency#EXCLUSIVE exclusively}; nothing is
     * saved. In other modes it does nothing. One store call, the first time.
     */
    @Override
    public void close() {
        state.release();
    }

    /** Returns the state, the times and the number of attributes, but neither id, principal, names nor values. */
    @Override
    public String toString() {
        return state.locked(
                () -> "Session[" + (state.isEnded() ? "ended" : state.loaded() == null ? "unsaved" : "stored")
                        + ", created " + state.createdAt() + ", "
                        + state.attributes().names().size() + " attributes]");
    }
}
