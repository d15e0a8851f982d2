package dev.holdfast.session.jdbc;

import dev.holdfast.session.spi.SessionKey;
import java.sql.SQLException;

/** H2: what a DELETE removed is a table of its own; its lock timeout bounds waits. A purge is a {@link LockingPurge}. */
record H2(Statements sql, String delete, LockingPurge lockingPurge) implements Dialect {

    H2(Table table) {
        this(
                new Statements(table, " FETCH FIRST ? ROWS ONLY"),
                "SELECT expires_at FROM OLD TABLE (DELETE FROM " + table.sessions() + " WHERE session_key = ?)",
                // in the order of the index on purge_at anyway; ORDER BY would sort, and lock, all of them
                new LockingPurge(
                        null,
                        "SELECT session_key FROM " + table.sessions()
                                + " WHERE purge_at <= ? AND expires_at <= ? FETCH FIRST ? ROWS ONLY"
                                + LockingPurge.LOCKED,
                        "DELETE FROM " + table.sessions() + " WHERE session_key IN"));
    }

    @Override
    public String product() {
        return "H2";
    }

    @Override
    public String script() {
        return "META-INF/holdfast/jdbc/h2.sql";
    }

    /** The most that H2 allows a VARBINARY to have. */
    @Override
    public int maxPayloadBytes() {
        return 1 << 20;
    }

    /** H2 sets the timeout by a statement of its own. */
    @Override
    public boolean hasCheapQueryTimeout() {
        return false;
    }

    @Override
    public boolean delete(Call call, SessionKey key, long now) throws SQLException {
        return Dialect.deleteReturning(call, delete, key, now);
    }

    @Override
    public int purge(Call call, int limit, long now) throws SQLException {
        return lockingPurge.run(call, limit, now);
    }
}
