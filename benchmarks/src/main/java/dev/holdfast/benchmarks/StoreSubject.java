package dev.holdfast.benchmarks;

import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoredSession;
import java.time.Instant;

/** A store behind the facade. */
final class StoreSubject implements Subject {

    private static final int BATCH = 1000;

    private final SessionStore store;
    private final AutoCloseable beneath;

    StoreSubject(SessionStore store) {
        this(store, () -> {});
    }

    /** @param beneath what the store was given, and does not close itself */
    StoreSubject(SessionStore store, AutoCloseable beneath) {
        this.store = store;
        this.beneath = beneath;
    }

    SessionStore store() {
        return store;
    }

    @Override
    public Object load(StoredSession session) {
        return store.load(session.key());
    }

    @Override
    public Object update(StoredSession session, long version) {
        return store.update(session, version);
    }

    @Override
    public Object touch(StoredSession session) {
        Instant now = Instant.now();
        return store.touch(session.key(), now, now.plus(session.idleTimeout()));
    }

    @Override
    public Object create(StoredSession session) {
        return store.create(session);
    }

    @Override
    public Object delete(StoredSession session) {
        return store.delete(session.key());
    }

    @Override
    public Object purge() {
        int purged = 0;
        int batch;
        do {
            batch = store.purgeExpired(BATCH);
            purged += batch;
        } while (batch == BATCH);
        return purged;
    }

    @Override
    public void close() {
        store.close();
        try {
            beneath.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
