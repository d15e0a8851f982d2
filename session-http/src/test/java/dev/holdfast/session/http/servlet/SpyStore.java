package dev.holdfast.session.http.servlet;

import dev.holdfast.session.memory.MemorySessionStore;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionLocking;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoreUnavailableException;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** An in-memory store that notes its calls, and is down for the verbs that the test says. */
final class SpyStore implements SessionStore, SessionLocking {

    final MemorySessionStore memory;
    final Queue<String> calls = new ConcurrentLinkedQueue<>();
    final Set<String> down = ConcurrentHashMap.newKeySet();

    SpyStore(InstantSource clock) {
        memory = MemorySessionStore.builder().clock(clock).build();
    }

    private void called(String verb) {
        calls.add(verb);
        if (down.contains(verb)) {
            throw new StoreUnavailableException(verb, null);
        }
    }

    List<String> takeCalls() {
        List<String> taken = List.copyOf(calls);
        calls.clear();
        return taken;
    }

    long size() {
        return memory.scan().count();
    }

    @Override
    public Optional<Lock> lock(SessionKey key, Duration wait, Duration lease) {
        return memory.lock(key, wait, lease);
    }

    @Override
    public boolean create(StoredSession session) {
        called("create");
        return memory.create(session);
    }

    @Override
    public Optional<StoredSession> load(SessionKey key) {
        called("load");
        return memory.load(key);
    }

    @Override
    public UpdateOutcome update(StoredSession session, long expectedVersion) {
        called("update");
        return memory.update(session, expectedVersion);
    }

    @Override
    public boolean touch(SessionKey key, Instant lastAccessedAt, Instant expiresAt) {
        called("touch");
        return memory.touch(key, lastAccessedAt, expiresAt);
    }

    @Override
    public boolean delete(SessionKey key) {
        called("delete");
        return memory.delete(key);
    }

    @Override
    public int purgeExpired(int limit) {
        return memory.purgeExpired(limit);
    }

    @Override
    public void close() {
        memory.close();
    }
}
