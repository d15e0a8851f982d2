package dev.holdfast.session;

import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** Delegates, and writes down which verbs were called. */
final class CountingStore implements SessionStore {

    private final SessionStore delegate;
    private final Queue<String> calls = new ConcurrentLinkedQueue<>();

    /** Runs before an update reaches the store, once. */
    volatile Runnable beforeUpdate = () -> {};

    /** Runs before each purge reaches the store. */
    volatile Runnable beforePurge = () -> {};

    /** What load, create and update throw, or {@code null}. */
    volatile @Nullable RuntimeException failure;

    CountingStore(SessionStore delegate) {
        this.delegate = delegate;
    }

    SessionStore delegate() {
        return delegate;
    }

    /** Returns the verbs called since the last time, and forgets them. */
    List<String> calls() {
        List<String> result = new ArrayList<>(calls);
        calls.clear();
        return result;
    }

    private void fail() {
        RuntimeException thrown = failure;
        if (thrown != null) {
            throw thrown;
        }
    }

    @Override
    public boolean create(StoredSession session) {
        calls.add("create");
        fail();
        return delegate.create(session);
    }

    @Override
    public Optional<StoredSession> load(SessionKey key) {
        calls.add("load");
        fail();
        return delegate.load(key);
    }

    @Override
    public UpdateOutcome update(StoredSession session, long expectedVersion) {
        calls.add("update");
        fail();
        Runnable hook = beforeUpdate;
        beforeUpdate = () -> {};
        hook.run();
        return delegate.update(session, expectedVersion);
    }

    @Override
    public boolean touch(SessionKey key, Instant lastAccessedAt, Instant expiresAt) {
        calls.add("touch");
        return delegate.touch(key, lastAccessedAt, expiresAt);
    }

    @Override
    public boolean delete(SessionKey key) {
        calls.add("delete");
        return delegate.delete(key);
    }

    @Override
    public int purgeExpired(int limit) {
        calls.add("purgeExpired");
        beforePurge.run();
        return delegate.purgeExpired(limit);
    }

    @Override
    public void close() {
        delegate.close();
    }
}
