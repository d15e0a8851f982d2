package dev.holdfast.benchmarks;

import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import java.time.Instant;
import java.util.Iterator;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The floor of the memory store: a concurrent map of immutable records, and no rule of a contract. */
final class MapFloor implements Subject {

    private final ConcurrentMap<SessionKey, StoredSession> map = new ConcurrentHashMap<>();

    @Override
    public Object load(StoredSession session) {
        return map.get(session.key());
    }

    @Override
    public Object update(StoredSession session, long version) {
        StoredSession old = map.get(session.key());
        return map.replace(session.key(), old, session.withVersion(version + 1));
    }

    @Override
    public Object touch(StoredSession session) {
        StoredSession old = map.get(session.key());
        Instant now = Instant.now();
        return map.replace(session.key(), old, old.withAccess(now, now.plus(old.idleTimeout())));
    }

    @Override
    public Object create(StoredSession session) {
        return map.putIfAbsent(session.key(), session);
    }

    @Override
    public Object delete(StoredSession session) {
        return map.remove(session.key());
    }

    @Override
    public Object purge() {
        Instant now = Instant.now();
        int purged = 0;
        for (Iterator<StoredSession> all = map.values().iterator(); all.hasNext(); ) {
            if (all.next().isExpiredAt(now)) {
                all.remove();
                purged++;
            }
        }
        return purged;
    }

    @Override
    public void close() {
        map.clear();
    }
}
