package dev.holdfast.session;

import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoreUnavailableException;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/** Delegates, but its first purge fails, and each purge counts down. */
record FailingOnce(SessionStore delegate, CountDownLatch purges, AtomicBoolean failed) implements SessionStore {

    FailingOnce(SessionStore delegate, CountDownLatch purges) {
        this(delegate, purges, new AtomicBoolean());
    }

    @Override
    public int purgeExpired(int limit) {
        purges.countDown();
        if (failed.compareAndSet(false, true)) {
            throw new StoreUnavailableException("purgeExpired", null);
        }
        return delegate.purgeExpired(limit);
    }

    @Override
    public boolean create(StoredSession session) {
        return delegate.create(session);
    }

    @Override
    public Optional<StoredSession> load(SessionKey key) {
        return delegate.load(key);
    }

    @Override
    public UpdateOutcome update(StoredSession session, long expectedVersion) {
        return delegate.update(session, expectedVersion);
    }

    @Override
    public boolean touch(SessionKey key, Instant lastAccessedAt, Instant expiresAt) {
        return delegate.touch(key, lastAccessedAt, expiresAt);
    }

    @Override
    public boolean delete(SessionKey key) {
        return delegate.delete(key);
    }

    @Override
    public void close() {
        delegate.close();
    }
}
