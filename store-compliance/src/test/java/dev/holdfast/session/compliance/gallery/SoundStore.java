package dev.holdfast.session.compliance.gallery;

import dev.holdfast.session.memory.MemorySessionStore;
import dev.holdfast.session.spi.ChangeFeed;
import dev.holdfast.session.spi.ExpiryEvents;
import dev.holdfast.session.spi.OutcomeUnknownException;
import dev.holdfast.session.spi.PrincipalIndex;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionLocking;
import dev.holdfast.session.spi.SessionScan;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoreUnavailableException;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.Subscription;
import dev.holdfast.session.spi.UnreadableEvents;
import dev.holdfast.session.spi.UpdateOutcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A store with all abilities on a {@link SoundBackend}, which keeps every promise. Each broken store overrides a verb. */
class SoundStore
        implements SessionStore,
                PrincipalIndex,
                SessionScan,
                SessionLocking,
                ExpiryEvents,
                ChangeFeed,
                UnreadableEvents {

    static final int HEADER_BYTES = 100;

    final SoundBackend backend;
    final MemorySessionStore store;

    private final String resource;
    private final Set<SessionKey> reported = ConcurrentHashMap.newKeySet();
    private final Set<Consumer<SessionKey>> unreadable = ConcurrentHashMap.newKeySet();

    SoundStore(SoundBackend backend, InstantSource clock) {
        this.backend = backend;
        this.store = MemorySessionStore.builder()
                .clock(clock)
                .sharedAs(backend.name)
                .maxPayloadBytes(SoundBackend.MAX_PAYLOAD)
                .build();
        resource = "connection " + backend.instances.incrementAndGet();
        backend.open.add(resource);
    }

    private void reach(String verb) {
        if (backend.down) {
            throw new StoreUnavailableException(verb, null);
        }
    }

    final <T> T read(String verb, Supplier<T> call) {
        reach(verb);
        T answer = call.get();
        if (backend.repliesLost) {
            throw new StoreUnavailableException(verb, null);
        }
        return answer;
    }

    final <T> T write(String verb, int bytes, Supplier<T> call) {
        reach(verb);
        T answer = call.get();
        backend.bytesWritten.addAndGet(bytes);
        if (backend.repliesLost) {
            throw new OutcomeUnknownException(verb, null);
        }
        return answer;
    }

    @Override
    public boolean create(StoredSession session) {
        session.payload().requireAtMost(SoundBackend.MAX_PAYLOAD);
        return write("create", HEADER_BYTES + session.payload().size(), () -> {
            boolean created = store.create(session);
            if (created) {
                backend.damaged.remove(session.key());
                backend.attic.put(session.key(), session.withVersion(1));
            }
            return created;
        });
    }

    @Override
    public Optional<StoredSession> load(SessionKey key) {
        return read("load", () -> {
            Optional<StoredSession> loaded = store.load(key);
            if (loaded.isEmpty() && backend.damaged.containsKey(key) && reported.add(key)) {
                unreadable.forEach(listener -> listener.accept(key));
            }
            return loaded;
        });
    }

    @Override
    public UpdateOutcome update(StoredSession session, long expectedVersion) {
        session.payload().requireAtMost(SoundBackend.MAX_PAYLOAD);
        return write("update", HEADER_BYTES + session.payload().size(), () -> {
            UpdateOutcome outcome = store.update(session, expectedVersion);
            if (outcome == UpdateOutcome.APPLIED) {
                // of two updates the earlier may come here later
                backend.attic.computeIfPresent(
                        session.key(),
                        (key, old) -> expectedVersion < old.version()
                                ? old
                                : session.replacing(old).withVersion(expectedVersion + 1));
            }
            return outcome;
        });
    }

    @Override
    public boolean touch(SessionKey key, Instant lastAccessedAt, Instant expiresAt) {
        return write("touch", HEADER_BYTES, () -> {
            boolean touched = store.touch(key, lastAccessedAt, expiresAt);
            if (touched) {
                backend.attic.computeIfPresent(
                        key,
                        (any, old) -> old.lastAccessedAt().isAfter(lastAccessedAt)
                                ? old
                                : old.withAccess(lastAccessedAt, expiresAt));
            }
            return touched;
        });
    }

    @Override
    public boolean delete(SessionKey key) {
        return write("delete", HEADER_BYTES, () -> {
            backend.damaged.remove(key);
            backend.attic.remove(key);
            return store.delete(key);
        });
    }

    @Override
    public int purgeExpired(int limit) {
        return write("purgeExpired", HEADER_BYTES, () -> store.purgeExpired(limit));
    }

    @Override
    public List<StoredSession> findByPrincipal(String principal, @Nullable SessionKey after, int limit) {
        return read("findByPrincipal", () -> store.findByPrincipal(principal, after, limit));
    }

    @Override
    public int deleteByPrincipal(String principal, @Nullable SessionKey except) {
        return write("deleteByPrincipal", HEADER_BYTES, () -> {
            int deleted = store.deleteByPrincipal(principal, except);
            backend.attic
                    .values()
                    .removeIf(session -> principal.equals(session.principal())
                            && store.load(session.key()).isEmpty());
            return deleted;
        });
    }

    @Override
    public Stream<StoredSession> scan() {
        return read("scan", store::scan);
    }

    @Override
    public Optional<Lock> lock(SessionKey key, Duration wait, Duration lease) {
        return write("lock", HEADER_BYTES, () -> store.lock(key, wait, lease));
    }

    @Override
    public Subscription onExpired(Consumer<SessionKey> listener) {
        return store.onExpired(listener);
    }

    @Override
    public Duration worstExpiryDelay() {
        return store.worstExpiryDelay();
    }

    @Override
    public Subscription onChange(Consumer<SessionKey> listener) {
        return store.onChange(listener);
    }

    @Override
    public Duration worstDelay() {
        return store.worstDelay();
    }

    @Override
    public Subscription onUnreadable(Consumer<SessionKey> listener) {
        // the store behind has no such listeners, but knows whether it was closed
        Subscription open = store.onChange(key -> {});
        unreadable.add(listener);
        return () -> {
            unreadable.remove(listener);
            open.close();
        };
    }

    @Override
    public void close() {
        store.close();
        backend.open.remove(resource);
    }
}
