package dev.holdfast.session.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What each verb costs, counted. */
@DisplayName("each verb is one statement on one autocommitting connection")
class StatementCountTest {

    @Test
    @DisplayName("on PostgreSQL, whatever it meets")
    void postgres() {
        try (Counted counted = new Counted(TestDatabase.postgres("counted"))) {
            counted.usualPath();
            counted.rarePath(1);
            counted.purges(List.of());
        }
    }

    @Test
    @DisplayName("on MariaDB; a second one on the rare paths that one can't tell apart; a purge is a transaction")
    void mariaDb() {
        try (Counted counted = new Counted(TestDatabase.mariaDb("counted"))) {
            counted.usualPath();
            counted.rarePath(2);
            counted.purges(List.of("autocommit false", "commit", "autocommit true"));
        }
    }

    @Test
    @DisplayName("on H2; a second one on the rare paths; a purge is a transaction")
    void h2() {
        try (Counted counted = new Counted(TestDatabase.h2("counted"))) {
            counted.usualPath();
            counted.rarePath(2);
            counted.purges(List.of("autocommit false", "commit", "autocommit true"));
        }
    }

    @Test
    @DisplayName("also where expiries are told")
    void telling() {
        Consumer<JdbcSessionStore.Builder> telling = builder -> builder.expiryEvents(Duration.ofSeconds(1));
        try (Counted postgres = new Counted(TestDatabase.postgres("counted_telling"), telling);
                Counted mariaDb = new Counted(TestDatabase.mariaDb("counted_telling"), telling)) {
            postgres.usualPath();
            postgres.heldLock(1);
            mariaDb.usualPath();
        }
    }

    private static final class Counted implements AutoCloseable {
        private final HikariDataSource pool;
        private final CountingDataSource counting;
        private final JdbcSessionStore store;

        Counted(TestDatabase database) {
            this(database, builder -> {});
        }

        Counted(TestDatabase database, Consumer<JdbcSessionStore.Builder> settings) {
            pool = database.pool(2, 5_000);
            counting = new CountingDataSource(pool);
            JdbcSessionStore.Builder builder = JdbcSessionStore.builder(counting);
            settings.accept(builder);
            store = builder.build();
        }

        void usualPath() {
            StoredSession session = TestSessions.session(Instant.now().plusSeconds(60), "alice", "payload");
            SessionKey key = session.key();
            assertThat(one(() -> store.create(session))).isTrue();
            assertThat(one(() -> store.load(key))).isPresent();
            assertThat(one(() -> store.update(session, 1))).isEqualTo(UpdateOutcome.APPLIED);
            assertThat(one(() -> store.touch(key, Instant.now(), session.expiresAt())))
                    .isTrue();
            assertThat(one(() -> store.findByPrincipal("alice", null, 10))).hasSize(1);
            var lock = one(() -> store.lock(key, Duration.ZERO, Duration.ofSeconds(5)));
            one(() -> {
                lock.orElseThrow().close();
                return true;
            });
            assertThat(one(() -> store.delete(key))).isTrue();
            assertThat(one(() -> store.load(key))).isEmpty();
        }

        void rarePath(int statements) {
            StoredSession session = TestSessions.session();
            store.create(session);
            store.update(session, 1);
            assertThat(counted(statements, () -> store.update(session, 1))).isEqualTo(UpdateOutcome.CONFLICT);
            assertThat(counted(statements, () -> store.update(TestSessions.session(), 1)))
                    .isEqualTo(UpdateOutcome.GONE);
            StoredSession expired = TestSessions.expired();
            store.create(expired);
            assertThat(counted(
                            statements,
                            () -> store.create(session.withAccess(session.lastAccessedAt(), session.expiresAt()))))
                    .isFalse();
            heldLock(statements);
        }

        void heldLock(int statements) {
            SessionKey key = TestSessions.session().key();
            assertThat(store.lock(key, Duration.ZERO, Duration.ofSeconds(5))).isPresent();
            assertThat(counted(statements, () -> store.lock(key, Duration.ZERO, Duration.ofSeconds(5))))
                    .isEmpty();
        }

        void purges(List<String> transactions) {
            store.purgeExpired(1000);
            for (int i = 0; i < 600; i++) {
                store.create(TestSessions.expired());
            }
            counting.reset();
            assertThat(store.purgeExpired(1000)).isEqualTo(600);
            assertThat(counting.connections).hasValue(1);
            assertThat(counting.transactions).isEqualTo(transactions);
            assertThat(counting.statements).hasSizeLessThanOrEqualTo(transactions.isEmpty() ? 2 : 6);
        }

        private <T> T one(Supplier<T> verb) {
            return counted(1, verb);
        }

        private <T> T counted(int statements, Supplier<T> verb) {
            counting.reset();
            T answer = verb.get();
            // a create that meets a live row by plain SQL tries INSERT and UPDATE before it looks
            assertThat(counting.statements)
                    .hasSizeLessThanOrEqualTo(statements == 1 ? 1 : 3)
                    .hasSizeGreaterThanOrEqualTo(statements);
            assertThat(counting.connections).hasValue(1);
            assertThat(counting.transactions).isEmpty();
            assertThat(counting.open).hasValue(0);
            return answer;
        }

        @Override
        public void close() {
            store.close();
            pool.close();
        }
    }
}
