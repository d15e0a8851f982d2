package dev.holdfast.session.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.HikariDataSource;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoreUnavailableException;
import dev.holdfast.session.spi.StoredSession;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What happens while somebody else has rows locked, on each database. */
@Tag("once")
class RowLockTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    @Nested
    @DisplayName("on H2")
    class OnH2 extends Locked {
        OnH2() {
            super(TestDatabase.h2("row_locks").emptied());
        }
    }

    @Nested
    @DisplayName("on PostgreSQL")
    class OnPostgres extends Locked {
        private static final TestDatabase DATABASE = TestDatabase.postgres("row_locks");

        OnPostgres() {
            super(DATABASE.emptied());
        }
    }

    @Nested
    @DisplayName("on MariaDB")
    class OnMariaDb extends Locked {
        private static final TestDatabase DATABASE = TestDatabase.mariaDb("row_locks");

        OnMariaDb() {
            super(DATABASE.emptied());
        }
    }

    abstract static class Locked {
        private final TestDatabase database;

        Locked(TestDatabase database) {
            this.database = database;
        }

        private static JdbcSessionStore store(HikariDataSource pool, InstantSource clock) {
            return JdbcSessionStore.builder(pool).timeout(TIMEOUT).clock(clock).build();
        }

        private static InstantSource later(Duration by) {
            return InstantSource.offset(InstantSource.system(), by);
        }

        /** Changes a row in a transaction that stays open. */
        private Connection hold(String sql, SessionKey key) throws SQLException {
            Connection holder = database.connect();
            holder.setAutoCommit(false);
            try (PreparedStatement statement = holder.prepareStatement(sql)) {
                statement.setBytes(1, key.toBytes());
                statement.execute();
            }
            return holder;
        }

        private static final String EXTEND = "UPDATE holdfast_session SET expires_at = expires_at + 7200000,"
                + " accessed_at = accessed_at + 1 WHERE session_key = ?";
        private static final String LOCK = "SELECT version FROM holdfast_session WHERE session_key = ? FOR UPDATE";

        @Test
        @DisplayName("R28: a write that meets a held row lock is unavailable at the timeout, and was not applied")
        void heldRowLock() throws SQLException {
            try (HikariDataSource pool = database.pool(2, 1_000);
                    JdbcSessionStore store = store(pool, InstantSource.system())) {
                StoredSession session = TestSessions.session();
                store.create(session);
                try (Connection holder = hold(LOCK, session.key())) {
                    long start = System.nanoTime();
                    Throwable failure = catchThrowable(() -> store.update(session, 1));
                    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
                    assertThat(failure).isInstanceOf(StoreUnavailableException.class);
                    assertThat(store.load(session.key()))
                            .as("a reader does not wait")
                            .contains(session);
                    holder.rollback();
                }
                assertThat(store.load(session.key())).contains(session);
                assertThat(store.touch(session.key(), Instant.now(), session.expiresAt()))
                        .isTrue();
            }
        }

        @Test
        @DisplayName("R24: a purge passes over a row that is being touched, and the touched session survives")
        void purgeMeetsTouch() throws SQLException {
            try (HikariDataSource pool = database.pool(2, 1_000);
                    JdbcSessionStore now = store(pool, InstantSource.system());
                    JdbcSessionStore later = store(pool, later(Duration.ofHours(1)))) {
                StoredSession session = TestSessions.session();
                now.create(session);
                try (Connection touching = hold(EXTEND, session.key())) {
                    assertThat(later.purgeExpired(10)).isZero();
                    touching.commit();
                }
                assertThat(later.purgeExpired(10)).isZero();
                assertThat(later.load(session.key())).isPresent();
            }
        }

        @Test
        @DisplayName("R25: a purge does not wait for rows that another purger has locked, and counts none of them")
        void purgeMeetsPurge() throws SQLException {
            try (HikariDataSource pool = database.pool(2, 1_000);
                    JdbcSessionStore store = store(pool, InstantSource.system())) {
                StoredSession locked = TestSessions.expired();
                store.create(locked);
                for (int i = 0; i < 20; i++) {
                    store.create(TestSessions.expired());
                }
                try (Connection other = hold(LOCK, locked.key())) {
                    assertThat(store.purgeExpired(100)).isEqualTo(20);
                    other.rollback();
                }
                assertThat(store.purgeExpired(100)).isEqualTo(1);
            }
        }
    }
}
