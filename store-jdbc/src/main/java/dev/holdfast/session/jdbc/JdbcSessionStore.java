package dev.holdfast.session.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import dev.holdfast.session.spi.PrincipalIndex;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionLocking;
import dev.holdfast.session.spi.SessionScan;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoreMisconfiguredException;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Keeps each session in a row of a table, on H2, PostgreSQL, MariaDB, MySQL, or by plain SQL on another database.
 *
 * <p>Each verb takes a connection from the pool, sends one statement that commits by itself, and gives the connection
 * back, so a process that dies leaves nothing half done. What is sent: load: SELECT. create: INSERT. update: UPDATE …
 * WHERE version = expected. touch: UPDATE of the times only. delete: DELETE. purge: for each 1000 rows one DELETE of
 * expired rows that nobody has locked; two statements in a transaction on H2 and MariaDB; one DELETE a row by plain SQL.
 *
 * <p>A second statement follows where a database can't say more in one: by all but PostgreSQL if a key is taken at create, or if an
 * update met no row, to tell a conflict from a session that is gone.
 *
 * <p>The connection must not take part in a transaction of the application: see {@link #create(DataSource)}.
 */
public sealed class JdbcSessionStore implements SessionStore, PrincipalIndex, SessionScan, SessionLocking
        permits EventfulJdbcSessionStore {

    /** 1 MiB. */
    public static final int DEFAULT_MAX_PAYLOAD_BYTES = 1 << 20;

    /** 5 seconds. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

    static final int LEAST_EXPIRY_DELAY_MILLIS = 10;

    private static final int PURGE_BATCH = 1000;
    private static final int SCAN_PAGE = 64;

    final Database database;

    private final RowLeases leases;
    private final InstantSource clock;
    private final int maxPayloadBytes;

    JdbcSessionStore(Builder builder) {
        database = new Database(builder);
        clock = builder.clock;
        maxPayloadBytes = builder.maxPayloadBytes;
        leases = new RowLeases(database, clock);
        database.connectIfUp();
    }

    /**
     * Returns a store in the table {@code holdfast_session}, which must be there, of the connection's own schema, with the
     * system clock, {@link #DEFAULT_TIMEOUT} and {@link #DEFAULT_MAX_PAYLOAD_BYTES}.
     *
     * @param dataSource a pool, which stays the caller's to close. Its connections must be their borrower's own: not
     *     those of the thread's current transaction, which setting them to autocommit would commit. So hand over the
     *     pool, and not what wraps it to join transactions.
     * @throws StoreMisconfiguredException if the database is there and its tables are not, naming the fix
     */
    public static JdbcSessionStore create(DataSource dataSource) {
        return builder(dataSource).build();
    }

    /** Returns a builder with the defaults of {@link #create(DataSource)}. */
    public static Builder builder(DataSource dataSource) {
        return new Builder(dataSource, null);
    }

    /** Returns a builder of a store that closes the pool with itself. */
    static Builder owning(HikariDataSource pool) {
        return new Builder(pool, pool);
    }

    @Override
    public boolean create(StoredSession session) {
        session.payload().requireAtMost(maxPayloadBytes);
        return database.writing("create", (call, dialect) -> dialect.create(call, session, clock.millis()));
    }

    @Override
    public Optional<StoredSession> load(SessionKey key) {
        Objects.requireNonNull(key);
        return database.reading("load", (call, dialect) -> {
            try (PreparedStatement select = call.prepare(dialect.sql().load)) {
                select.setBytes(1, key.toBytes());
                select.setLong(2, clock.millis());
                try (ResultSet row = select.executeQuery()) {
                    return row.next() ? Rows.read(row, key) : Optional.empty();
                }
            }
        });
    }

    @Override
    public UpdateOutcome update(StoredSession session, long expectedVersion) {
        session.payload().requireAtMost(maxPayloadBytes);
        return database.writing(
                "update", (call, dialect) -> dialect.update(call, session, expectedVersion, clock.millis()));
    }

    @Override
    public boolean touch(SessionKey key, Instant lastAccessedAt, Instant expiresAt) {
        Objects.requireNonNull(key);
        Instant accessed = StoredSession.toMillis(lastAccessedAt);
        Instant expires = StoredSession.toMillis(expiresAt);
        return database.writing(
                "touch", (call, dialect) -> dialect.touch(call, key, accessed, expires, clock.millis()));
    }

    @Override
    public boolean delete(SessionKey key) {
        Objects.requireNonNull(key);
        return database.writing("delete", (call, dialect) -> dialect.delete(call, key, clock.millis()));
    }

    @Override
    public int purgeExpired(int limit) {
        requirePositive(limit);
        int removed = 0;
        while (true) {
            int batch = Math.min(limit - removed, PURGE_BATCH);
            int found = database.writing("purge", (call, dialect) -> {
                int purged = dialect.purge(call, batch, clock.millis());
                if (purged < batch) {
                    leases.sweep(call, dialect);
                }
                return purged;
            });
            removed += found;
            if (found < batch || removed == limit) {
                return removed;
            }
        }
    }

    @Override
    public List<StoredSession> findByPrincipal(String principal, @Nullable SessionKey after, int limit) {
        Objects.requireNonNull(principal);
        requirePositive(limit);
        Pages pages = new Pages((last, size) -> page(principal, last, size), after, Math.min(limit, PURGE_BATCH));
        List<StoredSession> found = new ArrayList<>();
        while (found.size() < limit && pages.tryAdvance(found::add)) {
            // tryAdvance adds
        }
        return found;
    }

    private Pages.Page page(String principal, @Nullable SessionKey after, int size) {
        return database.reading("find by principal", (call, dialect) -> {
            try (PreparedStatement select = call.prepare(dialect.sql().findByPrincipal)) {
                select.setBytes(1, principal.getBytes(StandardCharsets.UTF_8));
                return Pages.query(select, 2, after, clock.millis(), size);
            }
        });
    }

    @Override
    public int deleteByPrincipal(String principal, @Nullable SessionKey except) {
        Objects.requireNonNull(principal);
        int deleted = 0;
        int found;
        do {
            found = database.writing("delete by principal", (call, dialect) -> {
                String sql = except == null ? dialect.sql().deleteByPrincipal : dialect.sql().deleteByPrincipalBut;
                try (PreparedStatement delete = call.prepare(sql)) {
                    delete.setBytes(1, principal.getBytes(StandardCharsets.UTF_8));
                    delete.setLong(2, clock.millis());
                    if (except != null) {
                        delete.setBytes(3, except.toBytes());
                    }
                    return delete.executeUpdate();
                }
            });
            deleted += found;
        } while (found > 0);
        return deleted;
    }

    @Override
    public Stream<StoredSession> scan() {
        database.requireOpen();
        return StreamSupport.stream(new Pages(this::page, null, SCAN_PAGE), false);
    }

    private Pages.Page page(@Nullable SessionKey after, int size) {
        return database.reading("scan", (call, dialect) -> {
            try (PreparedStatement select = call.prepare(dialect.sql().scan)) {
                return Pages.query(select, 1, after, clock.millis(), size);
            }
        });
    }

    @Override
    public Optional<Lock> lock(SessionKey key, Duration wait, Duration lease) {
        database.requireOpen();
        return leases.lock(Objects.requireNonNull(key), wait, lease);
    }

    /** Closes the pool if the store was opened by URI; a {@link DataSource} that it was handed stays open. */
    @Override
    public void close() {
        database.close();
    }

    private static void requirePositive(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1, not " + limit);
        }
    }

    /** Settings of a {@link JdbcSessionStore}. Not thread-safe. */
    public static final class Builder {

        final DataSource dataSource;
        final @Nullable HikariDataSource owned;

        @Nullable
        String schema;

        String table = Table.DEFAULT_NAME;
        boolean createTables;
        boolean plainSql;

        @Nullable
        Duration expiryDelay;

        Duration timeout = DEFAULT_TIMEOUT;
        int maxPayloadBytes = DEFAULT_MAX_PAYLOAD_BYTES;
        InstantSource clock = InstantSource.system();

        private Builder(DataSource dataSource, @Nullable HikariDataSource owned) {
            this.dataSource = Objects.requireNonNull(dataSource);
            this.owned = owned;
        }

        /**
         * The table, {@code holdfast_session} unless set: a letter or {@code _}, then at most 49 letters, digits and
         * {@code _}. The locks are in the table of that name and {@code _lock}.
         */
        public Builder table(String table) {
            this.table = Objects.requireNonNull(table);
            return this;
        }

        /** The schema of the table; the connection's own unless set. */
        public Builder schema(String schema) {
            this.schema = Objects.requireNonNull(schema);
            return this;
        }

        /** Whether the tables are made if they are not there; {@code false} unless set. The user must be allowed to. */
        public Builder createTables(boolean createTables) {
            this.createTables = createTables;
            return this;
        }

        /**
         * Makes the store an {@link dev.holdfast.session.spi.ExpiryEvents}. A purge then notes what it removes in the table
         * {@code holdfast_session_expired}, in the same transaction: an INSERT in batches, and on PostgreSQL a SELECT … FOR
         * UPDATE SKIP LOCKED before the DELETE. So does a create or a delete that meets an expired row. All nodes must be
         * set alike. While there are listeners a thread reads the notes, tells of them and then removes them; notes that nobody
         * asked for are forgotten after a day.
         *
         * @param delay how long after its purge an expiry is told at most, at least 10 ms
         */
        public Builder expiryEvents(Duration delay) {
            if (delay.toMillis() < LEAST_EXPIRY_DELAY_MILLIS) {
                throw new IllegalArgumentException("delay must be at least 10 ms, not " + delay);
            }
            this.expiryDelay = delay;
            return this;
        }

        /**
         * How long a statement may take; 5 seconds unless set. The server is asked to end it then, in whole seconds, and
         * half a second later the connection is given up. Waiting for a connection is bounded by the pool.
         */
        public Builder timeout(Duration timeout) {
            if (timeout.toMillis() < 1) {
                throw new IllegalArgumentException("timeout must be at least 1 ms, not " + timeout);
            }
            this.timeout = timeout;
            return this;
        }

        /**
         * The largest payload in bytes; 1 MiB unless set. H2's column takes no more than that, MariaDB's 16 MiB less a
         * byte.
         */
        public Builder maxPayloadBytes(int maxPayloadBytes) {
            if (maxPayloadBytes < 0) {
                throw new IllegalArgumentException("maxPayloadBytes must not be negative: " + maxPayloadBytes);
            }
            this.maxPayloadBytes = maxPayloadBytes;
            return this;
        }

        /** What decides on expiry and leases; the system clock unless set. The nodes' clocks should agree. */
        public Builder clock(InstantSource clock) {
            this.clock = Objects.requireNonNull(clock);
            return this;
        }

        /** Speaks standard SQL to a database that is known here, too. */
        Builder plainSql() {
            plainSql = true;
            return this;
        }

        /**
         * Returns a new store. If the database can't be reached yet a warning is logged, and each verb tries again.
         *
         * @throws StoreMisconfiguredException if the database is there and its tables are not, naming the fix
         */
        public JdbcSessionStore build() {
            return expiryDelay == null ? new JdbcSessionStore(this) : new EventfulJdbcSessionStore(this, expiryDelay);
        }
    }
}
