package dev.holdfast.session.compliance.example;

import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps sessions in a map that is handed in; the smallest complete store. Each write is one step of the map. A purge looks
 * at each record.
 */
public final class MapSessionStore implements SessionStore {

    static final int MAX_PAYLOAD_BYTES = 1 << 20;
    private final ConcurrentMap<SessionKey, StoredSession> map;
    private final InstantSource clock;
    private volatile boolean closed;

    public MapSessionStore(ConcurrentMap<SessionKey, StoredSession> map, InstantSource clock) {
        this.map = map;
        this.clock = clock;
    }

    @Override
    public boolean create(StoredSession session) {
        session.payload().requireAtMost(MAX_PAYLOAD_BYTES);
        boolean[] created = {false};
        records().compute(session.key(), (key, current) -> {
            created[0] = !isLive(current);
            return created[0] ? session.withVersion(1) : current;
        });
        return created[0];
    }

    @Override
    public Optional<StoredSession> load(SessionKey key) {
        return Optional.ofNullable(records().get(key)).filter(this::isLive);
    }

    @Override
    public UpdateOutcome update(StoredSession session, long expectedVersion) {
        session.payload().requireAtMost(MAX_PAYLOAD_BYTES);
        UpdateOutcome[] outcome = {UpdateOutcome.GONE};
        records().computeIfPresent(session.key(), (key, current) -> {
            if (isLive(current)) {
                outcome[0] = current.version() == expectedVersion ? UpdateOutcome.APPLIED : UpdateOutcome.CONFLICT;
            }
            return outcome[0] == UpdateOutcome.APPLIED ? session.replacing(current) : current;
        });
        return outcome[0];
    }

    @Override
    public boolean touch(SessionKey key, Instant lastAccessedAt, Instant expiresAt) {
        boolean[] live = {false};
        records().computeIfPresent(key, (any, current) -> {
            live[0] = isLive(current);
            boolean moves = live[0] && !lastAccessedAt.isBefore(current.lastAccessedAt());
            return moves ? current.withAccess(lastAccessedAt, expiresAt) : current;
        });
        return live[0];
    }

    @Override
    public boolean delete(SessionKey key) {
        return isLive(records().remove(key));
    }

    @Override
    public int purgeExpired(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1, not " + limit);
        }
        return (int) records().entrySet().stream()
                .filter(entry -> !isLive(entry.getValue()) && map.remove(entry.getKey(), entry.getValue()))
                .limit(limit)
                .count();
    }

    @Override
    public void close() {
        closed = true;
    }

    private ConcurrentMap<SessionKey, StoredSession> records() {
        if (closed) {
            throw new IllegalStateException("this session store was closed");
        }
        return map;
    }

    private boolean isLive(@Nullable StoredSession session) {
        return session != null && !session.isExpiredAt(clock.instant());
    }
}
