package dev.holdfast.session.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import dev.holdfast.session.spi.ChangeFeed;
import dev.holdfast.session.spi.DeclaredConsistency;
import dev.holdfast.session.spi.ExpiryEvents;
import dev.holdfast.session.spi.PrincipalIndex;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionLocking;
import dev.holdfast.session.spi.SessionScan;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.Subscription;
import dev.holdfast.session.spi.UnreadableEvents;
import dev.holdfast.session.spi.UpdateOutcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Keeps each session in an entry of one Hazelcast map, by an embedded member or by a client. No member needs a class of
 * this module.
 *
 * <p>What a verb sends: load: {@code get}. create: {@code putIfAbsent}, and over an expired record {@code replace}. update
 * and touch: {@code replace} of the value that this instance saw last; if it saw none, or another came first, after a
 * {@code get}. delete: {@code put} of a tombstone. Where each member {@linkplain SessionMaps#configure says} that it has this
 * module, create, update, touch and delete are one {@code executeOnKey}, which sends the new record or, for a touch, its
 * two times. Elsewhere a touch sends the whole record; [T5] is not kept there.
 *
 * <p>Each of these is one step on the member that owns the record, and on its backups, so a process may die anywhere. The
 * record's own time decides on expiry. The map's time to live is not used: {@link #purgeExpired} lets the cluster remove
 * by an index, whatever the limit, what has ended, and answers 0.
 */
public final class HazelcastSessionStore
        implements SessionStore,
                PrincipalIndex,
                SessionScan,
                SessionLocking,
                ExpiryEvents,
                ChangeFeed,
                UnreadableEvents,
                DeclaredConsistency {

    /** 1 MiB. */
    public static final int DEFAULT_MAX_PAYLOAD_BYTES = 1 << 20;

    /** One hour. */
    public static final Duration DEFAULT_TOMBSTONES = Duration.ofHours(1);

    private static final Duration EVENT_DELAY = Duration.ofSeconds(1);

    private final HazelcastInstance hazelcast;
    private final boolean owned;
    private final int maxPayloadBytes;
    private final Records records;
    private final PrincipalSessions principals;
    private final Leases leases;
    private final MapEvents events;
    private final AtomicBoolean closed = new AtomicBoolean();

    private HazelcastSessionStore(Builder builder) {
        hazelcast = builder.hazelcast;
        owned = builder.owned;
        maxPayloadBytes = builder.maxPayloadBytes;
        records = new Records(hazelcast, builder.mapName, builder.clock, builder.tombstones);
        principals = new PrincipalSessions(records);
        leases = new Leases(records, this::requireOpen);
        events = new MapEvents(records);
    }

    /**
     * Returns a store in the map {@link SessionMaps#DEFAULT_NAME}, with the system clock,
     * {@link #DEFAULT_MAX_PAYLOAD_BYTES} and {@link #DEFAULT_TOMBSTONES}.
     *
     * @param hazelcast a member or a client, which stays the caller's to shut down. Its own timeouts bound the verbs, and
     *     are two minutes unless set; see the README.
     */
    public static HazelcastSessionStore create(HazelcastInstance hazelcast) {
        return builder(hazelcast).build();
    }

    /** Returns a builder with the defaults of {@link #create(HazelcastInstance)}. */
    public static Builder builder(HazelcastInstance hazelcast) {
        return new Builder(hazelcast);
    }

    @Override
    public boolean create(StoredSession session) {
        session.payload().requireAtMost(maxPayloadBytes);
        return call(() -> records.create(session));
    }

    @Override
    public Optional<StoredSession> load(SessionKey key) {
        Objects.requireNonNull(key);
        return call(() -> records.load(key));
    }

    @Override
    public UpdateOutcome update(StoredSession session, long expectedVersion) {
        session.payload().requireAtMost(maxPayloadBytes);
        return call(() -> records.update(session, expectedVersion));
    }

    @Override
    public boolean touch(SessionKey key, Instant lastAccessedAt, Instant expiresAt) {
        Objects.requireNonNull(key);
        Instant accessed = StoredSession.toMillis(lastAccessedAt);
        Instant expires = StoredSession.toMillis(expiresAt);
        return call(() -> records.touch(key, accessed, expires));
    }

    @Override
    public boolean delete(SessionKey key) {
        Objects.requireNonNull(key);
        return call(() -> records.delete(key));
    }

    @Override
    public int purgeExpired(int limit) {
        requirePositive(limit);
        return call(() -> {
            records.purge();
            return 0;
        });
    }

    @Override
    public List<StoredSession> findByPrincipal(String principal, @Nullable SessionKey after, int limit) {
        requirePositive(limit);
        Objects.requireNonNull(principal);
        return call(() -> principals.find(principal, after, limit));
    }

    @Override
    public int deleteByPrincipal(String principal, @Nullable SessionKey except) {
        Objects.requireNonNull(principal);
        return call(() -> principals.deleteAll(principal, except));
    }

    /** {@inheritDoc} Reads a partition at a time, one of 271 unless the cluster has more or fewer. */
    @Override
    public Stream<StoredSession> scan() {
        RecordScan scan = call(() -> new RecordScan(records, hazelcast.getPartitionService(), this::requireOpen));
        return StreamSupport.stream(scan, false);
    }

    /** {@inheritDoc} Leases end by the clocks of the nodes, which should agree. In a split cluster each part grants locks. */
    @Override
    public Optional<Lock> lock(SessionKey key, Duration wait, Duration lease) {
        Objects.requireNonNull(key);
        return call(() -> leases.lock(key, wait, lease));
    }

    /**
     * {@inheritDoc}
     *
     * <p>Each instance that listens is told, when a purge, a create or a delete of any instance removes what has expired.
     * What a member has not yet told when it dies is lost. Values are sent to who listens.
     */
    @Override
    public Subscription onExpired(Consumer<SessionKey> listener) {
        Objects.requireNonNull(listener);
        return call(() -> events.onExpired(listener));
    }

    /** Returns one second. */
    @Override
    public Duration worstExpiryDelay() {
        return EVENT_DELAY;
    }

    /** {@inheritDoc} Touches are told, too. What a member has not yet told when it dies is lost. */
    @Override
    public Subscription onChange(Consumer<SessionKey> listener) {
        Objects.requireNonNull(listener);
        return call(() -> events.onChange(listener));
    }

    /** Returns one second, while the cluster is whole. */
    @Override
    public Duration worstDelay() {
        return EVENT_DELAY;
    }

    @Override
    public Subscription onUnreadable(Consumer<SessionKey> listener) {
        Objects.requireNonNull(listener);
        return call(() -> records.unreadable.add(listener));
    }

    /**
     * Returns {@link DeclaredConsistency.Consistency#STRONG_UNTIL_FAILOVER}: a map chooses availability over consistency. With one
     * backup the death of one member loses nothing; a split brain may lose updates, and see {@link SessionMergePolicy}.
     */
    @Override
    public Consistency consistency() {
        return Consistency.STRONG_UNTIL_FAILOVER;
    }

    /** Closes the store, and the member or client if the store was opened by URI; one that was handed in stays. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            events.close();
            records.close();
            if (owned) {
                hazelcast.shutdown();
            }
        }
    }

    private <T extends @Nullable Object> T call(Supplier<T> body) {
        requireOpen();
        try {
            return body.get();
        } catch (RuntimeException e) {
            requireOpen();
            throw e;
        }
    }

    private void requireOpen() {
        if (closed.get()) {
            throw new IllegalStateException("this session store was closed");
        }
    }

    private static void requirePositive(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1, not " + limit);
        }
    }

    /** Settings of a {@link HazelcastSessionStore}. Not thread-safe. */
    public static final class Builder {

        final HazelcastInstance hazelcast;
        boolean owned;
        String mapName = SessionMaps.DEFAULT_NAME;
        InstantSource clock = InstantSource.system();
        int maxPayloadBytes = DEFAULT_MAX_PAYLOAD_BYTES;
        Duration tombstones = DEFAULT_TOMBSTONES;

        private Builder(HazelcastInstance hazelcast) {
            this.hazelcast = Objects.requireNonNull(hazelcast);
        }

        /** The map, {@link SessionMaps#DEFAULT_NAME} unless set; only for sessions. */
        public Builder mapName(String mapName) {
            if (mapName.isEmpty()) {
                throw new IllegalArgumentException("mapName must not be empty");
            }
            this.mapName = mapName;
            return this;
        }

        /** What decides on expiry and leases; the system clock unless set. The nodes' clocks should agree. */
        public Builder clock(InstantSource clock) {
            this.clock = Objects.requireNonNull(clock);
            return this;
        }

        /** The largest payload in bytes; 1 MiB unless set. */
        public Builder maxPayloadBytes(int maxPayloadBytes) {
            if (maxPayloadBytes < 0) {
                throw new IllegalArgumentException("maxPayloadBytes must not be negative: " + maxPayloadBytes);
            }
            this.maxPayloadBytes = maxPayloadBytes;
            return this;
        }

        /**
         * How long it is remembered that a session was deleted, so that a split brain that ends in this time does not
         * bring it back; one hour unless set.
         */
        public Builder tombstones(Duration tombstones) {
            if (tombstones.isNegative() || tombstones.compareTo(Duration.ofDays(365)) > 0) {
                throw new IllegalArgumentException("tombstones must be from zero to a year, not " + tombstones);
            }
            this.tombstones = tombstones;
            return this;
        }

        /** Shuts the instance down with the store. */
        Builder owned() {
            owned = true;
            return this;
        }

        /** Returns a new store. It makes the map's indexes with its first verb, unless they are there. */
        public HazelcastSessionStore build() {
            return new HazelcastSessionStore(this);
        }
    }
}
