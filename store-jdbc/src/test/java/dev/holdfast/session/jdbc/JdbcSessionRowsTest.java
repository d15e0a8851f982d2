package dev.holdfast.session.jdbc;

import dev.holdfast.session.compliance.SessionRows;
import dev.holdfast.session.compliance.StoreUnderTest;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** The rows on the JDBC store. */
@DisplayName("sessions in a database")
@Tag("once")
class JdbcSessionRowsTest {

    @Nested
    @DisplayName("H2, each node with a pool of its own")
    class H2 extends SessionRows {
        @Override
        protected StoreUnderTest storeUnderTest() {
            TestDatabase database = TestDatabase.h2("rows").emptied();
            return StoreUnderTest.withClock(clock -> JdbcSessionStore.owning(database.pool(10, 5_000))
                    .clock(clock)
                    .build());
        }
    }

    @Nested
    @DisplayName("PostgreSQL, each node with a pool of its own")
    class Postgres extends SessionRows {
        private static final TestDatabase DATABASE = TestDatabase.postgres("rows");
        private static final Duration PATIENCE = Duration.ofSeconds(20);
        private static final int CONNECTIONS = 20;

        @Override
        protected StoreUnderTest storeUnderTest() {
            DATABASE.emptied();
            return StoreUnderTest.withClock(
                            clock -> JdbcSessionStore.owning(DATABASE.pool(CONNECTIONS, (int) PATIENCE.toMillis()))
                                    .timeout(PATIENCE)
                                    .clock(clock)
                                    .build())
                    .keepsThreads("PostgreSQL-JDBC");
        }
    }
}
