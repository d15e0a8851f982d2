package dev.holdfast.session.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.holdfast.session.SessionStores;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoreMisconfiguredException;
import dev.holdfast.session.spi.StoredSession;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tables that are missing, old, or made by the store. */
class SchemaTest {

    /** One of each database, for this class. */
    private static final List<TestDatabase> DATABASES = List.of(
            TestDatabase.h2("schema_test"), TestDatabase.postgres("schema_test"), TestDatabase.mariaDb("schema_test"));

    static Stream<TestDatabase> databases() {
        return DATABASES.stream();
    }

    private static void drop(TestDatabase database) {
        database.run("DROP TABLE IF EXISTS holdfast_session", "DROP TABLE IF EXISTS holdfast_session_lock");
    }

    @ParameterizedTest
    @MethodSource("databases")
    @DisplayName("R31: a missing table is one message at the start that names the script and the setting")
    void missing(TestDatabase database) {
        drop(database);
        try (HikariDataSource pool = database.pool(1, 5_000)) {
            assertThatThrownBy(() -> JdbcSessionStore.create(pool))
                    .isInstanceOf(StoreMisconfiguredException.class)
                    .hasMessageContaining("no table holdfast_session")
                    .hasMessageContaining(database.script() + ".sql")
                    .hasMessageContaining("createTables");
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    @DisplayName("R31: a missing table of expiries is one message, if they are to be told, and no matter else")
    void missingExpired(TestDatabase database) {
        drop(database);
        database.made();
        database.run("DROP TABLE holdfast_session_expired");
        try (HikariDataSource pool = database.pool(1, 5_000)) {
            JdbcSessionStore.create(pool).close();
            JdbcSessionStore.Builder telling = JdbcSessionStore.builder(pool).expiryEvents(Duration.ofSeconds(1));
            assertThatThrownBy(telling::build)
                    .isInstanceOf(StoreMisconfiguredException.class)
                    .hasMessageContaining("no table holdfast_session_expired")
                    .hasMessageContaining(database.script() + ".sql");
            telling.createTables(true).build().close();
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    @DisplayName("R31: an older table is one message at the start that names the column")
    void older(TestDatabase database) {
        drop(database);
        database.made();
        database.run("ALTER TABLE holdfast_session DROP COLUMN idle_ms");
        try (HikariDataSource pool = database.pool(1, 5_000)) {
            assertThatThrownBy(() -> JdbcSessionStore.create(pool))
                    .isInstanceOf(StoreMisconfiguredException.class)
                    .hasMessageContaining("older")
                    .hasMessageContaining("idle_ms")
                    .hasMessageContaining(database.script() + ".sql");
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    @DisplayName(
            "R31: a column that goes while the store is in use is a set-up failure, and the store works again with it")
    void goesMeanwhile(TestDatabase database) {
        drop(database);
        database.made();
        try (HikariDataSource pool = database.pool(1, 5_000);
                JdbcSessionStore store = JdbcSessionStore.create(pool)) {
            StoredSession session = TestSessions.session();
            store.create(session);
            drop(database);
            assertThatThrownBy(() -> store.load(session.key())).isInstanceOf(StoreMisconfiguredException.class);
            database.made();
            assertThat(store.create(session)).isTrue();
            assertThat(store.load(session.key())).contains(session);
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    @DisplayName("createTables makes what is missing, also for several nodes at once, and leaves what is there")
    void createTables(TestDatabase database) throws Exception {
        drop(database);
        ExecutorService nodes = Executors.newFixedThreadPool(4);
        try (HikariDataSource pool = database.pool(4, 10_000)) {
            Callable<Boolean> node = () -> {
                try (JdbcSessionStore store =
                        JdbcSessionStore.builder(pool).createTables(true).build()) {
                    return store.create(TestSessions.session());
                }
            };
            for (Future<Boolean> created : nodes.invokeAll(List.of(node, node, node, node))) {
                assertThat(created.get()).isTrue();
            }
            assertThat(database.count()).isEqualTo(4);
        } finally {
            nodes.shutdownNow();
        }
    }

    @Test
    @DisplayName("a jdbc: URI opens the store, its pool and its tables, and tells wrong settings from the driver's")
    void byUri() {
        String uri = "jdbc:h2:mem:by_uri;DB_CLOSE_DELAY=-1?holdfast.createTables=true&holdfast.poolSize=2";
        StoredSession session = TestSessions.session();
        try (SessionStore store = SessionStores.open(uri)) {
            assertThat(store.create(session)).isTrue();
        }
        try (SessionStore store = SessionStores.open(uri + "&holdfast.timeout=2000&holdfast.maxPayload=10")) {
            assertThat(store.load(session.key())).contains(session);
        }
        assertThatThrownBy(() -> SessionStores.open(uri + "&holdfast.pool=3"))
                .isInstanceOf(StoreMisconfiguredException.class)
                .hasMessageContaining("holdfast.poolSize");
        assertThatThrownBy(() -> SessionStores.open("jdbc:nobody:x?password=secret"))
                .isInstanceOf(StoreMisconfiguredException.class)
                .hasMessageContaining("driver")
                .hasNoCause();
    }

    @Test
    @DisplayName("a limit that the column can't keep is refused at the start")
    void tooLargeALimit() {
        try (HikariDataSource pool = TestDatabase.h2("schema_limit").pool(1, 5_000)) {
            assertThatThrownBy(() -> JdbcSessionStore.builder(pool)
                            .maxPayloadBytes(1 << 21)
                            .build())
                    .isInstanceOf(StoreMisconfiguredException.class)
                    .hasMessageContaining("1048576");
        }
    }
}
