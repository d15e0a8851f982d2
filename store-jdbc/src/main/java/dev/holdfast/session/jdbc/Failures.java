package dev.holdfast.session.jdbc;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransactionRollbackException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;

/** What a driver's error says about the statement, by SQL state, and by the vendor's code where the state is vague. */
enum Failures {
    /** A deadlock or a serialization failure: rolled back, and worth another try at once. */
    ROLLED_BACK,
    /** The server said no: nothing was applied. */
    REFUSED,
    /** The tables, the user or the statement are wrong: nothing was applied, and no retry helps. */
    MISCONFIGURED,
    /** The row is there already. */
    DUPLICATE,
    /** The connection is gone, and with it the answer. */
    LOST,
    /** Anything else: who knows. */
    UNCLEAR;

    /** Invalid data, cursors, transaction states; resources, limits and states of objects; cancellation and timeouts. */
    private static final Set<String> REFUSED_CLASSES = Set.of("22", "23", "24", "25", "34", "53", "54", "55");

    private static final Set<String> REFUSED_STATES = Set.of("57014", "HYT00", "HYT01");

    /** Lock wait timeout, table full, disk full, read-only, interrupted, statement too long. */
    private static final Set<Integer> REFUSED_BY_MARIADB = Set.of(1205, 1114, 1021, 1290, 1836, 1317, 1969, 3024);

    private static final Set<String> MISCONFIGURED_CLASSES = Set.of("0A", "28", "3D", "3F", "42");

    /** Connection killed or shut down by an administrator, or because the server crashed or shuts down. */
    private static final Set<String> LOST_STATES = Set.of("57P01", "57P02", "57P03", "57P05", "25P03");

    /** H2: broken, closed, closing. */
    private static final Set<Integer> LOST_BY_H2 = Set.of(90067, 90098, 90121);

    private static final int KILLED_BY_MARIADB = 1927;
    private static final int CONCURRENT_UPDATE_IN_H2 = 90131;
    private static final int OLD_MYSQL_DENIED = 1044;
    private static final int NO_SUCH_DATABASE = 1049;

    static Failures of(SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        String kind = state.length() < 2 ? "" : state.substring(0, 2);
        int code = e.getErrorCode();
        if (kind.equals("08")
                || LOST_STATES.contains(state)
                || code == KILLED_BY_MARIADB
                || LOST_BY_H2.contains(code)
                || e instanceof SQLNonTransientConnectionException
                || e instanceof SQLTransientConnectionException
                || e instanceof SQLRecoverableException) {
            return LOST;
        }
        if (state.equals("40001") || state.equals("40P01") || code == CONCURRENT_UPDATE_IN_H2) {
            return ROLLED_BACK;
        }
        if (state.equals("23505") || code == 1062) {
            return DUPLICATE;
        }
        if (kind.equals("40")) {
            return e instanceof SQLTransactionRollbackException ? ROLLED_BACK : UNCLEAR;
        }
        if (REFUSED_CLASSES.contains(kind) || REFUSED_STATES.contains(state) || REFUSED_BY_MARIADB.contains(code)) {
            return REFUSED;
        }
        return MISCONFIGURED_CLASSES.contains(kind) ? MISCONFIGURED : UNCLEAR;
    }

    /** Returns whether a connection is refused for a reason that stays: the user, the password or the database's name. */
    static boolean isRefusedForGood(SQLException e) {
        for (Throwable cause = e; cause instanceof SQLException refusal; cause = cause.getCause()) {
            String state = refusal.getSQLState() == null ? "" : refusal.getSQLState();
            int code = refusal.getErrorCode();
            if (state.startsWith("28")
                    || state.startsWith("3D")
                    || code == OLD_MYSQL_DENIED
                    || code == NO_SUCH_DATABASE) {
                return true;
            }
        }
        return false;
    }
}
