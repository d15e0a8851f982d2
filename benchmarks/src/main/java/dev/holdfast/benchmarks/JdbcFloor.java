package dev.holdfast.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.holdfast.session.spi.StoredSession;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The floor of the JDBC store: prepared statements by key on the same pool, the same table and the same bytes; no version
 * is compared, no expiry looked at, no failure told apart.
 */
final class JdbcFloor implements Subject {

    private final HikariDataSource pool;
    private final AutoCloseable beneath;

    JdbcFloor(HikariDataSource pool, AutoCloseable beneath) {
        this.pool = pool;
        this.beneath = beneath;
    }

    private <T> T with(String sql, Body<T> body) {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            return body.on(statement);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Object load(StoredSession session) {
        return with("SELECT payload FROM " + Databases.TABLE + " WHERE session_key = ?", statement -> {
            statement.setBytes(1, session.key().toBytes());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBytes(1);
            }
        });
    }

    @Override
    public Object update(StoredSession session, long version) {
        return with("UPDATE " + Databases.TABLE + " SET payload = ?, version = ? WHERE session_key = ?", statement -> {
            statement.setBytes(1, session.payload().toByteArray());
            statement.setLong(2, version + 1);
            statement.setBytes(3, session.key().toBytes());
            return statement.executeUpdate();
        });
    }

    @Override
    public Object touch(StoredSession session) {
        return with(
                "UPDATE " + Databases.TABLE + " SET accessed_at = ?, expires_at = ? WHERE session_key = ?",
                statement -> {
                    long now = System.currentTimeMillis();
                    statement.setLong(1, now);
                    statement.setLong(2, now + session.idleTimeout().toMillis());
                    statement.setBytes(3, session.key().toBytes());
                    return statement.executeUpdate();
                });
    }

    @Override
    public Object create(StoredSession session) {
        return with(
                "INSERT INTO " + Databases.TABLE
                        + " (session_key, version, created_at, accessed_at, expires_at, purge_at,"
                        + " idle_ms, payload) VALUES (?, 1, ?, ?, ?, ?, ?, ?)",
                statement -> {
                    long expiresAt = session.expiresAt().toEpochMilli();
                    statement.setBytes(1, session.key().toBytes());
                    statement.setLong(2, session.createdAt().toEpochMilli());
                    statement.setLong(3, session.lastAccessedAt().toEpochMilli());
                    statement.setLong(4, expiresAt);
                    statement.setLong(5, expiresAt);
                    statement.setLong(6, session.idleTimeout().toMillis());
                    statement.setBytes(7, session.payload().toByteArray());
                    return statement.executeUpdate();
                });
    }

    @Override
    public Object delete(StoredSession session) {
        return with("DELETE FROM " + Databases.TABLE + " WHERE session_key = ?", statement -> {
            statement.setBytes(1, session.key().toBytes());
            return statement.executeUpdate();
        });
    }

    /** One statement by the index, as long as it takes. */
    @Override
    public Object purge() {
        return with("DELETE FROM " + Databases.TABLE + " WHERE purge_at <= ?", statement -> {
            statement.setLong(1, System.currentTimeMillis());
            return statement.executeUpdate();
        });
    }

    @Override
    public void close() {
        try {
            beneath.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private interface Body<T> {
        T on(PreparedStatement statement) throws SQLException;
    }
}
