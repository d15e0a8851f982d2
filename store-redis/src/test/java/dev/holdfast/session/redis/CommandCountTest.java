package dev.holdfast.session.redis;

import static dev.holdfast.session.redis.TestSessions.session;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.redis.servers.RedisProcess;
import dev.holdfast.session.redis.servers.RedisVersion;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a verb costs, counted by the server; commands that a script calls are counted with it. */
class CommandCountTest {

    private static RedisProcess server;

    private SessionStore store;

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
        server.call("FLUSHALL");
        store = TestSessions.open(server.port(), "");
        for (String principal : new String[] {null, "alice"}) {
            StoredSession known = session(principal, "warm");
            store.create(known);
            store.update(known, 1);
            store.touch(known.key(), known.lastAccessedAt(), known.expiresAt());
            store.delete(known.key());
        }
    }

    @AfterEach
    void close() {
        store.close();
    }

    private Map<String, Long> counted(Runnable verb) {
        server.call("CONFIG", "RESETSTAT");
        verb.run();
        return TestSessions.calls(server);
    }

    @Test
    @DisplayName("a session without principal: each verb is one command or one script")
    void oneCommandEach() {
        StoredSession session = session("payload");
        assertThat(counted(() -> assertThat(store.create(session)).isTrue())).isEqualTo(Map.of("set", 1L));
        assertThat(counted(() -> assertThat(store.load(session.key())).contains(session)))
                .isEqualTo(Map.of("get", 1L));
        assertThat(counted(() -> assertThat(store.touch(session.key(), session.lastAccessedAt(), session.expiresAt()))
                        .isTrue()))
                .isEqualTo(Map.of("evalsha", 1L, "getrange", 1L, "setrange", 1L, "pexpire", 1L));
        assertThat(counted(() -> assertThat(store.update(session, 1)).isEqualTo(UpdateOutcome.APPLIED)))
                .isEqualTo(Map.of("evalsha", 1L, "getrange", 1L, "set", 1L));
        assertThat(counted(() -> assertThat(store.delete(session.key())).isTrue()))
                .isEqualTo(Map.of("evalsha", 1L, "getrange", 1L, "del", 1L));
        assertThat(counted(() -> assertThat(store.load(session.key())).isEmpty()))
                .isEqualTo(Map.of("get", 1L));
    }

    @Test
    @DisplayName("a session with a principal: each verb is one command or one script, the index included")
    void oneScriptWithIndex() {
        StoredSession session = session("alice", "payload");
        assertThat(counted(() -> assertThat(store.create(session)).isTrue())).containsEntry("evalsha", 1L);
        assertThat(counted(() -> assertThat(store.load(session.key())).contains(session)))
                .isEqualTo(Map.of("get", 1L));
        assertThat(counted(() -> assertThat(store.touch(session.key(), session.lastAccessedAt(), session.expiresAt()))
                        .isTrue()))
                .isEqualTo(Map.of("evalsha", 1L, "getrange", 1L, "setrange", 1L, "pexpire", 1L, "pttl", 1L));
        StoredSession bobs = new StoredSession(
                session.key(),
                1,
                session.createdAt(),
                session.lastAccessedAt(),
                session.expiresAt(),
                session.idleTimeout(),
                "bob",
                session.payload());
        assertThat(counted(() -> assertThat(store.update(session, 1)).isEqualTo(UpdateOutcome.APPLIED)))
                .containsEntry("evalsha", 1L)
                .doesNotContainKeys("zadd", "eval");
        assertThat(counted(() -> assertThat(store.update(bobs, 2)).isEqualTo(UpdateOutcome.APPLIED)))
                .containsEntry("evalsha", 1L)
                .containsEntry("zadd", 1L);
        assertThat(counted(() -> assertThat(store.delete(session.key())).isTrue()))
                .containsEntry("evalsha", 1L)
                .doesNotContainKey("eval");
    }

    @Test
    @DisplayName("no key lives without a time to live but those of sessions that never expire")
    @SuppressWarnings("unchecked")
    void everyKeyHasTimeToLive() {
        StoredSession never = session("alice", "for ever");
        never = never.withAccess(never.lastAccessedAt(), StoredSession.NEVER);
        store.create(never);
        StoredSession moved = session("alice", "moved");
        store.create(moved.withAccess(moved.lastAccessedAt(), StoredSession.NEVER));
        store.touch(moved.key(), moved.lastAccessedAt(), moved.expiresAt());
        for (int i = 0; i < 50; i++) {
            StoredSession session = session(i % 2 == 0 ? "alice" : null, "payload");
            store.create(session);
            store.update(session, 1);
            store.touch(
                    session.key(), session.lastAccessedAt(), session.expiresAt().plusSeconds(i));
            if (i % 5 == 0) {
                store.delete(session.key());
            }
        }
        try (var locked = ((RedisSessionStore) store)
                .lock(never.key(), Duration.ZERO, Duration.ofMinutes(1))
                .orElseThrow()) {
            assertThat(locked).isNotNull();
            List<String> keys = (List<String>) Objects.requireNonNull(server.call("KEYS", "*"));
            assertThat(keys).hasSizeGreaterThan(45).allMatch(key -> key.startsWith("holdfast{"));
            // the raw bytes of keys do not pass through text, so the server is asked by a script
            long immortal = server.count(
                    "EVAL",
                    "local n = 0 for _, k in ipairs(redis.call('KEYS', '*')) do"
                            + " if redis.call('PTTL', k) == -1 then n = n + 1 end end return n",
                    "0");
            assertThat(immortal)
                    .as("keys without a time to live: the record that never expires, and its index")
                    .isEqualTo(2);
        }
        store.delete(never.key());
        assertThat(server.count(
                        "EVAL",
                        "local n = 0 for _, k in ipairs(redis.call('KEYS', '*')) do"
                                + " if redis.call('PTTL', k) == -1 then n = n + 1 end end return n",
                        "0"))
                .isZero();
    }

    @Test
    @DisplayName("the server removes a record a margin after it has expired, not before")
    void serverExpiryIsLater() {
        StoredSession session = session("payload");
        store.create(session);
        long left = server.count("EVAL", "return redis.call('PTTL', redis.call('KEYS', '*')[1])", "0");
        assertThat(left)
                .isBetween(
                        Duration.ofMinutes(30).toMillis() + 25_000,
                        Duration.ofMinutes(30).toMillis() + 30_001);
        SessionKey key = session.key();
        store.touch(
                key,
                session.lastAccessedAt().plusSeconds(1),
                session.expiresAt().plusSeconds(600));
        left = server.count("EVAL", "return redis.call('PTTL', redis.call('KEYS', '*')[1])", "0");
        assertThat(left).isGreaterThan(Duration.ofMinutes(40).toMillis());
    }
}
