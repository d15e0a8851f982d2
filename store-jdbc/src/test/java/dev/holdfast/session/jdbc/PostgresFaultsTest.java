package dev.holdfast.session.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.holdfast.session.spi.OutcomeUnknownException;
import dev.holdfast.session.spi.StoreUnavailableException;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an administrator, other transactions and time zones do to a store on PostgreSQL. */
@Tag("once")
class PostgresFaultsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final TestDatabase DATABASE = TestDatabase.postgres("faults");
    private static final String OTHERS = " FROM pg_stat_activity WHERE datname = 'faults' AND pid <> pg_backend_pid()";
    private static final String BLOCKED = "SELECT pid" + OTHERS + " AND wait_event_type = 'Lock'";

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HikariDataSource pool = DATABASE.emptied().pool(8, 5_000);
    private JdbcSessionStore store;

    @BeforeEach
    void open() {
        store = JdbcSessionStore.create(pool);
    }

    @AfterEach
    void close() {
        threads.shutdownNow();
        store.close();
        pool.close();
    }

    @Test
    @DisplayName("R21: a read whose pooled connections were terminated is tried again on a new one")
    void idleBackendsTerminated() {
        StoredSession session = TestSessions.session();
        store.create(session);
        for (int i = 0; i < 5; i++) {
            DATABASE.longs("SELECT count(pg_terminate_backend(pid))" + OTHERS);
            assertThat(store.load(session.key())).contains(session);
        }
    }

    @Test
    @DisplayName("R21: a write whose backend is terminated is rolled back and unknown, and the pool recovers")
    void busyBackendTerminated() throws Exception {
        StoredSession session = TestSessions.session();
        store.create(session);
        try (Connection holder = lock(session)) {
            Future<UpdateOutcome> update = threads.submit(() -> store.update(session, 1));
            await().atMost(PATIENCE).until(() -> !DATABASE.longs(BLOCKED).isEmpty());
            DATABASE.longs("SELECT count(pg_terminate_backend(pid))" + OTHERS + " AND wait_event_type = 'Lock'");
            assertThat(failure(update)).isInstanceOf(OutcomeUnknownException.class);
            holder.rollback();
        }
        assertThat(store.load(session.key())).as("rolled back").contains(session);
        assertThat(store.update(session, 1)).isEqualTo(UpdateOutcome.APPLIED);
    }

    private static Throwable failure(Future<?> future) throws InterruptedException {
        try {
            return new AssertionError("answered " + future.get());
        } catch (ExecutionException e) {
            return Objects.requireNonNull(e.getCause());
        }
    }

    private static Connection lock(StoredSession session) throws SQLException {
        Connection holder = DATABASE.connect();
        holder.setAutoCommit(false);
        try (Statement statement = holder.createStatement()) {
            statement.execute(
                    "SELECT 1 FROM holdfast_session WHERE session_key = '\\x" + session.key() + "' FOR UPDATE");
        }
        return holder;
    }

    @Test
    @DisplayName("R23: a verb that is a deadlock's victim is tried again and answers rightly")
    void deadlock() throws Exception {
        StoredSession first = TestSessions.session(Instant.now().plusSeconds(600), "alice", "1");
        StoredSession second = TestSessions.session(Instant.now().plusSeconds(600), "alice", "2");
        store.create(first);
        store.create(second);
        long before = deadlocks();
        try (Connection other = lock(second);
                Statement statement = other.createStatement()) {
            // a delete by principal locks its rows one by one, and now waits for the second
            Future<Integer> sweep = threads.submit(() -> store.deleteByPrincipal("alice", null));
            await().atMost(PATIENCE).until(() -> !DATABASE.longs(BLOCKED).isEmpty());
            statement.execute("SET deadlock_timeout = '60s'");
            statement.execute("SELECT 1 FROM holdfast_session WHERE session_key = '\\x" + first.key() + "' FOR UPDATE");
            other.commit();
            assertThat(sweep.get(20, TimeUnit.SECONDS)).isEqualTo(2);
        }
        await().atMost(PATIENCE).until(() -> deadlocks() > before);
        assertThat(DATABASE.count()).isZero();
    }

    private static long deadlocks() {
        return DATABASE.longs("SELECT deadlocks FROM pg_stat_database WHERE datname = 'faults'")
                .get(0);
    }

    @Test
    @DisplayName("R23: on connections that are SERIALIZABLE no verb fails for it, and no update is lost")
    void serializable() throws Exception {
        TestDatabase strict = new TestDatabase(
                DATABASE.url().replace("TimeZone", "default_transaction_isolation=serializable%20-c%20TimeZone"),
                DATABASE.script());
        try (HikariDataSource strictPool = strict.pool(4, 5_000);
                JdbcSessionStore strictStore = JdbcSessionStore.create(strictPool)) {
            StoredSession session = TestSessions.session();
            strictStore.create(session);
            Callable<Integer> updater = () -> {
                int applied = 0;
                while (applied < 25) {
                    long version = strictStore.load(session.key()).orElseThrow().version();
                    strictStore.touch(session.key(), Instant.now(), session.expiresAt());
                    applied += strictStore.update(session, version) == UpdateOutcome.APPLIED ? 1 : 0;
                }
                return applied;
            };
            for (Future<Integer> applied : threads.invokeAll(List.of(updater, updater, updater))) {
                assertThat(applied.get()).isEqualTo(25);
            }
            assertThat(strictStore.load(session.key()).orElseThrow().version()).isEqualTo(76);
        }
    }

    @Test
    @DisplayName("R29: nodes whose database sessions are in other time zones read the same times, and expire alike")
    void timeZones() {
        TestDatabase elsewhere =
                new TestDatabase(DATABASE.url().replace("Pacific/Kiritimati", "America/St_Johns"), DATABASE.script());
        try (HikariDataSource otherPool = elsewhere.pool(1, 5_000);
                JdbcSessionStore other = JdbcSessionStore.create(otherPool)) {
            StoredSession session = TestSessions.session();
            store.create(session);
            assertThat(other.load(session.key())).contains(session);
            assertThat(other.touch(session.key(), session.lastAccessedAt().plusMillis(1), session.expiresAt()))
                    .isTrue();
            assertThat(other.purgeExpired(10)).isZero();
            assertThat(DATABASE.longs("SELECT expires_at FROM holdfast_session"))
                    .containsExactly(session.expiresAt().toEpochMilli());
        }
    }

    @Test
    @DisplayName("R26: a million expired rows are purged by statements under a second, while requests go on")
    void aMillionExpired() throws Exception {
        int expired = Integer.getInteger("expired", 1_000_000);
        DATABASE.run("INSERT INTO holdfast_session SELECT sha256(i::text::bytea), 1, 0, 0, i, i, 1000, NULL, '\\x00'"
                + " FROM generate_series(1, " + expired + ") i");
        StoredSession live = TestSessions.session();
        store.create(live);
        Future<Integer> purge = threads.submit(() -> store.purgeExpired(expired));
        List<Long> requests = new ArrayList<>();
        long longest = 0;
        while (!purge.isDone()) {
            long start = System.nanoTime();
            assertThat(store.load(live.key())).isPresent();
            assertThat(store.touch(live.key(), Instant.now(), live.expiresAt())).isTrue();
            requests.add(System.nanoTime() - start);
            for (long millis : DATABASE.longs("SELECT extract(epoch FROM clock_timestamp() - query_start) * 1000"
                    + OTHERS + " AND state = 'active' AND query LIKE 'DELETE%'")) {
                longest = Math.max(longest, millis);
            }
        }
        assertThat(purge.get()).isEqualTo(expired);
        assertThat(longest)
                .as("milliseconds of the longest purging statement seen")
                .isLessThan(1_000);
        assertThat(requests).as("requests served meanwhile").hasSizeGreaterThan(20);
        assertThat(DATABASE.count()).isEqualTo(1);
    }

    @Test
    @DisplayName("R28: a purge of expired rows that are all held returns at once, with nothing")
    void purgeOfHeldRows() throws SQLException {
        StoredSession expired = TestSessions.expired();
        store.create(expired);
        try (Connection holder = lock(expired)) {
            assertThat(store.purgeExpired(10)).isZero();
            holder.rollback();
        }
        assertThat(store.purgeExpired(10)).isEqualTo(1);
    }

    @Test
    @DisplayName("R30: the error of a full disk means that nothing was applied, and reads go on")
    void errorOfAFullDisk() {
        DATABASE.run(
                "CREATE OR REPLACE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS"
                        + " $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$",
                "CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON holdfast_session"
                        + " FOR EACH ROW EXECUTE FUNCTION full_disk()",
                "ALTER TABLE holdfast_session DISABLE TRIGGER full_disk");
        StoredSession session = TestSessions.session();
        store.create(session);
        DATABASE.run("ALTER TABLE holdfast_session ENABLE TRIGGER full_disk");
        try {
            assertThat(catchThrowable(() -> store.create(TestSessions.session())))
                    .isInstanceOf(StoreUnavailableException.class);
            assertThat(catchThrowable(() -> store.update(session, 1))).isInstanceOf(StoreUnavailableException.class);
            assertThat(store.load(session.key())).contains(session);
        } finally {
            DATABASE.run("DROP TRIGGER full_disk ON holdfast_session");
        }
        assertThat(store.update(session, 1)).isEqualTo(UpdateOutcome.APPLIED);
    }
}
