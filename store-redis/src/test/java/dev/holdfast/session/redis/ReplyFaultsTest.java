package dev.holdfast.session.redis;

import static dev.holdfast.session.redis.TestSessions.session;
import static dev.holdfast.session.spi.UpdateOutcome.APPLIED;
import static dev.holdfast.session.spi.UpdateOutcome.CONFLICT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.session.compliance.FaultProxy;
import dev.holdfast.session.compliance.FaultProxy.Direction;
import dev.holdfast.session.redis.servers.RedisProcess;
import dev.holdfast.session.redis.servers.RedisVersion;
import dev.holdfast.session.spi.OutcomeUnknownException;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.SessionStoreException;
import dev.holdfast.session.spi.StoreUnavailableException;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;

/** Replies that come late, in pieces, cut off, or never: R04 to R08. */
@Tag("once")
class ReplyFaultsTest {

    private static RedisProcess server;

    private FaultProxy proxy;
    private SessionStore store;
    private SessionStore direct;

    @BeforeAll
    static void start() {
        server = RedisProcess.start(RedisVersion.V7_4);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void open() {
        proxy = FaultProxy.to(server.port());
        store = TestSessions.open(proxy.port(), "?poolSize=1&timeoutMillis=1000");
        direct = TestSessions.open(server.port(), "");
    }

    @AfterEach
    void close() {
        store.close();
        direct.close();
        proxy.close();
    }

    @Test
    @DisplayName("R04: a server that accepts and never answers costs one timeout, at connect as later")
    void blackHole() {
        StoredSession session = session("payload");
        Duration timeout = Duration.ofSeconds(3);
        try (SessionStore patient =
                TestSessions.open(proxy.port(), "?poolSize=1&timeoutMillis=" + timeout.toMillis())) {
            proxy.stall(Direction.REQUESTS, Direction.REPLIES);
            for (int i = 0; i < 2; i++) {
                long start = System.nanoTime();
                assertThatThrownBy(() -> patient.load(session.key())).isInstanceOf(StoreUnavailableException.class);
                assertThat(Duration.ofNanos(System.nanoTime() - start))
                        .isBetween(
                                timeout.minusMillis(100),
                                timeout.multipliedBy(2).minusMillis(100));
            }
            proxy.cut();
            proxy.restore();
            assertThat(patient.create(session)).isTrue();
        }
        assertThat(store.load(session.key())).as("a connection from before").contains(session);
        proxy.stall(Direction.REPLIES);
        assertThatThrownBy(() -> store.update(session, 1)).isInstanceOf(OutcomeUnknownException.class);
        proxy.cut();
        proxy.restore();
        assertThat(store.load(session.key())).contains(session.withVersion(2));
    }

    @Test
    @DisplayName("R05: a reply to load that is cut after any byte is no reply, and never another caller's")
    void replyToLoadIsCut() {
        StoredSession mine = session("mine, mine, mine");
        StoredSession yours = session("yours");
        store.create(mine);
        store.create(yours);
        int longest = RecordLayout.HEADER + mine.payload().size() + 30;
        int failures = 0;
        for (int bytes = 0; bytes <= longest; bytes++) {
            proxy.resetAfter(Direction.REPLIES, bytes);
            try {
                assertThat(store.load(mine.key())).as("after %s bytes", bytes).contains(mine);
            } catch (StoreUnavailableException e) {
                failures++;
            }
            proxy.restore();
            assertThat(store.load(yours.key()))
                    .as("the next caller, after %s bytes", bytes)
                    .contains(yours);
            assertThat(store.load(mine.key()))
                    .as("the next but one, after %s bytes", bytes)
                    .contains(mine);
        }
        assertThat(failures).as("cuts that were felt").isGreaterThan(RecordLayout.HEADER);
    }

    @Test
    @DisplayName("R05: a write whose reply is cut after any byte is answered truly, or with unknown")
    void replyToWriteIsCut() {
        StoredSession session = session("0");
        store.create(session);
        long version = 1;
        for (int bytes = 0; bytes <= 5; bytes++) {
            for (Direction direction : Direction.values()) {
                proxy.resetAfter(direction, direction == Direction.REPLIES ? bytes : 40L * bytes);
                Optional<UpdateOutcome> outcome = known(() -> store.update(session, currentVersion(session)));
                proxy.restore();
                long now = currentVersion(session);
                boolean applied = now == version + 1;
                outcome.ifPresent(said -> assertThat(said == APPLIED).isEqualTo(applied));
                assertThat(now).isBetween(version, version + 1);
                version = now;
                StoredSession gone = session("gone");
                direct.create(gone);
                assertThat(store.load(session.key()).orElseThrow().version()).isEqualTo(version);
                proxy.resetAfter(direction, direction == Direction.REPLIES ? bytes : 40L * bytes);
                Optional<Boolean> deleted = known(() -> store.delete(gone.key()));
                proxy.restore();
                boolean absent = direct.load(gone.key()).isEmpty();
                deleted.ifPresent(said -> assertThat(said).isEqualTo(absent));
                assertThat(store.load(session.key()).orElseThrow().version()).isEqualTo(version);
            }
        }
    }

    private long currentVersion(StoredSession session) {
        return direct.load(session.key()).orElseThrow().version();
    }

    private static <T> Optional<T> known(Supplier<T> write) {
        try {
            return Optional.of(write.get());
        } catch (OutcomeUnknownException e) {
            return Optional.empty();
        } catch (StoreUnavailableException e) {
            throw new AssertionError("the request was sent, so its outcome is not known", e);
        }
    }

    @Test
    @DisplayName("R06: single bytes and 200 ms of delay change no answer")
    void slowAndSliced() {
        proxy.slice(Direction.REPLIES, 1);
        proxy.slice(Direction.REQUESTS, 1);
        StoredSession session = session("alice", "sliced");
        assertThat(store.create(session)).isTrue();
        assertThat(store.update(session, 1)).isEqualTo(APPLIED);
        assertThat(store.load(session.key())).contains(session.withVersion(2));
        proxy.restore();
        proxy.delay(Direction.REPLIES, Duration.ofMillis(200));
        assertThat(store.touch(session.key(), session.lastAccessedAt(), session.expiresAt()))
                .isTrue();
        assertThat(store.load(session.key())).contains(session.withVersion(2));
        assertThat(store.delete(session.key())).isTrue();
    }

    @Test
    @DisplayName("R07: an update whose reply is lost is tried again, and knows itself: applied, no conflict")
    void lostReplyToUpdate() throws Exception {
        StoredSession session = session("payload");
        assertThat(store.create(session)).isTrue();
        assertThat(afterLostReply(() -> store.update(session, 1), () -> currentVersion(session) == 2))
                .isEqualTo(APPLIED);
        assertThat(direct.load(session.key())).contains(session.withVersion(2));
    }

    @Test
    @DisplayName("R07: a delete or create whose reply is lost is unknown, not false")
    void lostReplyToDelete() throws Exception {
        StoredSession session = session("payload");
        assertThat(afterLostReply(
                        () -> store.create(session),
                        () -> direct.load(session.key()).isPresent()))
                .isInstanceOf(OutcomeUnknownException.class);
        assertThat(afterLostReply(
                        () -> store.delete(session.key()),
                        () -> direct.load(session.key()).isEmpty()))
                .isInstanceOf(OutcomeUnknownException.class);
    }

    /** Holds the replies back until the server has applied the write, then cuts the connection. */
    private Object afterLostReply(Supplier<Object> write, Callable<Boolean> applied) throws Exception {
        store.load(session("a connection is there").key());
        proxy.stall(Direction.REPLIES);
        CompletableFuture<Object> answer = CompletableFuture.supplyAsync(() -> {
            try {
                return write.get();
            } catch (SessionStoreException e) {
                return e;
            }
        });
        await().pollInterval(Duration.ofMillis(1)).until(applied);
        // the new connection gets through, the old one's reply does not
        proxy.cut();
        proxy.restore();
        return answer.get(10, TimeUnit.SECONDS);
    }

    @Test
    @DisplayName("R08: a script that is delivered twice is applied once")
    void deliveredTwice() {
        try (RedisClient jedis = RedisClient.create("127.0.0.1", server.port())) {
            StoredSession session = session("alice", "payload");
            byte[] key = session.key().toBytes();
            KeySpace keys = new KeySpace("holdfast");
            int part = KeySpace.part(key);
            List<byte[]> all = List.of(keys.record(key), keys.index(part, 'p'), keys.index(part, 'n'));
            Scripts scripts = new Scripts(false);
            byte[] now = RecordLayout.number(System.currentTimeMillis());
            byte[] ttl = Server.ascii("1800000");
            List<byte[]> create = List.of(RecordLayout.encode(session, 1, key, 7), ttl, now, new byte[0]);
            List<byte[]> update = List.of(RecordLayout.encode(session, 2, key, 8), RecordLayout.number(1), now, ttl);
            List<byte[]> rival = List.of(RecordLayout.encode(session, 2, key, 9), RecordLayout.number(1), now, ttl);
            for (int i = 0; i < 2; i++) {
                assertThat(scripts.create.run(jedis, all, create)).isEqualTo(Scripts.YES);
            }
            for (int i = 0; i < 2; i++) {
                assertThat(scripts.update.run(jedis, all, update)).isEqualTo(Scripts.YES);
            }
            assertThat(scripts.update.run(jedis, all, rival))
                    .as("the same bytes by another")
                    .isEqualTo(Scripts.CONFLICT);
            assertThat(direct.load(session.key())).contains(session.withVersion(2));
            assertThat(direct.update(session, 1)).isEqualTo(CONFLICT);
            assertThat(scripts.delete.run(jedis, all, List.of(now))).isEqualTo(Scripts.YES);
            assertThat(scripts.delete.run(jedis, all, List.of(now))).isEqualTo(Scripts.NO);
        }
    }
}
