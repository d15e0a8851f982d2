package dev.holdfast.session.compliance;

import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.time.Instant;
import java.util.Optional;

/** A store without its abilities. */
record PlainVerbs(SessionStore delegate) implements SessionStore {

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
    public int purgeExpired(int limit) {
        return delegate.purgeExpired(limit);
    }

    @Override
    public void close() {
        delegate.close();
    }
}
