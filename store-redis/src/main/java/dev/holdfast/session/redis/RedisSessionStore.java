package dev.holdfast.session.redis;

import dev.holdfast.session.spi.DeclaredConsistency;
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
import redis.clients.jedis.UnifiedJedis;

/**
 * Keeps each session as one string in Redis, version 6.2 or newer, or Valkey: on a single server, behind Sentinel, or in a
 * Cluster. Takes any Jedis client, of Jedis 7.4 or newer, and never closes it.
 *
 * <p>What each verb sends, in one round trip:
 *
 * <ul>
 *   <li>load: {@code GET}.
 *   <li>create: {@code SET NX PX}; for a session with a principal a script, which writes the index too. Only if the key
 *       is taken a second one looks whether what is there has expired.
 *   <li>update, touch, delete: one script, {@code EVALSHA}, after a restart {@code EVAL}. A touch writes 20 bytes of the
 *       record. In a Cluster an update that changes the principal is sent twice.
 * </ul>
 *
 * All that a script writes lies under one hash tag and is applied at once, so a process may die anywhere. The record's own
 * time decides on expiry; Redis removes a record by itself {@linkplain Builder#expiryMargin a margin} later, so
 * {@link #purgeExpired} answers 0. It looks for index entries whose records are gone, a hundred a call.
 */
public sealed class RedisSessionStore
        implements SessionStore, PrincipalIndex, SessionScan, SessionLocking, UnreadableEvents, DeclaredConsistency
        permits EventfulRedisSessionStore {

    /** 16 MiB. */
    public static final int DEFAULT_MAX_PAYLOAD_BYTES = 16 << 20;

    final Server server;
    final KeySpace keys;
    final Scripts scripts;
    final InstantSource clock;

    private final Records records;
    private final PrincipalSessions principals;
    private final ServerCheck check;
    private final Leases leases;
    private final int maxPayloadBytes;
    private final @Nullable AutoCloseable owned;
    private final AtomicBoolean closed = new AtomicBoolean();

    RedisSessionStore(Builder builder) {
        boolean events = builder.changeDelay != null;
        maxPayloadBytes = builder.maxPayloadBytes;
        owned = builder.owned;
        clock = builder.clock;
        keys = new KeySpace(builder.keyPrefix);
        scripts = new Scripts(events);
        server = new Server(builder.client, builder.replicas, builder.replicaTimeout);
        check = new ServerCheck(server, keys);
        records = new Records(server, keys, scripts, clock, builder.expiryMargin, check, events);
        principals = new PrincipalSessions(server, keys, scripts, records);
        leases = new Leases(server, keys);
    }

    /**
     * Returns a store with the system clock, the key prefix {@code holdfast}, an expiry margin of 30 seconds,
     * {@link #DEFAULT_MAX_PAYLOAD_BYTES}, no waiting for replicas, and without events. Nothing is sent yet.
     *
     * @param client stays the caller's; its pool should have a positive {@code maxWait}, since by default threads wait
     *     for a connection without end
     */
    public static RedisSessionStore create(UnifiedJedis client) {
        return builder(client).build();
    }

    /** Returns a builder with the defaults of {@link #create(UnifiedJedis)}. */
    public static Builder builder(UnifiedJedis client) {
        return new Builder(client);
    }

    @Override
    public boolean create(StoredSession session) {
        session.payload().requireAtMost(maxPayloadBytes);
        return call("create", () -> records.create(session));
    }

    @Override
    public Optional<StoredSession> load(SessionKey key) {
        Objects.requireNonNull(key);
        return call("load", () -> records.load(key));
    }

    @Override
    public UpdateOutcome update(StoredSession session, long expectedVersion) {
        session.payload().requireAtMost(maxPayloadBytes);
        return call("update", () -> records.update(session, expectedVersion));
    }

    @Override
    public boolean touch(SessionKey key, Instant lastAccessedAt, Instant expiresAt) {
        Objects.requireNonNull(key);
        Instant accessed = StoredSession.toMillis(lastAccessedAt);
        Instant expires = StoredSession.toMillis(expiresAt);
        return call("touch", () -> records.touch(key, accessed, expires));
    }

    @Override
    public boolean delete(SessionKey key) {
        Objects.requireNonNull(key);
        return call("delete", () -> records.delete(key, null));
    }

    @Override
    public int purgeExpired(int limit) {
        requirePositive(limit);
        return call("purge", () -> {
            principals.healSome();
            return 0;
        });
    }

    @Override
    public List<StoredSession> findByPrincipal(String principal, @Nullable SessionKey after, int limit) {
        requirePositive(limit);
        Objects.requireNonNull(principal);
        return call("find by principal", () -> principals.find(principal, after, limit));
    }

    @Override
    public int deleteByPrincipal(String principal, @Nullable SessionKey except) {
        Objects.requireNonNull(principal);
        return call("delete by principal", () -> principals.deleteAll(principal, except));
    }

    /**
     * {@inheritDoc}
     *
     * <p>Sends {@code SCAN} to every master. A session whose hash slot moves to another node meanwhile may be missed, or
     * come twice.
     */
    @Override
    public Stream<StoredSession> scan() {
        RecordScan scan = call("scan", () -> new RecordScan(server, keys, records, check));
        return StreamSupport.stream(scan, false);
    }

    /** {@inheritDoc} Leases end by the server's clock. */
    @Override
    public Optional<Lock> lock(SessionKey key, Duration wait, Duration lease) {
        Objects.requireNonNull(key);
        requireOpen();
        return leases.lock(key, wait, lease, this::call);
    }

    @Override
    public Subscription onUnreadable(Consumer<SessionKey> listener) {
        requireOpen();
        return records.unreadable.add(Objects.requireNonNull(listener));
    }

    /**
     * Returns {@link DeclaredConsistency.Consistency#STRONG_UNTIL_FAILOVER}: replication and, unless {@code appendfsync} is {@code always},
     * saving lag behind the acknowledgement.
     */
    @Override
    public Consistency consistency() {
        return Consistency.STRONG_UNTIL_FAILOVER;
    }

    /** Closes the store, and the client if the store was opened by URI; a client that was handed in stays open. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        records.unreadable.clear();
        if (owned != null) {
            try {
                owned.close();
            } catch (Exception e) {
                System.getLogger(RedisSessionStore.class.getName())
                        .log(System.Logger.Level.DEBUG, "closing the client failed", e);
            }
        }
    }

    final <T extends @Nullable Object> T call(String verb, Supplier<T> body) {
        requireOpen();
        try {
            check.passOnce(verb);
            return body.get();
        } catch (RuntimeException e) {
            requireOpen();
            throw e;
        }
    }

    final void requireOpen() {
        if (closed.get()) {
            throw new IllegalStateException("this session store was closed");
        }
    }

    static void requirePositive(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1, not " + limit);
        }
    }

    /** Settings of a {@link RedisSessionStore}. Not thread-safe. */
    public static final class Builder {

        static final int MOST_PAYLOAD_BYTES = 512 << 20;

        final UnifiedJedis client;
        InstantSource clock = InstantSource.system();
        String keyPrefix = "holdfast";
        Duration expiryMargin = Duration.ofSeconds(30);
        int maxPayloadBytes = DEFAULT_MAX_PAYLOAD_BYTES;
        int replicas;
        Duration replicaTimeout = Duration.ofMillis(100);

        @Nullable
        Duration changeDelay;

        @Nullable
        AutoCloseable owned;

        private Builder(UnifiedJedis client) {
            this.client = Objects.requireNonNull(client);
        }

        /** What decides on expiry; the system clock unless set. */
        public Builder clock(InstantSource clock) {
            this.clock = Objects.requireNonNull(clock);
            return this;
        }

        /**
         * What all keys begin with: 1 to 100 letters, digits and characters of {@code .:_-}; {@code holdfast} unless set.
         */
        public Builder keyPrefix(String keyPrefix) {
            this.keyPrefix = Objects.requireNonNull(keyPrefix);
            return this;
        }

        /**
         * How much later than a session expires Redis removes its record; 30 seconds unless set. More than the clocks of
         * the application's nodes differ, so that no node misses a record that it takes for live.
         */
        public Builder expiryMargin(Duration expiryMargin) {
            if (expiryMargin.isNegative()) {
                throw new IllegalArgumentException("expiryMargin must not be negative: " + expiryMargin);
            }
            this.expiryMargin = expiryMargin;
            return this;
        }

        /** The largest payload in bytes, up to 512 MiB; {@link #DEFAULT_MAX_PAYLOAD_BYTES} unless set. */
        public Builder maxPayloadBytes(int maxPayloadBytes) {
            if (maxPayloadBytes < 0 || maxPayloadBytes > MOST_PAYLOAD_BYTES) {
                throw new IllegalArgumentException(
                        "maxPayloadBytes must be from 0 to " + MOST_PAYLOAD_BYTES + ", not " + maxPayloadBytes);
            }
            this.maxPayloadBytes = maxPayloadBytes;
            return this;
        }

        /**
         * Lets each write wait, in the same round trip, until so many replicas have it, which narrows what a failover may
         * lose. A write that fewer confirm in time is an {@link dev.holdfast.session.spi.OutcomeUnknownException}, though
         * the master has applied it. 0 unless set.
         */
        public Builder replicas(int replicas, Duration timeout) {
            if (replicas < 0 || timeout.toMillis() < 1) {
                throw new IllegalArgumentException(
                        "replicas must not be negative, and their timeout at least 1 ms: " + replicas + ", " + timeout);
            }
            this.replicas = replicas;
            this.replicaTimeout = timeout;
            return this;
        }

        /**
         * Makes the store an {@link dev.holdfast.session.spi.ExpiryEvents} and a
         * {@link dev.holdfast.session.spi.ChangeFeed}. Each write then keeps two sorted sets as well; all nodes must be set
         * alike. A thread looks for both while there are listeners, and
         * {@link RedisSessionStore#purgeExpired} for expiries; no keyspace notifications and no subscription are needed.
         * A node that was cut off for more than five
         * minutes is not told what changed meanwhile.
         *
         * @param changeDelay how late a change or an expiry is told at most, at least 10 ms
         */
        public Builder events(Duration changeDelay) {
            if (changeDelay.toMillis() < 10) {
                throw new IllegalArgumentException("changeDelay must be at least 10 ms, not " + changeDelay);
            }
            this.changeDelay = changeDelay;
            return this;
        }

        /** Closes this with the store. */
        Builder owning(AutoCloseable owned) {
            this.owned = owned;
            return this;
        }

        /**
         * Returns a new store.
         *
         * @throws IllegalArgumentException if the key prefix holds another character
         */
        public RedisSessionStore build() {
            return changeDelay == null ? new RedisSessionStore(this) : new EventfulRedisSessionStore(this, changeDelay);
        }
    }
}
