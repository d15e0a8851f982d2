package dev.holdfast.session.jdbc;

import dev.holdfast.session.jdbc.Dialect.Call;
import dev.holdfast.session.spi.SessionKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A batch of a purge in more than one statement: a short transaction that locks expired rows which nobody else has locked,
 * and deletes them by key. A process that dies in it leaves all rows as they were.
 *
 * @param before what is sent before each transaction, or {@code null}
 * @param due the query for keys, to which now, now and the limit are bound
 * @param delete the beginning of the DELETE, up to {@code IN}
 */
record LockingPurge(@Nullable String before, String due, String delete) {

    static final String LOCKED = " FOR UPDATE SKIP LOCKED";

    private static final int ROWS_IN_A_DELETE = 250;

    /** Returns how many rows were removed. */
    int run(Call call, int limit, long now) throws SQLException {
        return run(call, limit, now, keys -> {});
    }

    /** Returns how many rows were removed, after this was done with their keys in the same transaction. */
    int run(Call call, int limit, long now, Departure departure) throws SQLException {
        return transaction(call, () -> {
            List<SessionKey> keys;
            try (PreparedStatement look = call.prepare(due)) {
                look.setLong(1, now);
                look.setLong(2, now);
                look.setInt(3, limit);
                keys = Dialect.keys(look);
            }
            departure.of(keys);
            for (int from = 0; from < keys.size(); from += ROWS_IN_A_DELETE) {
                delete(call, keys.subList(from, Math.min(from + ROWS_IN_A_DELETE, keys.size())));
            }
            return keys.size();
        });
    }

    private void delete(Call call, List<SessionKey> keys) throws SQLException {
        String places = String.join(", ", Collections.nCopies(keys.size(), "?"));
        try (PreparedStatement statement = call.prepare(delete + " (" + places + ")")) {
            for (int i = 0; i < keys.size(); i++) {
                statement.setBytes(i + 1, keys.get(i).toBytes());
            }
            statement.executeUpdate();
        }
    }

    /** Does all of the work or nothing, in which no gaps between rows are locked. */
    <T> T transaction(Call call, Steps<T> steps) throws SQLException {
        Connection connection = call.connection();
        if (before != null) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(before);
            }
        }
        T result;
        connection.setAutoCommit(false);
        try {
            result = steps.take();
            connection.commit();
        } catch (SQLException e) {
            rollBack(connection, e);
            throw e;
        }
        connection.setAutoCommit(true);
        return result;
    }

    private static void rollBack(Connection connection, SQLException failure) {
        try {
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    /** What is done with keys whose rows are about to go. */
    interface Departure {
        void of(List<SessionKey> keys) throws SQLException;
    }

    /** The statements of a transaction. */
    interface Steps<T> {
        T take() throws SQLException;
    }
}
