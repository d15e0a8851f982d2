package dev.holdfast.session;

import dev.holdfast.session.codec.TypedCodec;
import dev.holdfast.session.codec.ValueCodec;
import dev.holdfast.session.spi.ExpiryEvents;
import dev.holdfast.session.spi.OutcomeUnknownException;
import dev.holdfast.session.spi.PrincipalIndex;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.SessionStoreException;
import dev.holdfast.session.spi.StoreUnavailableException;
import dev.holdfast.session.spi.Subscription;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
    private final Events events;
    private final StoreDownPolicy storeDown;
    private final @Nullable CallBudget budget;
    private final SessionRecords records;
    private final @Nullable GlobalRevocation revocation;
    private final Principals principals;
    private final @Nullable SessionCap cap;
    private final Purger purger;
    private final @Nullable Subscription expiries;

    private Sessions(Builder builder) {
        store = builder.store;
        clock = builder.clock;
        random = builder.random;
        timeouts = new Timeouts(builder.idleTimeout, builder.absoluteTimeout, builder.touchInterval);
        concurrency = builder.concurrency;
        maxAttributes = builder.maxAttributes;
        merges = Map.copyOf(builder.merges);
        codecs = new Codecs(builder.codecs());
        events = new Events(builder.listeners, builder.tagKey == null ? TagKey.random() : builder.tagKey);
        storeDown = builder.storeDown;
        budget = storeDown.start();
        SessionStore watched = WatchedStore.around(store, events, budget);
        PrincipalIndex index = WatchedStore.indexOf(store, events, budget);
        revocation = builder.globalRevocation == null
                ? null
                : new GlobalRevocation(new Notes(watched, clock), clock, builder.globalRevocation);
        records =
                new SessionRecords(watched, clock, timeouts, builder.maxPayloadBytes, this::newId, events, revocation);
        principals = new Principals(watched, index, records, clock, events);
        cap = builder.capPolicy == null ? null : new SessionCap(principals, builder.maxSessions, builder.capPolicy);
        if (cap != null) {
            requireIndex();
        }
        purger = Purger.start(watched, events, clock, builder.purgeInterval, builder.purgeProbability);
        expiries = events.areHeard() && store instanceof ExpiryEvents expiring
                ? expiring.onExpired(key -> events.ended(key, EndReason.EXPIRED, null))
                : null;
    }

    /** Returns sessions on a store, with the defaults that {@link Builder} names. */
    public static Sessions create(SessionStore store) {
        return builder(store).build();
    }

    /** Returns a builder with the defaults of {@link #create}. */
    public static Builder builder(SessionStore store) {
        return new Builder(store);
    }

    /** Returns {@link #open(String, Concurrency)} in the mode of {@link Builder#concurrency}. */
    public Session open(@Nullable String presentedId) {
        return open(presentedId, concurrency);
    }

    /**
     * Returns the live session of the presented id, or else a new one, of which nothing is stored before it holds
     * something. One load; no store call without a well-formed id.
     *
     * @param presentedId what the client sent, whatever it is, or {@code null}
     * @throws SessionStoreException if the store can't be asked, unless {@link Builder#storeDown} says to go on
     */
    public Session open(@Nullable String presentedId, Concurrency mode) {
        purger.draw();
        try {
            return find(presentedId, mode).orElseGet(() -> new Session(this, mode, clock.instant()));
        } catch (StoreUnavailableException | OutcomeUnknownException e) {
            if (storeDown.goesOn()) {
                return Session.detached(this, clock.instant(), e);
            }
            throw e;
        }
    }

    /**
     * Returns the live session of the presented id, if there is one. One load; none without a well-formed id.
     *
     * @throws SessionStoreException if the store can't be asked
     */
    public Optional<Session> find(@Nullable String presentedId) {
        return find(presentedId, concurrency);
    }

    private Optional<Session> find(@Nullable String presentedId, Concurrency mode) {
        Objects.requireNonNull(mode);
        Optional<SessionId> presented = SessionId.parse(presentedId);
        if (presented.isEmpty()) {
            return Optional.empty();
        }
        SessionId id = presented.get();
        Optional<LoadedSession> loaded = records.load(id.key());
        if (loaded.isEmpty()) {
            events.unknownId(id.key());
        }
        return loaded.map(session -> new Session(this, mode, clock.instant(), id, session));
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
     * Ends one session of a principal.
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
     * Ends all sessions of this session's principal but this one, as {@link #endAll} does; nothing if it has none.
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
     * Other nodes know within {@link Builder#globalRevocation}. The records stay until they expire.
     *
     * @throws IllegalStateException unless {@link Builder#globalRevocation} is set
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

    Attributes attributes(Envelope envelope) {
        return new Attributes(codecs, merges, maxAttributes, envelope);
    }

    Timeouts timeouts() {
        return timeouts;
    }

    int maxAttributes() {
        return maxAttributes;
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

    Events events() {
        return events;
    }

    SessionRecords records() {
        return records;
    }

    /** Settings of a {@link Sessions}; each comment names the default. Not thread-safe. */
    public static final class Builder {

        private final SessionStore store;
        private Duration idleTimeout = Duration.ofMinutes(30);
        private @Nullable Duration absoluteTimeout;
        private Duration touchInterval = Duration.ofMinutes(1);
        private Duration purgeInterval = Duration.ofMinutes(1);
        private Concurrency concurrency = Concurrency.MERGE;
        private int maxPayloadBytes = 1 << 20;
        private int maxAttributes = 1000;
        private final Map<String, MergeFunction> merges = new HashMap<>();
        private final List<ValueCodec> codecs = new ArrayList<>();
        private InstantSource clock = InstantSource.system();
        private SecureRandom random = new SecureRandom();
        private final List<SessionListener> listeners = new ArrayList<>();
        private @Nullable TagKey tagKey;
        private @Nullable Duration globalRevocation;
        private StoreDownPolicy storeDown = StoreDownPolicy.failRequest();
        private double purgeProbability;
        private int maxSessions;
        private @Nullable CapPolicy capPolicy;

        private Builder(SessionStore store) {
            this.store = Objects.requireNonNull(store);
        }

        /** How long a session may lie unused; 30 minutes. {@link Session#idleTimeout(Duration)} changes it for one. */
        public Builder idleTimeout(Duration idleTimeout) {
            this.idleTimeout = Timeouts.requireAtLeastOneMillisecond("idleTimeout", idleTimeout);
            return this;
        }

        /** How long a session may live however much it is used; no limit. Nothing prolongs it. */
        public Builder absoluteTimeout(Duration absoluteTimeout) {
            this.absoluteTimeout = Timeouts.requireAtLeastOneMillisecond("absoluteTimeout", absoluteTimeout);
            return this;
        }

        /**
         * How often at most a request that changes nothing stores its access; one minute, and never more than a tenth
         * of the idle timeout. A session outlives its idle timeout by up to this interval, and never dies before it.
         * Zero stores each access.
         */
        public Builder touchInterval(Duration touchInterval) {
            this.touchInterval = Timeouts.requireNotNegative("touchInterval", touchInterval);
            return this;
        }

        /**
         * How often expired sessions are purged in the background; one minute, give or take a quarter at random. Zero:
         * only by {@link Sessions#purge} and {@link #purgeProbability}.
         */
        public Builder purgeInterval(Duration purgeInterval) {
            this.purgeInterval = Timeouts.requireNotNegative("purgeInterval", purgeInterval);
            return this;
        }

        /**
         * With which probability a request, that is an {@link Sessions#open}, starts a purge besides, as in PHP:
         * {@code probability} of {@code divisor}; 0 of 1. The purge runs on the background thread, not in the request.
         */
        public Builder purgeProbability(int probability, int divisor) {
            if (probability < 0 || divisor < 1 || probability > divisor) {
                throw new IllegalArgumentException("purgeProbability must be at least 0 of 1, and at most 1 of 1, not "
                        + probability + " of " + divisor);
            }
            purgeProbability = (double) probability / divisor;
            return this;
        }

        /** What a request does when the store can't be asked; {@link StoreDownPolicy#failRequest}. */
        public Builder storeDown(StoreDownPolicy storeDown) {
            this.storeDown = Objects.requireNonNull(storeDown);
            return this;
        }

        /** What happens when parallel requests change one session; {@link Concurrency#MERGE}. */
        public Builder concurrency(Concurrency concurrency) {
            this.concurrency = Objects.requireNonNull(concurrency);
            return this;
        }

        /**
         * How one value is made of an attribute that two parallel requests have put or removed, where
         * {@link Concurrency#MERGE} is on; none: the last writer's value stays. {@link Session#compute} and
         * {@link Session#clear} need no such function, and do not ask it.
         */
        public Builder merge(String attribute, MergeFunction function) {
            merges.put(attribute, Objects.requireNonNull(function));
            return this;
        }

        /** The largest encoded session in bytes; 1 MiB. A larger one is refused at save, before any store call. */
        public Builder maxPayloadBytes(int maxPayloadBytes) {
            if (maxPayloadBytes < 0) {
                throw new IllegalArgumentException("maxPayloadBytes must not be negative: " + maxPayloadBytes);
            }
            this.maxPayloadBytes = maxPayloadBytes;
            return this;
        }

        /** The most attributes of a session; 1000. */
        public Builder maxAttributes(int maxAttributes) {
            if (maxAttributes < 0) {
                throw new IllegalArgumentException("maxAttributes must not be negative: " + maxAttributes);
            }
            this.maxAttributes = maxAttributes;
            return this;
        }

        /**
         * Adds a codec for values of more types; asked in the order of adding, before the built-in
         * {@link TypedCodec#create}. A {@link TypedCodec} of the application's takes the built-in one's place.
         */
        public Builder codec(ValueCodec codec) {
            codecs.add(Objects.requireNonNull(codec));
            return this;
        }

        /** What tells the time; the system clock. */
        public Builder clock(InstantSource clock) {
            this.clock = Objects.requireNonNull(clock);
            return this;
        }

        /** Where ids come from; a new {@link SecureRandom}. */
        public Builder random(SecureRandom random) {
            this.random = Objects.requireNonNull(random);
            return this;
        }

        /**
         * How many sessions a principal may have at a time; any number. Looked after at each log-in, that is a save or
         * new id after {@link Session#principal(String)}, by looking through the principal's sessions, and for
         * {@link CapPolicy#REFUSE_NEW} by a note of who holds a place, which is one load and one write more.
         *
         * @param maximum at least 1
         */
        public Builder maxSessionsPerPrincipal(int maximum, CapPolicy policy) {
            if (maximum < 1) {
                throw new IllegalArgumentException("a principal must be allowed a session, not " + maximum);
            }
            maxSessions = maximum;
            capPolicy = Objects.requireNonNull(policy);
            return this;
        }

        /**
         * Allows {@link Sessions#endEverySession}, and sets how soon all nodes obey it; not allowed. Each node, while it
         * is used, loads one more record every half of this delay.
         *
         * @param delay at least 1 ms
         */
        public Builder globalRevocation(Duration delay) {
            globalRevocation = Timeouts.requireAtLeastOneMillisecond("globalRevocation", delay);
            return this;
        }

        /** Adds a listener, called after those added before; none. */
        public Builder listener(SessionListener listener) {
            listeners.add(Objects.requireNonNull(listener));
            return this;
        }

        /**
         * The secret of the hashes by which events and logs name sessions; random, so that they can be compared within
         * this object's life only. Nodes with the same one name a session alike.
         *
         * @param tagKey at least 16 random bytes
         */
        public Builder tagKey(byte[] tagKey) {
            this.tagKey = new TagKey(tagKey);
            return this;
        }

        private List<ValueCodec> codecs() {
            List<ValueCodec> all = new ArrayList<>(codecs);
            if (all.stream().noneMatch(TypedCodec.class::isInstance)) {
                all.add(TypedCodec.create());
            }
            return all;
        }

        /** Returns new sessions, whose purge thread runs. */
        public Sessions build() {
            return new Sessions(this);
        }
    }
}
