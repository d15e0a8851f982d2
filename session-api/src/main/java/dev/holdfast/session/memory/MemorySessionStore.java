package dev.holdfast.session.memory;

import dev.holdfast.session.spi.ChangeFeed;
import dev.holdfast.session.spi.ExpiryEvents;
import dev.holdfast.session.spi.KeyListeners;
import dev.holdfast.session.spi.PrincipalIndex;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionLocking;
import dev.holdfast.session.spi.SessionScan;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.Subscription;
import dev.holdfast.session.spi.UpdateOutcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps sessions in this JVM: for tests, for small sites that may forget, and as the measure of what the layers above
 * cost. It keeps every promise of {@link SessionStore} but durability, and has every ability.
 *
 * <p>Each verb is one atomic step on a concurrent map; nothing waits but {@link SessionLocking#lock}. Expired sessions
 * hold memory until {@link #purgeExpired}, whose cost follows the number that has become due. Listeners are called in
 * the thread that writes or purges, before the verb returns.
 */
public final class MemorySessionStore
        implements SessionStore, PrincipalIndex, SessionScan, SessionLocking, ExpiryEvents, ChangeFeed {

    /** 16 MiB. */
    public static final int DEFAULT_MAX_PAYLOAD_BYTES = 16 << 20;

    private final MemoryBackend backend;
    private final InstantSource clock;
    private final int maxPayloadBytes;
    private final Set<Subscription> subscriptions = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private MemorySessionStore(Builder builder) {
        backend = builder.name == null ? new MemoryBackend() : MemoryBackend.named(builder.name);
        clock = builder.clock;
        maxPayloadBytes = builder.maxPayloadBytes;
    }

    /** Returns a store of its own, with the system clock and {@link #DEFAULT_MAX_PAYLOAD_BYTES}. */
    public static MemorySessionStore create() {
        return builder().build();
    }

    /** Returns a builder with the defaults of {@link #create}. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public boolean create(StoredSession session) {
        requireOpen();
        session.payload().requireAtMost(maxPayloadBytes);
        return backend.create(session.withVersion(1), clock.millis());
    }

    @Override
    public Optional<StoredSession> load(SessionKey key) {
        requireOpen();
        return Optional.ofNullable(backend.load(key, clock.millis()));
    }

    @Override
    public UpdateOutcome update(StoredSession session, long expectedVersion) {
        requireOpen();
        session.payload().requireAtMost(maxPayloadBytes);
        return backend.update(session, expectedVersion, clock.millis());
    }

    @Override
    public boolean touch(SessionKey key, Instant lastAccessedAt, Instant expiresAt) {
        requireOpen();
        return backend.touch(
                key, StoredSession.toMillis(lastAccessedAt), StoredSession.toMillis(expiresAt), clock.millis());
    }

    @Override
    public boolean delete(SessionKey key) {
        requireOpen();
        return backend.delete(key, clock.millis());
    }

    @Override
    public int purgeExpired(int limit) {
        requireOpen();
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1, not " + limit);
        }
        return backend.purgeExpired(limit, clock.millis());
    }

    @Override
    public List<StoredSession> findByPrincipal(String principal, @Nullable SessionKey after, int limit) {
        requireOpen();
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1, not " + limit);
        }
        return backend.findByPrincipal(principal, after, limit, clock.millis());
    }

    @Override
    public int deleteByPrincipal(String principal, @Nullable SessionKey except) {
        requireOpen();
        return backend.deleteByPrincipal(principal, except, clock.millis());
    }

    @Override
    public Stream<StoredSession> scan() {
        requireOpen();
        return backend.scan(clock.millis());
    }

    @Override
    public Optional<Lock> lock(SessionKey key, Duration wait, Duration lease) {
        requireOpen();
        return backend.locks.lock(Objects.requireNonNull(key), wait, lease, clock);
    }

    @Override
    public Subscription onExpired(Consumer<SessionKey> listener) {
        requireOpen();
        return subscribe(backend.expired, listener);
    }

    /** Returns zero: expiries are told when a purge, or a new session under the same key, removes the record. */
    @Override
    public Duration worstExpiryDelay() {
        return Duration.ZERO;
    }

    @Override
    public Subscription onChange(Consumer<SessionKey> listener) {
        requireOpen();
        return subscribe(backend.changed, listener);
    }

    /** Returns zero: listeners are called before the write is acknowledged. */
    @Override
    public Duration worstDelay() {
        return Duration.ZERO;
    }

    private Subscription subscribe(KeyListeners listeners, Consumer<SessionKey> listener) {
        Subscription subscription = listeners.add(listener);
        subscriptions.add(subscription);
        return () -> {
            subscriptions.remove(subscription);
            subscription.close();
        };
    }

    /** Forgets the sessions of an unnamed store; a named one's stay for the JVM's life. */
    @Override
    public void close() {
        closed = true;
        subscriptions.forEach(Subscription::close);
        subscriptions.clear();
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("this session store was closed");
        }
    }

    /** Settings of a {@link MemorySessionStore}. Not thread-safe. */
    public static final class Builder {

        private InstantSource clock = InstantSource.system();
        private int maxPayloadBytes = DEFAULT_MAX_PAYLOAD_BYTES;
        private @Nullable String name;

        private Builder() {}

        /** What decides on expiry; the system clock unless set. */
        public Builder clock(InstantSource clock) {
            this.clock = Objects.requireNonNull(clock);
            return this;
        }

        /** The largest payload in bytes; {@link MemorySessionStore#DEFAULT_MAX_PAYLOAD_BYTES} unless set. */
        public Builder maxPayloadBytes(int maxPayloadBytes) {
            if (maxPayloadBytes < 0) {
                throw new IllegalArgumentException("maxPayloadBytes must not be negative: " + maxPayloadBytes);
            }
            this.maxPayloadBytes = maxPayloadBytes;
            return this;
        }

        /** Shares the sessions among all stores of this name in the JVM, as two nodes share a server. */
        public Builder sharedAs(String name) {
            this.name = Objects.requireNonNull(name);
            return this;
        }

        /** Returns a new store. */
        public MemorySessionStore build() {
            return new MemorySessionStore(this);
        }
    }
}
