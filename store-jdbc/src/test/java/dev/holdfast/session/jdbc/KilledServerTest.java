package dev.holdfast.session.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.holdfast.session.spi.OutcomeUnknownException;
import dev.holdfast.session.spi.SessionStoreException;
import dev.holdfast.session.spi.StoreUnavailableException;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A server that dies under load and comes back on its data. */
@Tag("once")
class KilledServerTest {

    private static final int WRITERS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    @DisplayName(
            "R22: after kill -9 of PostgreSQL and a restart each acknowledged write is there, and the store recovers")
    void killedAndRestarted() throws Exception {
        Path data = Path.of(
                        "target", "servers", "killed-" + ProcessHandle.current().pid())
                .toAbsolutePath();
        EmbeddedPostgres first = Servers.postgres(data, 0);
        int port = first.getPort();
        TestDatabase database = TestDatabase.postgres("postgres", port).made();
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger updates = new AtomicInteger();
        EmbeddedPostgres second = null;
        try (HikariDataSource pool = database.pool(WRITERS, 1_000);
                JdbcSessionStore store = JdbcSessionStore.builder(pool)
                        .timeout(Duration.ofSeconds(2))
                        .build()) {
            List<StoredSession> sessions = new ArrayList<>();
            List<Future<Long>> acknowledged = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                StoredSession session = TestSessions.session();
                store.create(session);
                sessions.add(session);
                acknowledged.add(threads.submit(() -> write(store, session, stop, updates)));
            }
            await().atMost(PATIENCE).until(() -> updates.get() > 300);
            kill(data);
            stop.set(true);
            release(first);
            for (int i = 0; i < WRITERS; i++) {
                assertThat(acknowledged.get(i).get()).isPositive();
            }
            second = restart(data, port);
            for (int i = 0; i < WRITERS; i++) {
                StoredSession session = sessions.get(i);
                long version = await().atMost(PATIENCE)
                        .ignoreExceptionsInstanceOf(SessionStoreException.class)
                        .until(() -> store.load(session.key()).orElseThrow().version(), any -> true);
                long known = acknowledged.get(i).get();
                assertThat(version).as("stored, of %s acknowledged", known).isBetween(known, known + 1);
                assertThat(store.update(session, version)).isEqualTo(UpdateOutcome.APPLIED);
            }
        } finally {
            threads.shutdownNow();
            if (second != null) {
                second.close();
            }
        }
    }

    /** Updates until it fails, and returns the last acknowledged version; one more may have been applied. */
    private static long write(
            JdbcSessionStore store, StoredSession session, AtomicBoolean stop, AtomicInteger updates) {
        long version = 1;
        while (!stop.get()) {
            try {
                assertThat(store.update(session, version)).isEqualTo(UpdateOutcome.APPLIED);
                version++;
                updates.incrementAndGet();
            } catch (OutcomeUnknownException | StoreUnavailableException e) {
                return version;
            }
        }
        return version;
    }

    private static void kill(Path data) throws IOException {
        long pid = Long.parseLong(
                Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
        ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
        List<ProcessHandle> backends = postmaster.descendants().toList();
        assertThat(postmaster.destroyForcibly()).isTrue();
        backends.forEach(ProcessHandle::destroyForcibly);
        await().atMost(PATIENCE)
                .until(() -> !postmaster.isAlive() && backends.stream().noneMatch(ProcessHandle::isAlive));
    }

    /** Lets go of the lock on the directory, by which the launcher keeps others off. */
    private static void release(EmbeddedPostgres dead) {
        try {
            dead.close();
        } catch (IOException | RuntimeException e) {
            System.out.println("as expected, a killed server can't be stopped: " + e);
        }
    }

    private static EmbeddedPostgres restart(Path data, int port) {
        return await().atMost(PATIENCE).ignoreExceptions().until(() -> Servers.postgres(data, port), started -> true);
    }
}
