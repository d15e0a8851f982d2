package dev.holdfast.session.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.holdfast.session.spi.StoreMisconfiguredException;
import dev.holdfast.session.spi.StoredSession;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names are checked, values are bound. */
class InjectionTest {

    private static final List<String> EVIL = List.of(
            "'; DROP TABLE holdfast_session; --",
            "' OR '1'='1",
            "alice'/*",
            "\\'; DELETE FROM holdfast_session; #",
            "%",
            "_",
            "${jndi:ldap://localhost/a}",
            "?");

    private final TestDatabase database = TestDatabase.h2("injection");
    private final HikariDataSource pool = database.pool(2, 5_000);

    @AfterEach
    void close() {
        pool.close();
    }

    @ParameterizedTest
    @DisplayName("S70: a table or schema that is no plain name is refused before any statement, and not repeated")
    @ValueSource(
            strings = {
                "",
                "a b",
                "t;DROP TABLE x",
                "t--",
                "t\"",
                "`t`",
                "t.u",
                "1t",
                "tä",
                "t\n",
                "t'",
                "a23456789012345678901234567890123456789012345678901"
            })
    void namesAreChecked(String name) {
        CountingDataSource counting = new CountingDataSource(pool);
        assertThatThrownBy(() -> JdbcSessionStore.builder(counting).table(name).build())
                .isInstanceOf(StoreMisconfiguredException.class)
                .hasMessageContaining("'table'");
        assertThatThrownBy(() -> JdbcSessionStore.builder(counting).schema(name).build())
                .isInstanceOf(StoreMisconfiguredException.class)
                .hasMessageContaining("'schema'");
        assertThat(counting.statements).isEmpty();
    }

    @Test
    @DisplayName("S70: principals and payloads full of SQL are values, and so is what is searched for")
    void valuesAreBound() {
        try (JdbcSessionStore store = JdbcSessionStore.create(pool)) {
            StoredSession bystander = TestSessions.session(Instant.now().plusSeconds(60), "bystander", "kept");
            store.create(bystander);
            for (String evil : EVIL) {
                StoredSession session = TestSessions.session(Instant.now().plusSeconds(60), evil, evil);
                assertThat(store.create(session)).isTrue();
                assertThat(store.findByPrincipal(evil, null, 10))
                        .extracting(StoredSession::key)
                        .containsExactly(session.key());
                assertThat(store.load(session.key()).orElseThrow().principal()).isEqualTo(evil);
                assertThat(store.deleteByPrincipal(evil, null)).isEqualTo(1);
            }
            assertThat(store.load(bystander.key())).isPresent();
        }
    }

    @Test
    @DisplayName("S70: another table and schema by plain names work, and are made on request")
    void otherNames() {
        database.run("CREATE SCHEMA IF NOT EXISTS app");
        try (JdbcSessionStore store = JdbcSessionStore.builder(pool)
                .schema("app")
                .table("Web_Sessions2")
                .createTables(true)
                .build()) {
            StoredSession session = TestSessions.session();
            assertThat(store.create(session)).isTrue();
            assertThat(store.load(session.key())).isPresent();
        }
        assertThat(database.longs("SELECT count(*) FROM app.web_sessions2")).containsExactly(1L);
    }
}
