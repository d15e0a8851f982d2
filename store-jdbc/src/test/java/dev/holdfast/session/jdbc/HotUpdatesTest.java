package dev.holdfast.session.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.holdfast.session.spi.StoredSession;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a touch writes on PostgreSQL. */
@DisplayName("touches on PostgreSQL are HOT updates: they write no index")
@Tag("once")
class HotUpdatesTest {

    private static final String UPDATED =
            "SELECT n_tup_upd FROM pg_stat_user_tables WHERE relname = 'holdfast_session'";
    private static final String HOT = UPDATED.replace("n_tup_upd", "n_tup_hot_upd");
    private static final int SESSIONS = 200;
    private static final int TOUCHES = 30;

    private final TestDatabase database = TestDatabase.postgres("hot_" + System.nanoTime());

    @Test
    @DisplayName("T5: of touches a second apart, that each move the expiry, more than 98 % are HOT")
    void touchesAreHot() {
        assertThat(hotShare(Duration.ofSeconds(1))).isGreaterThan(0.98);
    }

    @Test
    @DisplayName("T5: of touches a minute apart, as the default interval makes them, three of four are HOT")
    void touchesByTheMinuteAreMostlyHot() {
        assertThat(hotShare(Duration.ofMinutes(1))).isGreaterThan(0.70);
    }

    private double hotShare(Duration interval) {
        try (HikariDataSource pool = database.pool(1, 5_000);
                JdbcSessionStore store = JdbcSessionStore.create(pool)) {
            Instant start = Instant.now();
            List<StoredSession> sessions = new ArrayList<>();
            for (int i = 0; i < SESSIONS; i++) {
                StoredSession session = TestSessions.session(start.plusSeconds(1800 + i), null, "x".repeat(1000));
                assertThat(store.create(session)).isTrue();
                sessions.add(session);
            }
            for (int touch = 1; touch <= TOUCHES; touch++) {
                Duration later = interval.multipliedBy(touch);
                for (StoredSession session : sessions) {
                    assertThat(store.touch(
                                    session.key(),
                                    session.lastAccessedAt().plus(later),
                                    session.expiresAt().plus(later)))
                            .isTrue();
                }
            }
        }
        // a backend reports what it counted when it ends
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> database.longs(UPDATED).get(0) >= (long) SESSIONS * TOUCHES);
        return (double) database.longs(HOT).get(0) / database.longs(UPDATED).get(0);
    }
}
