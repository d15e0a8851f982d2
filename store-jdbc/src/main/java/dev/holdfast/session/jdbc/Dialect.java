package dev.holdfast.session.jdbc;

import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a database can do in one statement. The methods' own bodies are plain SQL, which any database understands but
 * which needs a second statement where only the first one's answer is not enough; a product overrides what it does better.
 *
 * <p>Each statement is complete and atomic by itself, so a process that dies between two of them leaves nothing behind.
 */
interface Dialect {

    /** For the log. */
    String product();

    /** The script in this jar that makes the tables. */
    String script();

    Statements sql();

    /** The largest payload that the script's column takes. */
    int maxPayloadBytes();

    /** Whether the server ends a statement by {@link java.sql.Statement#setQueryTimeout}, at a small cost. */
    default boolean hasCheapQueryTimeout() {
        return true;
    }

    /**
     * INSERT. Only if the key is taken: UPDATE … WHERE it has expired, and only if it has not: SELECT to see whether it is
     * live or was removed meanwhile, and if removed, again.
     */
    default boolean create(Call call, StoredSession session, long now) throws SQLException {
        while (true) {
            if (insert(call, session)) {
                return true;
            }
            try (PreparedStatement reuse = call.prepare(sql().reuseExpired)) {
                int next = Rows.bind(reuse, 1, session);
                reuse.setBytes(next, session.key().toBytes());
                reuse.setLong(next + 1, now);
                if (reuse.executeUpdate() == 1) {
                    return true;
                }
            }
            if (isLive(call, session.key(), now)) {
                return false;
            }
        }
    }

    /** Returns whether there was no row of that key, live or not. */
    default boolean insert(Call call, StoredSession session) throws SQLException {
        try (PreparedStatement insert = call.prepare(sql().insert)) {
            insert.setBytes(Rows.bind(insert, 1, session), session.key().toBytes());
            insert.executeUpdate();
            return true;
        } catch (SQLException e) {
            if (Failures.of(e) != Failures.DUPLICATE) {
                throw e;
            }
            return false;
        }
    }

    /** Returns whether there is a row of that key that has not expired. */
    default boolean isLive(Call call, SessionKey key, long now) throws SQLException {
        try (PreparedStatement look = call.prepare(sql().expiryOf)) {
            look.setBytes(1, key.toBytes());
            try (ResultSet row = look.executeQuery()) {
                return row.next() && row.getLong(1) > now;
            }
        }
    }

    /** UPDATE … WHERE the version is the expected one. Only if that met no row: SELECT to tell CONFLICT from GONE. */
    default UpdateOutcome update(Call call, StoredSession session, long expectedVersion, long now) throws SQLException {
        while (true) {
            try (PreparedStatement update = call.prepare(sql().update)) {
                bindUpdate(update, session, expectedVersion, now);
                if (update.executeUpdate() == 1) {
                    return UpdateOutcome.APPLIED;
                }
            }
            try (PreparedStatement look = call.prepare(sql().versionOf)) {
                look.setBytes(1, session.key().toBytes());
                look.setLong(2, now);
                try (ResultSet row = look.executeQuery()) {
                    if (!row.next()) {
                        return UpdateOutcome.GONE;
                    }
                    if (row.getLong(1) != expectedVersion) {
                        return UpdateOutcome.CONFLICT;
                    }
                    // deleted when the update looked, and created again since
                }
            }
        }
    }

    /** Binds {@link Statements#update}; returns the next index. */
    static int bindUpdate(PreparedStatement update, StoredSession session, long expectedVersion, long now)
            throws SQLException {
        update.setLong(1, session.idleTimeout().toMillis());
        update.setBytes(2, Rows.bytes(session.principal()));
        update.setBytes(3, session.payload().toByteArray());
        int next = bindAccess(update, 4, session.lastAccessedAt(), session.expiresAt());
        update.setBytes(next, session.key().toBytes());
        update.setLong(next + 1, expectedVersion);
        update.setLong(next + 2, now);
        return next + 3;
    }

    private static int bindAccess(PreparedStatement statement, int first, Instant accessed, Instant expires)
            throws SQLException {
        long accessedAt = accessed.toEpochMilli();
        long expiresAt = expires.toEpochMilli();
        statement.setLong(first, accessedAt);
        statement.setLong(first + 1, Rows.purgeAt(accessedAt, expiresAt));
        statement.setLong(first + 2, accessedAt);
        statement.setLong(first + 3, expiresAt);
        statement.setLong(first + 4, accessedAt);
        statement.setLong(first + 5, accessedAt);
        return first + 6;
    }

    /** UPDATE, of the times only. */
    default boolean touch(Call call, SessionKey key, Instant accessed, Instant expires, long now) throws SQLException {
        try (PreparedStatement touch = call.prepare(sql().touch)) {
            int next = bindAccess(touch, 1, accessed, expires);
            touch.setBytes(next, key.toBytes());
            touch.setLong(next + 1, now);
            return touch.executeUpdate() == 1;
        }
    }

    /** DELETE … WHERE it is live. Only if that met no row: DELETE … WHERE it has expired. */
    default boolean delete(Call call, SessionKey key, long now) throws SQLException {
        if (delete(call, sql().deleteLive, key, now)) {
            return true;
        }
        var unused = delete(call, sql().deleteExpired, key, now);
        return false;
    }

    /** Returns whether a DELETE to which a key and the time are bound removed a row. */
    static boolean delete(Call call, String sql, SessionKey key, long now) throws SQLException {
        try (PreparedStatement delete = call.prepare(sql)) {
            delete.setBytes(1, key.toBytes());
            delete.setLong(2, now);
            return delete.executeUpdate() == 1;
        }
    }

    /** A delete in one statement that answers when the removed record was to expire. */
    static boolean deleteReturning(Call call, String sql, SessionKey key, long now) throws SQLException {
        try (PreparedStatement delete = call.prepare(sql)) {
            delete.setBytes(1, key.toBytes());
            try (ResultSet row = delete.executeQuery()) {
                return row.next() && row.getLong(1) > now;
            }
        }
    }

    /** SELECT of expired keys, then a DELETE … WHERE it has expired for each: returns how many this call removed. */
    default int purge(Call call, int limit, long now) throws SQLException {
        List<SessionKey> due;
        try (PreparedStatement look = call.prepare(sql().due)) {
            look.setLong(1, now);
            look.setLong(2, now);
            look.setInt(3, limit);
            due = keys(look);
        }
        int removed = 0;
        for (SessionKey key : due) {
            if (delete(call, sql().deleteExpired, key, now)) {
                removed++;
            }
        }
        return removed;
    }

    /** How rows are removed where more is to be done with them than that, or {@code null} if there is no way. */
    default @Nullable LockingPurge lockingPurge() {
        return null;
    }

    /** Returns the keys that a query answers in its first column. */
    static List<SessionKey> keys(PreparedStatement query) throws SQLException {
        List<SessionKey> keys = new ArrayList<>();
        try (ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
                keys.add(SessionKey.ofBytes(rows.getBytes(1)));
            }
        }
        return keys;
    }

    /** INSERT of a lease. Only if there is one: UPDATE … WHERE it has ended. */
    default boolean lock(Call call, SessionKey key, long token, long until, long now) throws SQLException {
        try (PreparedStatement insert = call.prepare(sql().lockFree)) {
            insert.setBytes(1, key.toBytes());
            insert.setLong(2, token);
            insert.setLong(3, until);
            insert.executeUpdate();
            return true;
        } catch (SQLException e) {
            if (Failures.of(e) != Failures.DUPLICATE) {
                throw e;
            }
        }
        try (PreparedStatement update = call.prepare(sql().lockEnded)) {
            update.setLong(1, token);
            update.setLong(2, until);
            update.setBytes(3, key.toBytes());
            update.setLong(4, now);
            return update.executeUpdate() == 1;
        }
    }

    /** Prepares statements with the store's timeout on one connection. */
    record Call(Connection connection, int timeoutSeconds) {
        PreparedStatement prepare(String sql) throws SQLException {
            PreparedStatement statement = connection.prepareStatement(sql);
            if (timeoutSeconds > 0) {
                statement.setQueryTimeout(timeoutSeconds);
            }
            return statement;
        }
    }
}
