package dev.holdfast.session.compliance.gallery;

import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** The sound store without its abilities. */
final class PlainStore implements SessionStore {

    private final SoundStore store;

    PlainStore(SoundBackend backend, InstantSource clock) {
        store = new SoundStore(backend, clock);
    }

    @Override
    public boolean create(StoredSession session) {
        return store.create(session);
    }

    @Override
    public Optional<StoredSession> load(SessionKey key) {
        return store.load(key);
    }

    @Override
    public UpdateOutcome update(StoredSession session, long expectedVersion) {
        return store.update(session, expectedVersion);
    }

    @Override
    public boolean touch(SessionKey key, Instant lastAccessedAt, Instant expiresAt) {
        return store.touch(key, lastAccessedAt, expiresAt);
    }

    @Override
    public boolean delete(SessionKey key) {
        return store.delete(key);
    }

    @Override
    public int purgeExpired(int limit) {
        return store.purgeExpired(limit);
    }

    @Override
    public void close() {
        store.close();
    }
}
