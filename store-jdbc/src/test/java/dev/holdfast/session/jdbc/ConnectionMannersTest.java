package dev.holdfast.session.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.holdfast.session.spi.StoreUnavailableException;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the store treats the pool that it shares with the application. */
class ConnectionMannersTest {

    private final TestDatabase database = TestDatabase.h2("manners").emptied();

    @Test
    @DisplayName("R27: on a pool of one, verbs inside a scan work, and none waits for itself")
    void poolOfOne() {
        try (HikariDataSource pool = database.pool(1, 500);
                JdbcSessionStore store = JdbcSessionStore.create(pool)) {
            for (int i = 0; i < 200; i++) {
                store.create(TestSessions.session());
            }
            try (Stream<StoredSession> all = store.scan()) {
                assertThat(all.filter(session -> store.touch(session.key(), Instant.now(), session.expiresAt()))
                                .filter(session -> store.load(session.key()).isPresent()))
                        .hasSize(200);
            }
            try (var lock = store.lock(TestSessions.session().key(), Duration.ZERO, Duration.ofMinutes(1))
                    .orElseThrow()) {
                assertThat(store.create(TestSessions.session()))
                        .as("a lock holds no connection")
                        .isTrue();
                assertThat(lock.renew(Duration.ofMinutes(1))).isTrue();
            }
        }
    }

    @Test
    @DisplayName(
            "R27: while the application has the only connection, a verb is unavailable as soon as the pool says so")
    void poolExhausted() throws SQLException {
        try (HikariDataSource pool = database.pool(1, 300);
                JdbcSessionStore store = JdbcSessionStore.create(pool)) {
            try (Connection held = pool.getConnection()) {
                assertThat(held).isNotNull();
                long start = System.nanoTime();
                assertThatThrownBy(() -> store.create(TestSessions.session()))
                        .isInstanceOf(StoreUnavailableException.class);
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
            }
            assertThat(store.create(TestSessions.session())).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("T3: connected with useAffectedRows, a touch that changes nothing of a live session is true")
    void affectedRows(boolean telling) {
        TestDatabase mariaDb = TestDatabase.mariaDb("affected_rows_" + telling);
        try (HikariDataSource pool =
                new TestDatabase(mariaDb.url() + "&useAffectedRows=true", mariaDb.script()).pool(1, 5_000)) {
            JdbcSessionStore.Builder builder = JdbcSessionStore.builder(pool);
            if (telling) {
                builder.expiryEvents(Duration.ofSeconds(1));
            }
            try (JdbcSessionStore store = builder.build()) {
                StoredSession session = TestSessions.session();
                store.create(session);
                for (int i = 0; i < 2; i++) {
                    assertThat(store.touch(session.key(), session.lastAccessedAt(), session.expiresAt()))
                            .isTrue();
                }
                store.delete(session.key());
                assertThat(store.touch(session.key(), session.lastAccessedAt(), session.expiresAt()))
                        .isFalse();
            }
        }
    }

    @Test
    @DisplayName("a rollback of the application's transaction takes no session with it")
    void applicationRollsBack() throws SQLException {
        try (HikariDataSource pool = database.pool(2, 5_000);
                JdbcSessionStore store = JdbcSessionStore.create(pool)) {
            StoredSession session = TestSessions.session();
            try (Connection application = pool.getConnection()) {
                application.setAutoCommit(false);
                assertThat(store.create(session)).isTrue();
                application.rollback();
                application.setAutoCommit(true);
            }
            assertThat(store.load(session.key())).contains(session);
        }
    }

    @Test
    @DisplayName("connections that come without autocommit are committed, and given back as they came")
    void withoutAutoCommit() throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.url());
        config.setMaximumPoolSize(1);
        config.setAutoCommit(false);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            CountingDataSource counting = new CountingDataSource(pool);
            try (JdbcSessionStore store = JdbcSessionStore.create(counting)) {
                StoredSession session = TestSessions.session();
                store.create(session);
                assertThat(store.update(session, 1)).isEqualTo(UpdateOutcome.APPLIED);
                store.create(TestSessions.expired());
                assertThat(store.purgeExpired(10)).isEqualTo(1);
                assertThat(counting.transactions).startsWith("autocommit true", "autocommit false");
                assertThat(counting.transactions.get(counting.transactions.size() - 1))
                        .isEqualTo("autocommit false");
                assertThat(database.longs("SELECT version FROM holdfast_session"))
                        .containsExactly(2L);
            }
            try (Connection connection = pool.getConnection()) {
                assertThat(connection.getAutoCommit()).isFalse();
            }
        }
    }
}
