package dev.holdfast.session.jdbc;

import dev.holdfast.session.spi.SessionKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/**
 * A batch of a purge where one statement can't choose, lock and delete: a short transaction that locks expired rows which
 * nobody else has locked, and deletes them by key. A process that dies in it leaves all rows as they were.
 */
final class LockingPurge {

    private static final int ROWS_IN_A_DELETE = 250;

    private LockingPurge() {}

    /**
     * Returns how many rows were removed.
     *
     * @param select the query for keys, to which now, now and the limit are bound
     * @param delete the beginning of the DELETE, up to {@code IN}
     */
    static int run(Dialect.Call call, String select, String delete, int limit, long now) throws SQLException {
        Connection connection = call.connection();
        List<SessionKey> due;
        connection.setAutoCommit(false);
        try {
            try (PreparedStatement look = call.prepare(select)) {
                look.setLong(1, now);
                look.setLong(2, now);
                look.setInt(3, limit);
                due = Dialect.keys(look);
            }
            for (int from = 0; from < due.size(); from += ROWS_IN_A_DELETE) {
                delete(call, delete, due.subList(from, Math.min(from + ROWS_IN_A_DELETE, due.size())));
            }
            connection.commit();
        } catch (SQLException e) {
            rollBack(connection, e);
            throw e;
        }
        connection.setAutoCommit(true);
        return due.size();
    }

    private static void delete(Dialect.Call call, String sql, List<SessionKey> keys) throws SQLException {
        String places = "?" + ", ?".repeat(keys.size() - 1);
        try (PreparedStatement delete = call.prepare(sql + " (" + places + ")")) {
            for (int i = 0; i < keys.size(); i++) {
                delete.setBytes(i + 1, keys.get(i).toBytes());
            }
            delete.executeUpdate();
        }
    }

    private static void rollBack(Connection connection, SQLException failure) {
        try {
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }
}
