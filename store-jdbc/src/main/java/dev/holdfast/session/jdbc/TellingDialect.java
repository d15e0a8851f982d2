package dev.holdfast.session.jdbc;

import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Another dialect that notes each expired row in a third table, in the transaction that removes it, until an instance
 * that listens has told of it. Deletes and creates that meet an expired row do the same.
 */
record TellingDialect(Dialect beneath, LockingPurge rows, String note, String untold, String told, String forget)
        implements Dialect {

    private static final long MOST_MILLIS_UNTOLD = TimeUnit.DAYS.toMillis(1);

    static TellingDialect over(Dialect beneath, LockingPurge rows, Table table) {
        String expired = table.expired();
        return new TellingDialect(
                beneath,
                rows,
                "INSERT INTO " + expired + " (event_id, session_key, noted_at) VALUES (?, ?, ?)",
                "SELECT event_id, session_key FROM " + expired + beneath.sql().limit,
                "DELETE FROM " + expired + " WHERE event_id = ?",
                "DELETE FROM " + expired + " WHERE noted_at < ?");
    }

    @Override
    public String product() {
        return beneath.product();
    }

    @Override
    public String script() {
        return beneath.script();
    }

    @Override
    public Statements sql() {
        return beneath.sql();
    }

    @Override
    public int maxPayloadBytes() {
        return beneath.maxPayloadBytes();
    }

    @Override
    public boolean hasCheapQueryTimeout() {
        return beneath.hasCheapQueryTimeout();
    }

    /** INSERT. Only if the key is taken: the purge of that key, and INSERT again if there was something to purge. */
    @Override
    public boolean create(Call call, StoredSession session, long now) throws SQLException {
        while (!insert(call, session)) {
            purge(call, session.key(), now);
            if (isLive(call, session.key(), now)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public UpdateOutcome update(Call call, StoredSession session, long expectedVersion, long now) throws SQLException {
        return beneath.update(call, session, expectedVersion, now);
    }

    @Override
    public boolean touch(Call call, SessionKey key, Instant accessed, Instant expires, long now) throws SQLException {
        return beneath.touch(call, key, accessed, expires, now);
    }

    @Override
    public boolean lock(Call call, SessionKey key, long token, long until, long now) throws SQLException {
        return beneath.lock(call, key, token, until, now);
    }

    /** DELETE … WHERE it is live. Only if that met no row: the purge of that key. */
    @Override
    public boolean delete(Call call, SessionKey key, long now) throws SQLException {
        if (Dialect.delete(call, sql().deleteLive, key, now)) {
            return true;
        }
        purge(call, key, now);
        return false;
    }

    @Override
    public int purge(Call call, int limit, long now) throws SQLException {
        int purged = rows.run(call, limit, now, keys -> note(call, keys, now));
        if (purged < limit) {
            forget(call, now);
        }
        return purged;
    }

    private void purge(Call call, SessionKey key, long now) throws SQLException {
        rows.transaction(call, () -> {
            boolean removed = Dialect.delete(call, sql().deleteExpired, key, now);
            if (removed) {
                note(call, List.of(key), now);
            }
            return removed;
        });
    }

    private void note(Call call, List<SessionKey> keys, long now) throws SQLException {
        if (keys.isEmpty()) {
            return;
        }
        try (PreparedStatement insert = call.prepare(note)) {
            for (SessionKey key : keys) {
                insert.setLong(1, ThreadLocalRandom.current().nextLong());
                insert.setBytes(2, key.toBytes());
                insert.setLong(3, now);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** An expiry that nobody asked for within a day is told to nobody. */
    private void forget(Call call, long now) throws SQLException {
        try (PreparedStatement delete = call.prepare(forget)) {
            delete.setLong(1, now - MOST_MILLIS_UNTOLD);
            delete.executeUpdate();
        }
    }

    /** Returns up to so many expiries that nobody was told of, by the ids of their notes. */
    Map<Long, SessionKey> untold(Call call, int limit) throws SQLException {
        Map<Long, SessionKey> found = new LinkedHashMap<>();
        try (PreparedStatement look = call.prepare(untold)) {
            look.setInt(1, limit);
            try (ResultSet row = look.executeQuery()) {
                while (row.next()) {
                    found.put(row.getLong(1), SessionKey.ofBytes(row.getBytes(2)));
                }
            }
        }
        return found;
    }

    /** Removes notes, whoever may have removed some of them before; returns how many there were. */
    int told(Call call, Set<Long> events) throws SQLException {
        try (PreparedStatement delete = call.prepare(told)) {
            for (long event : events) {
                delete.setLong(1, event);
                delete.addBatch();
            }
            return delete.executeBatch().length;
        }
    }
}
