package dev.holdfast.session.jdbc;

/**
 * The statements that every database understands, with the table's names put in once.
 *
 * <p>accessed_at is assigned last wherever another column depends on it: MySQL and MariaDB let an assignment see those
 * before it.
 */
final class Statements {

    private static final String TOUCHED_SINCE = "CASE WHEN accessed_at > ? THEN ";

    /** Columns of a new record but its key, and their places; the version is 1. */
    static final String NEW_COLUMNS =
            "created_at, accessed_at, expires_at, purge_at, idle_ms, principal, payload, session_key, version";

    static final String NEW_VALUES = "?, ?, ?, ?, ?, ?, ?, ?, 1";

    final String sessions;
    final String locks;
    final String limit;

    final String insert;
    final String reuseExpired;
    final String expiryOf;
    final String load;
    final String update;
    final String versionOf;
    final String touch;
    final String deleteLive;
    final String deleteExpired;
    final String due;
    final String findByPrincipal;
    final String deleteByPrincipal;
    final String deleteByPrincipalBut;
    final String scan;
    final String lockFree;
    final String lockEnded;
    final String lockRenew;
    final String lockRelease;
    final String lockSweep;

    /** @param limit what ends a query for some rows, with a place for their number */
    Statements(Table table, String limit) {
        sessions = table.sessions();
        locks = table.locks();
        this.limit = limit;
        insert = "INSERT INTO " + sessions + " (" + NEW_COLUMNS + ") VALUES (" + NEW_VALUES + ")";
        reuseExpired = "UPDATE " + sessions + " SET created_at = ?, accessed_at = ?, expires_at = ?, purge_at = ?,"
                + " idle_ms = ?, principal = ?, payload = ?, version = 1 WHERE session_key = ? AND expires_at <= ?";
        expiryOf = "SELECT expires_at FROM " + sessions + " WHERE session_key = ?";
        load = "SELECT " + Rows.COLUMNS + " FROM " + sessions + " WHERE session_key = ? AND expires_at > ?";
        update = "UPDATE " + sessions + " SET version = version + 1, idle_ms = ?, principal = ?, payload = ?,"
                + access() + " WHERE session_key = ? AND version = ? AND expires_at > ?";
        versionOf = "SELECT version FROM " + sessions + " WHERE session_key = ? AND expires_at > ?";
        touch = "UPDATE " + sessions + " SET" + access() + " WHERE session_key = ? AND expires_at > ?";
        deleteLive = "DELETE FROM " + sessions + " WHERE session_key = ? AND expires_at > ?";
        deleteExpired = "DELETE FROM " + sessions + " WHERE session_key = ? AND expires_at <= ?";
        due = "SELECT session_key FROM " + sessions + " WHERE purge_at <= ? AND expires_at <= ? ORDER BY purge_at"
                + limit;
        findByPrincipal = "SELECT " + Rows.COLUMNS + ", session_key FROM " + sessions
                + " WHERE principal = ? AND session_key > ? AND expires_at > ? ORDER BY session_key" + limit;
        deleteByPrincipal = "DELETE FROM " + sessions + " WHERE principal = ? AND expires_at > ?";
        deleteByPrincipalBut = deleteByPrincipal + " AND session_key <> ?";
        scan = "SELECT " + Rows.COLUMNS + ", session_key FROM " + sessions
                + " WHERE session_key > ? AND expires_at > ? ORDER BY session_key" + limit;
        lockFree = "INSERT INTO " + locks + " (lock_key, token, until_at) VALUES (?, ?, ?)";
        lockEnded = "UPDATE " + locks + " SET token = ?, until_at = ? WHERE lock_key = ? AND until_at <= ?";
        lockRenew = "UPDATE " + locks + " SET until_at = ? WHERE lock_key = ? AND token = ? AND until_at > ?";
        lockRelease = "DELETE FROM " + locks + " WHERE lock_key = ? AND token = ?";
        lockSweep = "DELETE FROM " + locks + " WHERE until_at <= ?";
    }

    /** Assigns the three times as a group, unless the row was accessed later: binds access with each of them. */
    static String access() {
        return " purge_at = " + TOUCHED_SINCE + "purge_at ELSE ? END, expires_at = " + TOUCHED_SINCE
                + "expires_at ELSE ? END, accessed_at = " + TOUCHED_SINCE + "accessed_at ELSE ? END";
    }
}
