package dev.holdfast.session.jdbc;

import dev.holdfast.session.spi.SessionKey;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;

/**
 * MariaDB, and MySQL by its drivers. A purge is a {@link LockingPurge}.
 *
 * @param deletes whether DELETE answers what it removed, as it does in MariaDB
 */
record MariaDb(String product, Statements sql, String delete, boolean deletes, LockingPurge lockingPurge)
        implements Dialect {

    private static final int LARGEST_PAYLOAD = (1 << 24) - 1;

    MariaDb(String product, Table table) {
        this(product, table, new Statements(table, " LIMIT ?"));
    }

    private MariaDb(String product, Table table, Statements sql) {
        this(
                product,
                sql,
                "DELETE FROM " + table.sessions() + " WHERE session_key = ? RETURNING expires_at",
                product.startsWith("MariaDB"),
                new LockingPurge(
                        // for the next transaction only: no gaps are locked, so that no create waits
                        "SET TRANSACTION ISOLATION LEVEL READ COMMITTED",
                        sql.due + LockingPurge.LOCKED,
                        // without the hint a DELETE of most of a small table looks at, and waits for, all of its rows
                        "DELETE due FROM " + table.sessions() + " due FORCE INDEX (PRIMARY) WHERE due.session_key IN"));
    }

    @Override
    public String script() {
        return "META-INF/holdfast/jdbc/mariadb.sql";
    }

    /** The most that a MEDIUMBLOB has; max_allowed_packet may allow less. */
    @Override
    public int maxPayloadBytes() {
        return LARGEST_PAYLOAD;
    }

    /** Connected with useAffectedRows, a row that already had these times counts as none, so that none is looked at. */
    @Override
    public boolean touch(Call call, SessionKey key, Instant accessed, Instant expires, long now) throws SQLException {
        if (Dialect.super.touch(call, key, accessed, expires, now)) {
            return true;
        }
        try (PreparedStatement look = call.prepare(sql.versionOf)) {
            look.setBytes(1, key.toBytes());
            look.setLong(2, now);
            try (ResultSet row = look.executeQuery()) {
                return row.next();
            }
        }
    }

    @Override
    public boolean delete(Call call, SessionKey key, long now) throws SQLException {
        return deletes ? Dialect.deleteReturning(call, delete, key, now) : Dialect.super.delete(call, key, now);
    }

    @Override
    public int purge(Call call, int limit, long now) throws SQLException {
        return lockingPurge.run(call, limit, now);
    }
}
