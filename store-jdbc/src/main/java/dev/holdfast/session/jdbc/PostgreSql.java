package dev.holdfast.session.jdbc;

import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** PostgreSQL: each verb is one statement, whatever it meets. */
record PostgreSql(
        Statements sql,
        String create,
        String update,
        String delete,
        String purge,
        String lock,
        LockingPurge lockingPurge)
        implements Dialect {

    private static final int LARGEST_PAYLOAD = 1 << 29;

    /** Stands for a version, which none has, in the answer to an update. */
    private static final int APPLIED = 0;

    PostgreSql(Table table) {
        this(new Statements(table, " LIMIT ?"), table.sessions(), table.locks());
    }

    private PostgreSql(Statements sql, String sessions, String locks) {
        this(
                sql,
                sql.insert + " ON CONFLICT (session_key) DO UPDATE SET created_at = excluded.created_at,"
                        + " accessed_at = excluded.accessed_at, expires_at = excluded.expires_at,"
                        + " purge_at = excluded.purge_at, idle_ms = excluded.idle_ms,"
                        + " principal = excluded.principal, payload = excluded.payload, version = 1 WHERE "
                        + sessions + ".expires_at <= ?",
                "WITH applied AS (" + sql.update + " RETURNING 1) SELECT coalesce((SELECT " + APPLIED
                        + " FROM applied), (" + sql.versionOf + "))",
                "DELETE FROM " + sessions + " WHERE session_key = ? RETURNING expires_at",
                "DELETE FROM " + sessions + " WHERE ctid = ANY (ARRAY(SELECT ctid FROM " + sessions
                        + " WHERE purge_at <= ? AND expires_at <= ? ORDER BY purge_at LIMIT ? FOR UPDATE SKIP LOCKED))",
                sql.lockFree + " ON CONFLICT (lock_key) DO UPDATE SET token = excluded.token,"
                        + " until_at = excluded.until_at WHERE " + locks + ".until_at <= ?",
                new LockingPurge(
                        null, sql.due + LockingPurge.LOCKED, "DELETE FROM " + sessions + " WHERE session_key IN"));
    }

    @Override
    public String product() {
        return "PostgreSQL";
    }

    @Override
    public String script() {
        return "META-INF/holdfast/jdbc/postgresql.sql";
    }

    @Override
    public int maxPayloadBytes() {
        return LARGEST_PAYLOAD;
    }

    @Override
    public boolean create(Call call, StoredSession session, long now) throws SQLException {
        try (PreparedStatement insert = call.prepare(create)) {
            int next = Rows.bind(insert, 1, session);
            insert.setBytes(next, session.key().toBytes());
            insert.setLong(next + 1, now);
            return insert.executeUpdate() == 1;
        }
    }

    /**
     * One statement that updates, or else reads the version as it was when the statement began. If that is the expected
     * one, another writer came in between: the statement is sent again.
     */
    @Override
    public UpdateOutcome update(Call call, StoredSession session, long expectedVersion, long now) throws SQLException {
        while (true) {
            try (PreparedStatement statement = call.prepare(update)) {
                int next = Dialect.bindUpdate(statement, session, expectedVersion, now);
                statement.setBytes(next, session.key().toBytes());
                statement.setLong(next + 1, now);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    long version = row.getLong(1);
                    if (row.wasNull()) {
                        return UpdateOutcome.GONE;
                    }
                    if (version == APPLIED) {
                        return UpdateOutcome.APPLIED;
                    }
                    if (version != expectedVersion) {
                        return UpdateOutcome.CONFLICT;
                    }
                }
            }
        }
    }

    @Override
    public boolean delete(Call call, SessionKey key, long now) throws SQLException {
        return Dialect.deleteReturning(call, delete, key, now);
    }

    @Override
    public int purge(Call call, int limit, long now) throws SQLException {
        try (PreparedStatement delete = call.prepare(purge)) {
            delete.setLong(1, now);
            delete.setLong(2, now);
            delete.setInt(3, limit);
            return delete.executeUpdate();
        }
    }

    @Override
    public boolean lock(Call call, SessionKey key, long token, long until, long now) throws SQLException {
        try (PreparedStatement insert = call.prepare(lock)) {
            insert.setBytes(1, key.toBytes());
            insert.setLong(2, token);
            insert.setLong(3, until);
            insert.setLong(4, now);
            return insert.executeUpdate() == 1;
        }
    }
}
