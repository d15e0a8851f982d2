package dev.holdfast.session;

import dev.holdfast.session.memory.MemorySessionStore;
import dev.holdfast.session.spi.PrincipalIndex;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An in-memory store in which something happens while somebody looks for a principal's sessions. */
final class HookedIndex implements SessionStore, PrincipalIndex {

    private final MemorySessionStore delegate;

    /** Runs before each look. */
    volatile Runnable beforeFind = () -> {};

    /** Runs during a look that then finds nothing, once: it stands for what happens on both sides of a walk. */
    volatile @Nullable Runnable hideOnce;

    HookedIndex(MemorySessionStore delegate) {
        this.delegate = delegate;
    }

    MemorySessionStore delegate() {
        return delegate;
    }

    @Override
    public List<StoredSession> findByPrincipal(String principal, @Nullable SessionKey after, int limit) {
        beforeFind.run();
        Runnable hidden = hideOnce;
        if (hidden != null) {
            hideOnce = null;
            hidden.run();
            return List.of();
        }
        return delegate.findByPrincipal(principal, after, limit);
    }

    @Override
    public int deleteByPrincipal(String principal, @Nullable SessionKey except) {
        return delegate.deleteByPrincipal(principal, except);
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
    public int purgeExpired(int limit) {
        return delegate.purgeExpired(limit);
    }

    @Override
    public void close() {
        delegate.close();
    }
}
