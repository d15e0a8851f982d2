package dev.holdfast.session.jdbc;

import dev.holdfast.session.spi.Payload;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Records as columns. */
final class Rows {

    /** The columns that {@link #read} expects, in order; session_key may follow. */
    static final String COLUMNS = "version, created_at, accessed_at, expires_at, idle_ms, principal, payload";

    private static final System.Logger LOG = System.getLogger(JdbcSessionStore.class.getName());

    /** A purge looks at a row during the last quarter of its life at most, and for no longer than 17 minutes. */
    private static final long LARGEST_STEP = 1L << 20;

    private static final int STEPS_IN_A_LIFE = 4;

    private Rows() {}

    /**
     * Returns from when on a purge looks at a row: at the expiry or before, in steps that are small beside the time the
     * session has to live, and so large that most touches don't change it.
     */
    static long purgeAt(long accessedAt, long expiresAt) {
        if (expiresAt == Long.MAX_VALUE) {
            return Long.MAX_VALUE;
        }
        long life = expiresAt - accessedAt;
        if (life <= 0) {
            return expiresAt;
        }
        long step = Long.highestOneBit(Math.min(Math.max(life / STEPS_IN_A_LIFE, 1), LARGEST_STEP));
        return expiresAt & -step;
    }

    static byte @Nullable [] bytes(@Nullable String principal) {
        return principal == null ? null : principal.getBytes(StandardCharsets.UTF_8);
    }

    /** Binds creation, access, expiry, purge, idle timeout, principal and payload; returns the next index. */
    static int bind(PreparedStatement statement, int first, StoredSession session) throws SQLException {
        int index = first;
        long accessedAt = session.lastAccessedAt().toEpochMilli();
        long expiresAt = session.expiresAt().toEpochMilli();
        statement.setLong(index++, session.createdAt().toEpochMilli());
        statement.setLong(index++, accessedAt);
        statement.setLong(index++, expiresAt);
        statement.setLong(index++, purgeAt(accessedAt, expiresAt));
        statement.setLong(index++, session.idleTimeout().toMillis());
        statement.setBytes(index++, bytes(session.principal()));
        statement.setBytes(index++, session.payload().toByteArray());
        return index;
    }

    /** Returns the record of the current row, or nothing if it can't be read: then it counts as absent. */
    static Optional<StoredSession> read(ResultSet row, SessionKey key) throws SQLException {
        try {
            byte[] principal = row.getBytes(6);
            return Optional.of(new StoredSession(
                    key,
                    row.getLong(1),
                    Instant.ofEpochMilli(row.getLong(2)),
                    Instant.ofEpochMilli(row.getLong(3)),
                    Instant.ofEpochMilli(row.getLong(4)),
                    Duration.ofMillis(row.getLong(5)),
                    principal == null ? null : new String(principal, StandardCharsets.UTF_8),
                    Payload.wrap(row.getBytes(7))));
        } catch (IllegalArgumentException e) {
            LOG.log(System.Logger.Level.WARNING, "a row of the session table is none of a session, and is ignored", e);
            return Optional.empty();
        }
    }
}
