package dev.holdfast.session.redis;

import static dev.holdfast.session.redis.TestSessions.session;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.redis.servers.RedisProcess;
import dev.holdfast.session.redis.servers.RedisVersion;
import dev.holdfast.session.spi.Payload;
import dev.holdfast.session.spi.PrincipalIndex;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoredSession;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What reaches keys and values. */
class KeysTest {

    private static final List<String> HOSTILE =
            List.of("*", "{a}", "../etc/passwd", "a\r\nFLUSHALL\r\n", "a b", "\u0000", "][?", "é\uD83D\uDE00");

    @Test
    @DisplayName("S04, S11, S70: no id and no principal reaches a key, however odd")
    void nothingReachesKeys() {
        try (RedisProcess server = RedisProcess.start(RedisVersion.V7_4);
                SessionStore store = TestSessions.open(server.port(), "?prefix=app")) {
            for (String odd : HOSTILE) {
                StoredSession template = session(odd, "payload");
                StoredSession session = new StoredSession(
                        SessionKey.of(odd),
                        1,
                        template.createdAt(),
                        template.lastAccessedAt(),
                        template.expiresAt(),
                        template.idleTimeout(),
                        odd,
                        template.payload());
                assertThat(store.create(session)).isTrue();
                assertThat(store.load(session.key())).contains(session);
                assertThat(((PrincipalIndex) store).findByPrincipal(odd, null, 10))
                        .containsExactly(session);
            }
            List<?> keys = (List<?>) Objects.requireNonNull(server.call("KEYS", "*"));
            assertThat(keys).hasSizeBetween(HOSTILE.size() + 1, 2 * HOSTILE.size());
            for (Object key : keys) {
                assertThat(String.valueOf(key)).matches("(?s)app\\{\\d+}:(p|.{32})");
            }
        }
    }

    @Test
    @DisplayName("the parts lie in 64 equal ranges of the hash slots, by the slot that the server computes")
    void partsAreSpread() {
        try (RedisProcess server = RedisProcess.start(RedisVersion.V7_0, "--cluster-enabled", "yes")) {
            KeySpace keys = new KeySpace("any");
            for (int part = 0; part < KeySpace.PARTS; part++) {
                String key = new String(keys.index(part, 'p'), StandardCharsets.US_ASCII);
                long slot = server.count("CLUSTER", "KEYSLOT", key);
                assertThat(slot).isEqualTo(KeySpace.slotOfPart(part));
                assertThat(slot / 256).isEqualTo(part);
            }
        }
    }

    @Test
    @DisplayName("the bytes of format 1 are as they were")
    void formatIsFixed() {
        SessionKey key = SessionKey.of("an id");
        Instant time = Instant.ofEpochMilli(1_700_000_000_000L);
        StoredSession session = new StoredSession(
                key,
                3,
                time,
                time.plusMillis(1),
                time.plusMillis(2),
                Duration.ofMillis(5),
                "é",
                Payload.copyOf(new byte[] {1, 2, 3}));
        byte[] bytes = RecordLayout.encode(session, 3, key.toBytes(), 0x0102030405060708L);
        String hex = HexFormat.of().formatHex(bytes);
        assertThat(hex.substring(0, 20)).isEqualTo("48010000018bcfe56800");
        assertThat(hex.substring(28, 60)).isEqualTo("0000018bcfe568010000018bcfe56802");
        assertThat(hex.substring(68, 120))
                .isEqualTo("0000000000000003" + "0102030405060708" + "0000000000000005" + "0002");
        assertThat(hex.substring(128)).isEqualTo("c3a9010203");
        assertThat(RecordLayout.decode(key, bytes)).isEqualTo(session);
        assertThat(RecordLayout.decode(SessionKey.of("another"), bytes)).isNull();
        bytes[1] = 2;
        assertThat(RecordLayout.decode(key, bytes)).as("a newer format").isNull();
    }

    @Test
    @DisplayName("I2: entries whose records the server removed are dropped by later creates and purges")
    void indexHeals() {
        try (RedisProcess server = RedisProcess.start(RedisVersion.V7_4);
                SessionStore store = TestSessions.open(server.port(), "?marginMillis=0")) {
            StoredSession template = session("alice", "payload");
            IntStream.range(0, 2000)
                    .mapToObj(i -> session("user " + i % 7, "payload"))
                    .forEach(session -> store.create(session.withAccess(
                            session.lastAccessedAt(), template.createdAt().plusMillis(1))));
            String entries = "local n = 0 for _, k in ipairs(redis.call('KEYS', '*:p')) do n = n +"
                    + " redis.call('ZCARD', k) end return n";
            for (int i = 0; i < 10 * 128 && server.count("EVAL", entries, "0") > 0; i++) {
                store.purgeExpired(100);
            }
            assertThat(server.count("EVAL", entries, "0"))
                    .as("entries of dead sessions")
                    .isZero();
        }
    }
}
