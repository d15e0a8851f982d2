package dev.holdfast.session.redis;

import static dev.holdfast.session.redis.TestSessions.session;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.session.redis.servers.RedisProcess;
import dev.holdfast.session.redis.servers.RedisVersion;
import dev.holdfast.session.spi.OutcomeUnknownException;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.SessionStoreException;
import dev.holdfast.session.spi.StoreMisconfiguredException;
import dev.holdfast.session.spi.StoreUnavailableException;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A server that is killed, hangs, is full, changes its mind about users, or comes late: R01 to R03, R12 to R14, R16, R19, R20. */
@Tag("once")
class ServerFaultsTest {

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    private RedisProcess server(String... options) {
        RedisProcess server = RedisProcess.start(RedisVersion.V7_4, options);
        opened.add(server);
        return server;
    }

    private SessionStore open(RedisProcess server, String settings) {
        SessionStore store = TestSessions.open(server.port(), settings);
        opened.add(store);
        return store;
    }

    @Test
    @DisplayName(
            "R01: a server that is killed while it writes an append-only file each second loses at most its last two")
    void killedWhileWriting() throws Exception {
        RedisProcess server = server("--appendonly", "yes", "--appendfsync", "everysec");
        SessionStore store = open(server, "?timeoutMillis=500");
        Map<StoredSession, Long> acknowledged = new ConcurrentHashMap<>();
        AtomicInteger failures = new AtomicInteger();
        ExecutorService writers = Executors.newFixedThreadPool(4);
        for (int writer = 0; writer < 4; writer++) {
            var unused = writers.submit(() -> {
                while (failures.get() < 4) {
                    StoredSession session = session("payload");
                    try {
                        assertThat(store.create(session)).isTrue();
                        acknowledged.put(session, System.nanoTime());
                    } catch (StoreUnavailableException | OutcomeUnknownException e) {
                        failures.incrementAndGet();
                    }
                }
            });
        }
        await().until(() -> acknowledged.size() > 2000);
        long killedAt = System.nanoTime();
        server.kill();
        writers.shutdown();
        assertThat(writers.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        server.startAgain();
        int lost = 0;
        for (Map.Entry<StoredSession, Long> each : acknowledged.entrySet()) {
            if (store.load(each.getKey().key()).isEmpty()) {
                lost++;
                assertThat(Duration.ofNanos(killedAt - each.getValue()))
                        .as("age of an acknowledged session that was lost")
                        .isLessThan(Duration.ofSeconds(2));
            }
        }
        assertThat(lost).as("lost of %s", acknowledged.size()).isLessThan(acknowledged.size());
    }

    @Test
    @DisplayName(
            "R02: a server that comes back empty has no sessions, and takes new ones from many at once, without an error")
    void comesBackEmpty() throws Exception {
        RedisProcess server = server();
        SessionStore store = open(server, "");
        List<StoredSession> sessions = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            sessions.add(session("alice", "payload"));
        }
        onThreads(16, sessions, session -> assertThat(store.create(session)).isTrue());
        server.kill();
        server.startAgain();
        onThreads(16, sessions, session -> assertThat(store.load(session.key())).isEmpty());
        onThreads(16, sessions, session -> {
            assertThat(store.update(session, 1)).isEqualTo(UpdateOutcome.GONE);
            assertThat(store.create(session)).isTrue();
        });
        assertThat(((RedisSessionStore) store).findByPrincipal("alice", null, 1000))
                .hasSize(200);
    }

    private static void onThreads(int threads, List<StoredSession> sessions, Consumer<StoredSession> work)
            throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (StoredSession session : sessions) {
                all.add(executor.submit(() -> work.accept(session)));
            }
            for (Future<?> one : all) {
                one.get(30, TimeUnit.SECONDS);
            }
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    @DisplayName(
            "R03: while the server hangs each of many threads fails in time on a small pool; then all goes on by itself")
    void hangs() throws Exception {
        RedisProcess server = server();
        SessionStore store = open(server, "?timeoutMillis=300&poolWaitMillis=300&poolSize=4");
        StoredSession session = session("payload");
        store.create(session);
        server.hang();
        List<Long> taken = new CopyOnWriteArrayList<>();
        List<StoredSession> many = Collections.nCopies(32, session);
        try {
            onThreads(32, many, each -> {
                long start = System.nanoTime();
                assertThatThrownBy(() -> store.load(each.key())).isInstanceOf(StoreUnavailableException.class);
                taken.add(System.nanoTime() - start);
            });
            assertThat(taken).allMatch(nanos -> nanos < Duration.ofMillis(1500).toNanos());
            assertThatThrownBy(() -> store.update(session, 1)).isInstanceOf(SessionStoreException.class);
        } finally {
            server.goOn();
        }
        await().ignoreExceptionsInstanceOf(SessionStoreException.class)
                .until(() -> store.load(session.key()).isPresent());
        server.call("CLIENT", "PAUSE", "600", "WRITE");
        assertThat(store.load(session.key()))
                .as("a read while writes are paused")
                .isPresent();
        assertThatThrownBy(() -> store.touch(session.key(), session.lastAccessedAt(), session.expiresAt()))
                .isInstanceOf(OutcomeUnknownException.class);
        await().ignoreExceptionsInstanceOf(SessionStoreException.class)
                .until(() -> store.touch(session.key(), session.lastAccessedAt(), session.expiresAt()));
    }

    @Test
    @DisplayName("R12: with a full memory writes say so, while reading and logging out work")
    void outOfMemory() {
        RedisProcess server = server();
        SessionStore store = open(server, "");
        StoredSession session = session("alice", "payload");
        store.create(session);
        server.call("CONFIG", "SET", "maxmemory", "1");
        for (Runnable write : List.<Runnable>of(
                () -> store.create(session("payload")),
                () -> store.create(session("alice", "payload")),
                () -> store.update(session, 1),
                () -> store.touch(session.key(), session.lastAccessedAt(), session.expiresAt()))) {
            assertThatThrownBy(write::run)
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("maxmemory");
        }
        assertThat(store.load(session.key())).contains(session);
        assertThat(((RedisSessionStore) store).findByPrincipal("alice", null, 10))
                .containsExactly(session);
        assertThat(store.delete(session.key())).isTrue();
        server.call("CONFIG", "SET", "maxmemory", "0");
        assertThat(store.create(session)).isTrue();
    }

    @Test
    @DisplayName("R13: a policy that evicts is warned of, in plain words, and an evicted session is one that expired")
    void evicts() {
        RedisProcess server = server("--maxmemory-policy", "allkeys-lru", "--appendonly", "yes");
        List<String> warnings = warningsOf(() -> {
            SessionStore store = open(server, "");
            StoredSession session = session("payload");
            store.create(session);
            // what an eviction does
            server.call("FLUSHALL");
            assertThat(store.load(session.key())).isEmpty();
            assertThat(store.update(session, 1)).isEqualTo(UpdateOutcome.GONE);
        });
        assertThat(warnings).singleElement().asString().contains("allkeys-lru", "logged out", "noeviction");
        assertThat(warningsOf(() -> open(server(), "").purgeExpired(1)))
                .singleElement()
                .asString()
                .contains("in memory only", "appendonly yes");
    }

    private static List<String> warningsOf(Runnable work) {
        List<String> warnings = new CopyOnWriteArrayList<>();
        Logger logger = Logger.getLogger(RedisSessionStore.class.getName());
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                warnings.add(new SimpleFormatter().formatMessage(entry));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        logger.addHandler(handler);
        try {
            work.run();
        } finally {
            logger.removeHandler(handler);
        }
        return warnings;
    }

    @Test
    @DisplayName("R14: with active expiry off an expired session can't be read")
    void activeExpiryOff() {
        RedisProcess server = server("--enable-debug-command", "yes");
        server.call("DEBUG", "SET-ACTIVE-EXPIRE", "0");
        SessionStore store = open(server, "?marginMillis=3600000");
        StoredSession session = session("alice", "payload");
        StoredSession brief =
                session.withAccess(session.lastAccessedAt(), session.createdAt().plusMillis(50));
        assertThat(store.create(brief)).isTrue();
        await().until(() -> store.load(brief.key()).isEmpty());
        assertThat(server.count("DBSIZE")).as("keys that still lie there").isEqualTo(2);
        assertThat(store.touch(brief.key(), brief.lastAccessedAt(), session.expiresAt()))
                .isFalse();
        assertThat(store.update(session, 1)).isEqualTo(UpdateOutcome.GONE);
        assertThat(((RedisSessionStore) store).findByPrincipal("alice", null, 10))
                .isEmpty();
        assertThat(store.create(session)).isTrue();
    }

    @Test
    @DisplayName("R16: scripts that the server has forgotten are sent again")
    void scriptsFlushed() {
        RedisProcess server = server();
        SessionStore store = open(server, "");
        StoredSession session = session("payload");
        store.create(session);
        for (int version = 1; version <= 3; version++) {
            server.call("SCRIPT", "FLUSH");
            assertThat(store.update(session, version)).isEqualTo(UpdateOutcome.APPLIED);
        }
        server.call("SCRIPT", "FLUSH");
        assertThat(store.delete(session.key())).isTrue();
    }

    @Test
    @DisplayName("R19: a store may be opened before its server is there, and works when it is")
    void serverComesLate() {
        RedisProcess server = server();
        server.kill();
        SessionStore store = open(server, "?timeoutMillis=500");
        StoredSession session = session("payload");
        assertThatThrownBy(() -> store.load(session.key())).isInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(() -> store.create(session))
                .as("nothing was sent, so it is known that nothing was applied")
                .isInstanceOf(StoreUnavailableException.class);
        server.startAgain();
        assertThat(store.create(session)).isTrue();
        assertThat(store.load(session.key())).contains(session);
    }

    @Test
    @DisplayName(
            "R20: a changed password or permission is a clear error, without a storm of retries, until it is put right")
    void usersChange() {
        RedisProcess server = server();
        server.call("ACL", "SETUSER", "app", "on", ">old", "~*", "+@all");
        SessionStore store =
                new RedisSessionStoreProvider().open(URI.create("redis://app:old@127.0.0.1:" + server.port()));
        opened.add(store);
        StoredSession session = session("payload");
        assertThat(store.create(session)).isTrue();
        server.call("ACL", "SETUSER", "app", "<old", ">new");
        server.call("CLIENT", "KILL", "USER", "app");
        long before = connections(server);
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> store.load(session.key()))
                    .isInstanceOf(StoreMisconfiguredException.class)
                    .hasMessageContaining("password")
                    .hasMessageNotContaining("old");
        }
        assertThat(connections(server) - before).as("connections for 10 tries").isLessThan(25);
        server.call("ACL", "SETUSER", "app", ">old", "-getrange");
        assertThat(store.load(session.key())).contains(session);
        assertThatThrownBy(() -> store.update(session, 1)).isInstanceOf(SessionStoreException.class);
        server.call("ACL", "SETUSER", "app", "+@all", "-evalsha");
        assertThatThrownBy(() -> store.update(session, 1))
                .isInstanceOf(StoreMisconfiguredException.class)
                .hasMessageContaining("permissions");
        server.call("ACL", "SETUSER", "app", "+@all");
        assertThat(store.update(session, 1)).isEqualTo(UpdateOutcome.APPLIED);
    }

    private static long connections(RedisProcess server) {
        return Long.parseLong(server.info("stats").getOrDefault("total_connections_received", "0"));
    }
}
