package dev.holdfast.session.jdbc;

import static dev.holdfast.session.compliance.FaultProxy.Direction.REPLIES;
import static dev.holdfast.session.compliance.FaultProxy.Direction.REQUESTS;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.holdfast.session.compliance.Fault;
import dev.holdfast.session.compliance.FaultProxy;
import dev.holdfast.session.compliance.SessionStoreExam;
import dev.holdfast.session.compliance.StoreUnderTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** The JDBC store takes the exam on each database, with the database's session in another time zone. */
@DisplayName("the JDBC store takes the exam")
class JdbcSessionStoreExamTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final Duration RECOVERY = Duration.ofSeconds(20);
    private static final int POOL_WAIT_MILLIS = 300;

    /** At their finest levels the drivers log what is bound, which the exam would take for the store's words. */
    private static final List<Logger> DRIVERS =
            List.of(Logger.getLogger("org.postgresql"), Logger.getLogger("org.mariadb.jdbc"));

    private static final Map<String, Room> ROOMS = new ConcurrentHashMap<>();

    @BeforeAll
    static void quietDrivers() {
        DRIVERS.forEach(driver -> driver.setLevel(Level.INFO));
    }

    @AfterAll
    static void closePools() {
        ROOMS.values().forEach(Room::close);
        ROOMS.clear();
    }

    @Nested
    @DisplayName("on H2 in memory, each instance with a pool of its own")
    class H2Memory extends SessionStoreExam {
        @Override
        protected StoreUnderTest storeUnderTest() {
            TestDatabase database = TestDatabase.h2("exam").emptied();
            return StoreUnderTest.withClock(clock -> JdbcSessionStore.owning(database.pool(10, 5_000))
                            .clock(clock)
                            .build())
                    .maxPayloadBytes(JdbcSessionStore.DEFAULT_MAX_PAYLOAD_BYTES);
        }
    }

    @Nested
    @DisplayName("on H2 in memory, telling of expiries")
    @Tag("once")
    class H2Eventful extends SessionStoreExam {
        @Override
        protected StoreUnderTest storeUnderTest() {
            TestDatabase database = TestDatabase.h2("exam_eventful").emptied();
            return StoreUnderTest.withClock(clock -> JdbcSessionStore.owning(database.pool(10, 5_000))
                            .clock(clock)
                            .expiryEvents(Duration.ofMillis(20))
                            .build())
                    .maxPayloadBytes(JdbcSessionStore.DEFAULT_MAX_PAYLOAD_BYTES);
        }
    }

    @Nested
    @DisplayName("on H2 in memory, both instances on one connection")
    @Tag("once")
    class H2PoolOfOne extends SessionStoreExam {
        @Override
        protected StoreUnderTest storeUnderTest() {
            return room("H2 pool of one", () -> TestDatabase.h2("exam_of_one"), 1)
                    .subject(false);
        }
    }

    @Nested
    @DisplayName("on H2 in a file")
    @Tag("once")
    class H2File extends SessionStoreExam {
        @Override
        protected StoreUnderTest storeUnderTest() {
            return room("H2 file", JdbcSessionStoreExamTest::h2File).subject(false);
        }
    }

    @Nested
    @DisplayName("on H2 by plain SQL")
    @Tag("once")
    class H2PlainSql extends SessionStoreExam {
        @Override
        protected StoreUnderTest storeUnderTest() {
            return room(
                            "H2 plain",
                            () -> new TestDatabase("jdbc:h2:mem:exam_plain;DB_CLOSE_DELAY=-1", "standard").made())
                    .subject(true);
        }
    }

    @Nested
    @DisplayName("on PostgreSQL")
    @Tag("once")
    class Postgres extends SessionStoreExam {
        @Override
        protected StoreUnderTest storeUnderTest() {
            return room("PostgreSQL", () -> TestDatabase.postgres("exam")).faultySubject();
        }
    }

    @Nested
    @DisplayName("on MariaDB")
    @Tag("once")
    class MariaDb extends SessionStoreExam {
        @Override
        protected StoreUnderTest storeUnderTest() {
            return room("MariaDB", () -> TestDatabase.mariaDb("exam")).faultySubject();
        }
    }

    private static TestDatabase h2File() {
        try {
            Path directory = Files.createTempDirectory("holdfast-h2");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> Servers.deleteAll(directory)));
            return TestDatabase.h2File(directory.resolve("exam").toString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Room room(String name, Supplier<TestDatabase> database) {
        return room(name, database, 10);
    }

    private static Room room(String name, Supplier<TestDatabase> database, int poolSize) {
        return ROOMS.computeIfAbsent(name, any -> new Room(database.get(), poolSize));
    }

    /** A database and a pool that many tests share. */
    private static final class Room implements AutoCloseable {
        final TestDatabase database;
        private final @Nullable FaultProxy proxy;
        private final HikariDataSource pool;
        private final CountingDataSource counting;

        Room(TestDatabase database, int poolSize) {
            this.database = database;
            if (database.url().contains("127.0.0.1")) {
                FaultProxy through = FaultProxy.to(database.port());
                proxy = through;
                pool = database.through(through).pool(poolSize, POOL_WAIT_MILLIS);
            } else {
                proxy = null;
                pool = database.pool(poolSize, 5_000);
            }
            counting = new CountingDataSource(pool);
            isUsable();
        }

        StoreUnderTest subject(boolean plainSql) {
            // after an outage the pool takes its time to connect
            await().atMost(RECOVERY).until(this::isUsable);
            database.emptied();
            return StoreUnderTest.withClock(clock -> {
                        JdbcSessionStore.Builder builder =
                                JdbcSessionStore.builder(counting).clock(clock).timeout(TIMEOUT);
                        return (plainSql ? builder.plainSql() : builder).build();
                    })
                    .maxPayloadBytes(JdbcSessionStore.DEFAULT_MAX_PAYLOAD_BYTES)
                    .bytesWritten(counting.bytes::get)
                    .openResources(() -> Collections.nCopies(counting.open.intValue(), "borrowed connection"))
                    .handedIn("the DataSource", this::isUsable)
                    .keepsThreads(TestDatabase.POOL)
                    .keepsThreads("awaitility")
                    .keepsThreads("MVStore background")
                    .keepsThreads("H2-");
        }

        StoreUnderTest faultySubject() {
            FaultProxy proxy = Objects.requireNonNull(this.proxy);
            Duration budget = TIMEOUT.multipliedBy(2);
            return subject(false)
                    .bytesWritten(() -> proxy.forwarded(REQUESTS))
                    .fault(Fault.outage("the server is down", budget, proxy::refuse, proxy::restore))
                    .fault(Fault.outage(
                            "the server hangs", budget, () -> proxy.stall(REQUESTS, REPLIES), proxy::restore))
                    .fault(Fault.lostReply(
                            "replies are lost", budget, () -> proxy.resetAfter(REPLIES, 0), proxy::restore))
                    .keepsThreads(FaultProxy.THREADS)
                    .keepsThreads("PostgreSQL-JDBC")
                    .keepsThreads("mariadb");
        }

        private boolean isUsable() {
            try (var connection = counting.getConnection()) {
                return connection.isValid(1);
            } catch (SQLException e) {
                return false;
            }
        }

        @Override
        public void close() {
            pool.close();
            if (proxy != null) {
                proxy.close();
            }
        }
    }
}
