package dev.holdfast.session.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import dev.holdfast.session.spi.OutcomeUnknownException;
import dev.holdfast.session.spi.SessionStoreException;
import dev.holdfast.session.spi.StoreMisconfiguredException;
import dev.holdfast.session.spi.StoreUnavailableException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Lends a connection to each piece of work, tries again what was rolled back, and says by type what a failure means.
 *
 * <p>A connection is set to autocommit and to the store's network timeout, and given back as it came. Work that only reads
 * is tried again, too, when its connection was lost, since a pool may hold others that the server has closed.
 */
final class Database implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(JdbcSessionStore.class.getName());
    private static final int TRIES = 8;
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final Duration NETWORK_SLACK = Duration.ofMillis(500);

    private final DataSource dataSource;
    private final @Nullable HikariDataSource owned;
    private final Table table;
    private final boolean createTables;
    private final boolean plainSql;
    private final int maxPayloadBytes;
    private final boolean expiries;
    private final Duration timeout;
    private final ReentrantLock detecting = new ReentrantLock();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean networkTimeouts = true;
    private volatile @Nullable Dialect dialect;

    Database(JdbcSessionStore.Builder builder) {
        dataSource = builder.dataSource;
        owned = builder.owned;
        table = new Table(builder.schema, builder.table);
        createTables = builder.createTables;
        plainSql = builder.plainSql;
        maxPayloadBytes = builder.maxPayloadBytes;
        expiries = builder.expiryDelay != null;
        timeout = builder.timeout;
    }

    /** Finds out what database it is and checks its tables, or leaves that to the first verb if it can't be reached. */
    void connectIfUp() {
        try {
            var unused = reading("open", (call, found) -> true);
        } catch (StoreUnavailableException e) {
            LOG.log(System.Logger.Level.WARNING, "the session database can't be reached yet; each verb will try", e);
        }
    }

    <T> T reading(String verb, Work<T> work) {
        return run(verb, false, work);
    }

    <T> T writing(String verb, Work<T> work) {
        return run(verb, true, work);
    }

    private <T> T run(String verb, boolean writes, Work<T> work) {
        requireOpen();
        long end = System.nanoTime() + timeout.toNanos();
        for (int attempt = 1; ; attempt++) {
            Connection connection = connect(verb);
            try {
                return lend(connection, work);
            } catch (SQLException e) {
                requireOpen();
                Failures failure = Failures.of(e);
                boolean again = failure == Failures.ROLLED_BACK || (failure == Failures.LOST && !writes);
                if (!again || attempt == TRIES || System.nanoTime() > end) {
                    throw describe(verb, writes, failure, e);
                }
                LOG.log(System.Logger.Level.DEBUG, "{0} is tried again after try {1}: {2}", verb, attempt, failure);
                if (failure == Failures.ROLLED_BACK) {
                    LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(1, attempt * LONGEST_PAUSE_NANOS));
                }
            }
        }
    }

    private Connection connect(String verb) {
        try {
            return dataSource.getConnection();
        } catch (SQLException e) {
            requireOpen();
            if (Failures.isRefusedForGood(e)) {
                throw new StoreMisconfiguredException(
                        "the database refuses the connection: check its name, the user and the password", e);
            }
            throw new StoreUnavailableException(verb + " (no connection)", e);
        }
    }

    private <T> T lend(Connection connection, Work<T> work) throws SQLException {
        SQLException failure = null;
        boolean autoCommit = true;
        int networkMillis = -1;
        try {
            autoCommit = connection.getAutoCommit();
            if (!autoCommit) {
                connection.setAutoCommit(true);
            }
            networkMillis = limitNetwork(connection);
            Dialect found = dialect(connection);
            return work.on(new Dialect.Call(connection, found.hasCheapQueryTimeout() ? wholeSeconds() : 0), found);
        } catch (SQLException e) {
            failure = e;
            throw e;
        } finally {
            giveBack(connection, autoCommit, networkMillis, failure);
        }
    }

    private int wholeSeconds() {
        return (int) Math.min(Math.max(1, (timeout.toMillis() + 999) / 1000), Integer.MAX_VALUE);
    }

    /** Returns the limit that was set before, or -1 if it was not changed. */
    private int limitNetwork(Connection connection) throws SQLException {
        if (!networkTimeouts) {
            return -1;
        }
        int wanted = (int) Math.min(timeout.plus(NETWORK_SLACK).toMillis(), Integer.MAX_VALUE);
        try {
            int before = connection.getNetworkTimeout();
            if (before > 0 && before <= wanted) {
                return -1;
            }
            connection.setNetworkTimeout(Runnable::run, wanted);
            return before;
        } catch (SQLException | AbstractMethodError | UnsupportedOperationException e) {
            if (e instanceof SQLException failure && Failures.of(failure) == Failures.LOST) {
                throw failure;
            }
            networkTimeouts = false;
            LOG.log(
                    System.Logger.Level.INFO,
                    "the driver has no network timeout: a hung database may hang its callers");
            return -1;
        }
    }

    private static void giveBack(
            Connection connection, boolean autoCommit, int networkMillis, @Nullable SQLException failure) {
        try (connection) {
            if (networkMillis >= 0) {
                connection.setNetworkTimeout(Runnable::run, networkMillis);
            }
            if (!autoCommit) {
                connection.setAutoCommit(false);
            }
        } catch (SQLException e) {
            // the answer is there already, or the failure is told by its own exception
            if (failure == null) {
                LOG.log(System.Logger.Level.DEBUG, "a connection could not be given back as it was", e);
            } else if (failure != e) {
                failure.addSuppressed(e);
            }
        }
    }

    private Dialect dialect(Connection connection) throws SQLException {
        Dialect known = dialect;
        if (known != null) {
            return known;
        }
        detecting.lock();
        try {
            Dialect found = dialect;
            if (found == null) {
                found = detect(connection);
                if (maxPayloadBytes > found.maxPayloadBytes()) {
                    throw new StoreMisconfiguredException("maxPayloadBytes is " + maxPayloadBytes + ", but a row of "
                            + found.product() + " takes " + found.maxPayloadBytes() + ": set it to that or less");
                }
                if (createTables) {
                    create(connection, found);
                }
                table.check(connection, found.script());
                found = expiries ? telling(connection, found) : found;
                dialect = found;
            }
            return found;
        } finally {
            detecting.unlock();
        }
    }

    private Dialect telling(Connection connection, Dialect found) throws SQLException {
        LockingPurge rows = found.lockingPurge();
        if (rows == null) {
            throw new StoreMisconfiguredException("plain SQL can't tell which sessions have expired: leave expiryEvents"
                    + " out, or use H2, PostgreSQL or MariaDB");
        }
        table.checkExpired(connection, found.script());
        return TellingDialect.over(found, rows, table);
    }

    private Dialect detect(Connection connection) throws SQLException {
        DatabaseMetaData metaData = connection.getMetaData();
        String product = metaData.getDatabaseProductName();
        String name = product.toLowerCase(Locale.ROOT);
        Dialect found;
        if (plainSql) {
            found = new PlainSql(product, table);
        } else if (name.equals("h2")) {
            found = new H2(table);
        } else if (name.equals("postgresql")) {
            found = new PostgreSql(table);
        } else if (name.equals("mariadb") || name.equals("mysql")) {
            boolean mariaDb = name.equals("mariadb")
                    || metaData.getDatabaseProductVersion()
                            .toLowerCase(Locale.ROOT)
                            .contains("mariadb");
            found = new MariaDb(mariaDb ? "MariaDB" : "MySQL", table);
        } else {
            found = new PlainSql(product, table);
        }
        LOG.log(
                System.Logger.Level.INFO,
                "sessions are kept in table {0} of {1} {2}, by {3}",
                table.sessions(),
                product,
                metaData.getDatabaseProductVersion(),
                found instanceof PlainSql ? "plain SQL" : "the statements for " + found.product());
        return found;
    }

    /**
     * Several nodes may do so at once. Who is second with a table fails there, though the rest may not have been made yet: so
     * the script runs again, until all is there. Each time at least one table more is.
     */
    private void create(Connection connection, Dialect found) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                table.create(connection, found.script());
                return;
            } catch (SQLException e) {
                if (Failures.of(e) == Failures.LOST) {
                    throw e;
                }
                LOG.log(System.Logger.Level.DEBUG, "the tables could not be created; they may be there", e);
                try {
                    table.check(connection, found.script());
                    return;
                } catch (StoreMisconfiguredException missing) {
                    if (attempt == TRIES) {
                        missing.addSuppressed(e);
                        throw missing;
                    }
                }
            }
            LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(1, attempt * LONGEST_PAUSE_NANOS));
        }
    }

    private static SessionStoreException describe(String verb, boolean writes, Failures failure, SQLException e) {
        String what = verb + " (SQL state " + e.getSQLState() + ", code " + e.getErrorCode() + ")";
        return switch (failure) {
            case MISCONFIGURED ->
                new StoreMisconfiguredException(
                        "the database refuses " + what + ": check that the tables are those of the script in the jar of"
                                + " store-jdbc, and that the user may SELECT, INSERT, UPDATE and DELETE",
                        e);
            case LOST, UNCLEAR ->
                writes ? new OutcomeUnknownException(what, e) : new StoreUnavailableException(what, e);
            case ROLLED_BACK, REFUSED, DUPLICATE -> new StoreUnavailableException(what, e);
        };
    }

    void requireOpen() {
        if (closed.get()) {
            throw new IllegalStateException("this session store was closed");
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true) && owned != null) {
            owned.close();
        }
    }

    /** What is done on one connection; it may be called again after it failed. */
    interface Work<T> {
        T on(Dialect.Call call, Dialect dialect) throws SQLException;
    }
}
