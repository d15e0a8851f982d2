package dev.holdfast.session.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.holdfast.session.SessionStores;
import dev.holdfast.session.spi.ExpiryEvents;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoreMisconfiguredException;
import dev.holdfast.session.spi.StoredSession;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Expiries that are told by any instance, whichever purged. */
class ExpiryEventsTest {

    private static final Duration DELAY = Duration.ofMillis(50);

    /** One of each database, for this class. */
    private static final List<TestDatabase> DATABASES = List.of(
            TestDatabase.h2("expiry_events"),
            TestDatabase.postgres("expiry_events"),
            TestDatabase.mariaDb("expiry_events"));

    static Stream<TestDatabase> databases() {
        return DATABASES.stream().map(TestDatabase::emptied);
    }

    private static JdbcSessionStore store(HikariDataSource pool) {
        return JdbcSessionStore.builder(pool).expiryEvents(DELAY).build();
    }

    private static List<SessionKey> expired(SessionStore store, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    StoredSession session = TestSessions.expired();
                    store.create(session);
                    return session.key();
                })
                .toList();
    }

    private static long untold(TestDatabase database) {
        return database.longs("SELECT count(*) FROM holdfast_session_expired").get(0);
    }

    @ParameterizedTest
    @MethodSource("databases")
    @DisplayName("E1: what an instance purged and died is told by the next that listens, and then forgotten")
    void outlivesThePurger(TestDatabase database) {
        try (HikariDataSource pool = database.pool(4, 5_000)) {
            List<SessionKey> keys;
            try (JdbcSessionStore dies = store(pool)) {
                keys = expired(dies, 300);
                assertThat(dies.purgeExpired(1000)).isEqualTo(300);
            }
            assertThat(database.count()).isZero();
            assertThat(untold(database)).isEqualTo(300);
            Queue<SessionKey> told = new ConcurrentLinkedQueue<>();
            try (JdbcSessionStore next = store(pool)) {
                var unused = ((ExpiryEvents) next).onExpired(told::add);
                await().untilAsserted(() -> assertThat(told).containsExactlyInAnyOrderElementsOf(keys));
                await().untilAsserted(() -> assertThat(untold(database)).isZero());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    @DisplayName("E1: on a pool of one connection a listener may use the store")
    void listenerUsesTheStore(TestDatabase database) {
        try (HikariDataSource pool = database.pool(1, 5_000);
                JdbcSessionStore store = store(pool)) {
            Queue<Boolean> found = new ConcurrentLinkedQueue<>();
            var unused = ((ExpiryEvents) store)
                    .onExpired(key -> found.add(store.load(key).isPresent()));
            expired(store, 3);
            store.purgeExpired(10);
            await().untilAsserted(() -> assertThat(found).containsExactly(false, false, false));
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    @DisplayName("E1: an expiry that nobody asked for within a day is forgotten")
    void forgets(TestDatabase database) {
        try (HikariDataSource pool = database.pool(2, 5_000);
                JdbcSessionStore store = store(pool)) {
            expired(store, 2);
            store.purgeExpired(10);
            database.run("UPDATE holdfast_session_expired SET noted_at = noted_at - 86400001");
            expired(store, 1);
            store.purgeExpired(10);
            assertThat(untold(database)).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("expiries can be asked for by URI, and not of a database that is not known")
    void settings() {
        String uri = "jdbc:h2:mem:expiry_uri;DB_CLOSE_DELAY=-1?holdfast.createTables=true";
        try (SessionStore store = SessionStores.open(uri + "&holdfast.expiryDelay=500")) {
            assertThat(store)
                    .isInstanceOfSatisfying(
                            ExpiryEvents.class,
                            events -> assertThat(events.worstExpiryDelay()).isEqualTo(Duration.ofMillis(500)));
        }
        try (SessionStore store = SessionStores.open(uri)) {
            assertThat(store).isNotInstanceOf(ExpiryEvents.class);
        }
        assertThatThrownBy(() -> SessionStores.open(uri + "&holdfast.expiryDelay=5"))
                .isInstanceOf(StoreMisconfiguredException.class)
                .hasMessageContainingAll("holdfast.expiryDelay", "from 10");
        try (HikariDataSource pool = DATABASES.get(0).pool(1, 5_000)) {
            assertThatThrownBy(() -> JdbcSessionStore.builder(pool)
                            .plainSql()
                            .expiryEvents(DELAY)
                            .build())
                    .isInstanceOf(StoreMisconfiguredException.class)
                    .hasMessageContaining("expiryEvents");
        }
    }
}
