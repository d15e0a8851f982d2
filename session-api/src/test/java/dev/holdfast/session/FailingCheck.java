package dev.holdfast.session;

import dev.holdfast.session.spi.PrincipalIndex;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoreUnavailableException;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes, but can't read: what a log-in does first succeeds, and looking whether it was revoked fails. */
record FailingCheck(SessionStore delegate) implements SessionStore, PrincipalIndex {

    @Override
    public boolean create(StoredSession session) {
        return delegate.create(session);
    }

    @Override
    public Optional<StoredSession> load(SessionKey key) {
        throw new StoreUnavailableException("load", null);
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
    public List<StoredSession> findByPrincipal(String principal, @Nullable SessionKey after, int limit) {
        throw new StoreUnavailableException("findByPrincipal", null);
    }

    @Override
    public int deleteByPrincipal(String principal, @Nullable SessionKey except) {
        throw new StoreUnavailableException("deleteByPrincipal", null);
    }

    @Override
    public void close() {
        delegate.close();
    }
}
