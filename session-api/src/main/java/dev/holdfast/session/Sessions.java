package dev.holdfast.session;

import dev.holdfast.session.spi.ExpiryEvents;
import dev.holdfast.session.spi.OutcomeUnknownException;
import dev.holdfast.session.spi.PrincipalIndex;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionLocking;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.SessionStoreException;
import dev.holdfast.session.spi.StoreUnavailableException;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.Subscription;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

// more than 300 lines: the entry to everything, whose promises take most of them; the work is done elsewhere
/**
 * Opens the sessions of an application on one store. One object for the whole application; thread-safe.
 *
 * <p>An id that a client presents is looked at before any store call: what can't be an id is no id. An id that is not
 * known, or no longer, is never adopted: the client gets a new one.
 *
 * <p>A background thread purges expired sessions until {@link #close}.
 */
public final class Sessions implements AutoCloseable {

    private final SessionStore store;
    private final InstantSource clock;
    private final SecureRandom random;
    private final Timeouts timeouts;
    private final Concurrency concurrency;
    private final int maxAttributes;
    private final Map<String, MergeFunction> merges;
    private final Codecs codecs;
    private final boolean sealed;
    private final Events events;
    private final UndecodableValues undecodable;
    private final StoreDownPolicy storeDown;
    private final @Nullable CallBudget budget;
    private final PayloadStore payloads;
    private final SessionRecords records;
    private final Renewal renewal;
    private final Rotation rotation;
    private final ReplacedIds replaced;
    private final GonePolicy gone;
    private final Exclusive exclusive;
    private final @Nullable GlobalRevocation revocation;
    private final Principals principals;
    private final @Nullable SessionCap cap;
    private final Purger purger;
    private final @Nullable Subscription expiries;

    Sessions(SessionsBuilder builder) {
        store = builder.store;
        clock = builder.clock;
        random = builder.random;
        timeouts = new Timeouts(builder.idleTimeout, builder.absoluteTimeout, builder.touchInterval);
        concurrency = builder.concurrency;
        maxAttributes = builder.maxAttributes;
        merges = Map.copyOf(builder.merges);
        codecs = new Codecs(builder.codecs);
        sealed = builder.sealing != null;
        events = new Events(builder.listeners, builder.tagKey == null ? TagKey.random() : builder.tagKey);
        undecodable = new UndecodableValues(builder.undecodable, codecs, events);
        storeDown = builder.storeDown;
        budget = storeDown.start();
        SessionStore watched = WatchedStore.around(store, events, budget);
        PrincipalIndex index = WatchedStore.indexOf(store, events, budget);
        revocation = builder.globalRevocation == null
                ? null
                : new GlobalRevocation(new Notes(watched, clock), clock, builder.globalRevocation);
        payloads = new PayloadStore(
                watched,
                new Compression(builder.compressAbove, builder.maxPayloadBytes),
                builder.sealing == null ? null : new Sealing(builder.sealing, random),
                (key, problem) -> events.undecodable(key, null, problem));
        records =
                new SessionRecords(payloads, clock, timeouts, builder.maxPayloadBytes, this::newId, events, revocation);
        principals = new Principals(watched, payloads.opening(index), records, clock, events);
        cap = builder.capPolicy == null ? null : new SessionCap(principals, builder.maxSessions, builder.capPolicy);
        if (cap != null) {
            requireIndex();
        }
        renewal = builder.renewal;
        rotation = new Rotation(payloads, records, renewal, events, clock, random);
        replaced = new ReplacedIds(new Notes(watched, clock), random, clock);
        gone = builder.gone;
        exclusive = new Exclusive(store, builder.lockWait, builder.lockLease);
        if (concurrency == Concurrency.EXCLUSIVE) {
            exclusive.requireAbility();
        }
        purger = Purger.start(watched, events, clock, builder.purgeInterval, builder.purgeProbability);
        expiries = events.areHeard() && store instanceof ExpiryEvents expiring
                ? expiring.onExpired(key -> events.ended(key, EndReason.EXPIRED, null))
                : null;
    }

    /** Returns sessions on a store, with the defaults that {@link SessionsBuilder} names. */
    public static Sessions create(SessionStore store) {
        return builder(store).build();
    }

    /** Returns a builder with the defaults of {@link #create}. */
    public static SessionsBuilder builder(SessionStore store) {
        return new SessionsBuilder(store);
    }

    /** Returns {@link #open(String, Concurrency)} in the mode of {@link SessionsBuilder#concurrency}. */
    public Session open(@Nullable String presentedId) {
        return open(presentedId, concurrency);
    }

    /**
     * Returns the live session of the presented id, or else a new one, of which nothing is stored before it holds
     * something. One load, two by an id that was {@linkplain Session#renewId renewed} a moment ago; no store call without
     * a well-formed id.
     *
     * @param presentedId what the client sent, whatever it is, or {@code null}
     * @throws SessionBusyException only with {@link Concurrency#EXCLUSIVE}
     * @throws SessionStoreException if the store can't be asked, unless {@link SessionsBuilder#storeDown} says to go on
     */
    public Session open(@Nullable String presentedId, Concurrency mode) {
        purger.draw();
        try {
            return find(presentedId, mode)
                    .orElseGet(() -> new Session(
                            this,
                            mode,
                            clock.instant(),
                            SessionId.parse(presentedId).orElse(null)));
        } catch (StoreUnavailableException | OutcomeUnknownException e) {
            if (storeDown.goesOn()) {
                return Session.detached(this, clock.instant(), e);
            }
            throw e;
        }
    }

    /** Returns {@link #find(String, Concurrency)} in the mode of {@link SessionsBuilder#concurrency}. */
    public Optional<Session> find(@Nullable String presentedId) {
        return find(presentedId, concurrency);
    }

    /**
     * Returns the live session of the presented id, if there is one, at the cost of {@link #open(String, Concurrency)}.
     *
     * @throws SessionBusyException only with {@link Concurrency#EXCLUSIVE}
     * @throws SessionStoreException if the store can't be asked
     */
    public Optional<Session> find(@Nullable String presentedId, Concurrency mode) {
        Objects.requireNonNull(mode);
        return SessionId.parse(presentedId)
                .flatMap(id -> mode == Concurrency.EXCLUSIVE ? findExclusively(id) : find(id, mode, null));
    }

    private Optional<Session> findExclusively(SessionId id) {
        SessionLocking.Lock lock = exclusive.acquire(id.key());
        Optional<Session> found = Optional.empty();
        try {
            found = find(id, Concurrency.EXCLUSIVE, lock);
            return found;
        } finally {
            if (found.isEmpty()) {
                lock.close();
            }
        }
    }

    private Optional<Session> find(SessionId id, Concurrency mode, SessionLocking.@Nullable Lock lock) {
        Instant now = records.now();
        Optional<NamedSession> found = records.find(id, now);
        if (found.isEmpty()) {
            events.unknownId(id.key());
        } else if (!undecodable.tolerate(found.get().session())) {
            delete(found.get(), EndReason.UNDECODABLE);
            return Optional.empty();
        }
        return found.map(named -> new Session(this, mode, now, id, named, lock));
    }

    /** Returns whether the store can tell the sessions of a principal. */
    public boolean canFindByPrincipal() {
        return principals.canBeFound();
    }

    /**
     * Returns the live sessions of a principal, the latest used first.
     *
     * @throws IllegalStateException unless {@link #canFindByPrincipal}
     */
    public List<SessionSummary> sessionsOf(String principal) {
        requireIndex();
        return principals.summaries(principal);
    }

    /**
     * Ends what a client's id leads to, whatever its state: also a record that these sessions can't read, which
     * {@link #find} does not see. At the cost of {@link #find(String)} and {@link Session#invalidate}.
     *
     * @param presentedId what the client sent, whatever it is, or {@code null}
     * @return whether there was something to end
     * @throws SessionStoreException if the store can't be asked
     */
    public boolean end(@Nullable String presentedId) {
        return SessionId.parse(presentedId)
                .filter(id -> records.find(id)
                        .map(found -> delete(found, EndReason.INVALIDATED))
                        .orElseGet(() -> deleted(id, records.delete(id.key()))))
                .isPresent();
    }

    /**
     * Ends the session of an id that was replaced by {@link Session#rotateId(Duration)} and is presented nevertheless. What
     * is remembered of the id is forgotten then. To be called where an id is used up, such as when a token is
     * refreshed, if it leads to no session; requests that were under way with the old id are no reason.
     *
     * <p>One load if nothing is remembered; else two more store calls for each time that the id was replaced since, and those
     * of {@link Session#invalidate}.
     *
     * @param presentedId what the client sent, whatever it is, or {@code null}
     * @return whether there was a session to end
     * @throws SessionStoreException if the store can't be asked
     */
    public boolean endReplaced(@Nullable String presentedId) {
        return SessionId.parse(presentedId)
                .filter(old -> replaced.endSuccessors(old, this::endReplay))
                .isPresent();
    }

    private boolean endReplay(SessionId id) {
        return records.find(id).map(found -> delete(found, EndReason.REPLAYED)).orElse(false);
    }

    /**
     * Ends one session of a principal, under whatever id another request gives it meanwhile.
     *
     * @param handle from {@link SessionSummary#handle}; whatever else it is, there is no such session
     * @return whether there was such a session, and it is that principal's
     */
    public boolean end(String principal, String handle) {
        return SessionKey.isKey(handle) && principals.end(principal, SessionKey.parse(handle));
    }

    /**
     * Ends all sessions of a principal: "log out everywhere", or a password that was changed. Also those that begin
     * meanwhile: a log-in whose request began before this call, however late it is saved, finds its session
     * {@link SaveOutcome#GONE}. Clocks of nodes that differ make that limit as vague as they differ.
     *
     * <p>Whoever changes a password wants {@link #endOthers}, which keeps the session that does it.
     *
     * <p>Notes the time in a record of its own (one load, one write), and then looks through the principal's sessions and
     * deletes each, until two looks in a row find none.
     *
     * @return how many
     * @throws IllegalStateException unless {@link #canFindByPrincipal}
     */
    public int endAll(String principal) {
        requireIndex();
        return principals.endAll(principal, null, null);
    }

    /**
     * Ends all sessions of this session's principal but this one, as {@link #endAll} does; nothing if it has none. To be
     * called when the password, or another way to log in, was changed, and offered after each log-in.
     *
     * @return how many
     * @throws IllegalStateException unless {@link #canFindByPrincipal}
     */
    public int endOthers(Session keep) {
        requireIndex();
        return keep.principal()
                .map(principal -> principals.endAll(principal, keep.id().key(), keep.login()))
                .orElse(0);
    }

    private void requireIndex() {
        if (!canFindByPrincipal()) {
            throw new IllegalStateException("a " + store.getClass().getSimpleName()
                    + " can't find sessions by principal: use a store that is a PrincipalIndex");
        }
    }

    /**
     * Ends every session that has begun until now, whoever's it is, by one load and one write however many there are.
     * Other nodes know within {@link SessionsBuilder#globalRevocation}. The records stay until they expire.
     *
     * @throws IllegalStateException unless {@link SessionsBuilder#globalRevocation} is set
     */
    public void endEverySession() {
        if (revocation == null) {
            throw new IllegalStateException(
                    "sessions don't look for a global revocation: set Sessions.builder(store).globalRevocation(…)");
        }
        revocation.revoke();
    }

    /**
     * Purges the expired sessions now, in batches.
     *
     * @return how many this call removed; 0 at once while the background thread purges
     */
    public int purge() {
        return purger.purge();
    }

    /** Returns how far purging is, and what it has done so far. */
    public PurgeProgress purgeProgress() {
        return purger.progress();
    }

    /** Returns the store that was handed in. */
    public SessionStore store() {
        return store;
    }

    /** Returns whether attributes are {@linkplain SessionsBuilder#sealing sealed} in the store. */
    public boolean areSealed() {
        return sealed;
    }

    /** Returns what tells these sessions the time. */
    public InstantSource clock() {
        return clock;
    }

    /** Ends the purging. The store stays open: it was handed in. */
    @Override
    public void close() {
        purger.close();
        if (expiries != null) {
            expiries.close();
        }
        if (budget != null) {
            budget.close();
        }
    }

    SessionId newId() {
        return SessionId.random(random);
    }

    Attributes attributes(Envelope envelope, Unreadable unreadable) {
        return new Attributes(codecs, merges, maxAttributes, unreadable, envelope);
    }

    Timeouts timeouts() {
        return timeouts;
    }

    int maxAttributes() {
        return maxAttributes;
    }

    UndecodableValues undecodable() {
        return undecodable;
    }

    /** Returns what becomes of a log-in that was just stored: empty if it stays, else its session is ended. */
    Optional<SaveOutcome> admit(LoadedSession mine, Instant requestedAt) {
        String principal = mine.session().principal();
        if (principal == null || !principals.canBeFound()) {
            return Optional.empty();
        }
        if (!principals.admits(mine, principal, requestedAt)) {
            return Optional.of(SaveOutcome.GONE);
        }
        return cap == null || cap.admits(mine, principal) ? Optional.empty() : Optional.of(SaveOutcome.REFUSED);
    }

    /** Ends a session, and tells so, wherever another request has moved it; returns whether this call did it. */
    boolean delete(NamedSession held, EndReason reason) {
        StoredSession ended = renewal.mayRenew(held.session())
                ? records.bury(held).orElse(null)
                : records.deleted(held.session().session());
        if (ended == null) {
            return principals.endLogIn(held.session(), reason) > 0;
        }
        events.ended(ended.key(), reason, ended.principal());
        return true;
    }

    /** Ends what an id leads to, if that is a record that can't be read. */
    void deleteUnreadable(SessionId id) {
        deleted(id, payloads.deleteUnreadable(id.key()));
    }

    private boolean deleted(SessionId id, boolean deleted) {
        if (deleted) {
            events.ended(id.key(), EndReason.INVALIDATED, null);
        }
        return deleted;
    }

    Events events() {
        return events;
    }

    Renewal renewal() {
        return renewal;
    }

    ReplacedIds replaced() {
        return replaced;
    }

    Rotation rotation() {
        return rotation;
    }

    GonePolicy gone() {
        return gone;
    }

    SessionRecords records() {
        return records;
    }
}
