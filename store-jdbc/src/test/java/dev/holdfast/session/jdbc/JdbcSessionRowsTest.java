package dev.holdfast.session.jdbc;

import dev.holdfast.session.compliance.SessionRows;
import dev.holdfast.session.compliance.StoreUnderTest;
import dev.holdfast.session.jdbc.JdbcSessionStoreExamTest.Room;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;

/** The rows on the JDBC store. */
@DisplayName("sessions in a database")
class JdbcSessionRowsTest {

    /** More than there are threads in a row. */
    private static final int CONNECTIONS = 20;

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
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    @DisplayName("PostgreSQL")
    class Postgres extends SessionRows {

        private Room database;

        @BeforeAll
        void start() {
            database = new Room(TestDatabase.postgres("rows"), CONNECTIONS);
        }

        @AfterAll
        void stop() {
            database.close();
        }

        @Override
        protected StoreUnderTest storeUnderTest() {
            return database.patientSubject();
        }
    }
}
