package dev.holdfast.session.redis;

import dev.holdfast.session.redis.servers.RedisProcess;
import dev.holdfast.session.spi.Payload;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoredSession;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Sessions to store, stores to keep them in, and what a server counts. */
final class TestSessions {

    private TestSessions() {}

    /** Returns a new half-hour session. */
    static StoredSession session(@Nullable String principal, String payload) {
        Instant now = Instant.ofEpochMilli(System.currentTimeMillis());
        Duration idle = Duration.ofMinutes(30);
        return new StoredSession(
                SessionKey.of(UUID.randomUUID().toString()),
                1,
                now,
                now,
                now.plus(idle),
                idle,
                principal,
                Payload.copyOf(payload.getBytes(StandardCharsets.UTF_8)));
    }

    static StoredSession session(String payload) {
        return session(null, payload);
    }

    static SessionStore open(int port, String settings) {
        return new RedisSessionStoreProvider().open(URI.create("redis://127.0.0.1:" + port + settings));
    }

    /** Returns how often the server was sent, or a script called, each command since {@code CONFIG RESETSTAT}. */
    static Map<String, Long> calls(RedisProcess server) {
        Map<String, Long> calls = new TreeMap<>();
        server.info("commandstats")
                .forEach((name, stats) -> calls.put(
                        name.replace("cmdstat_", ""),
                        Long.parseLong(stats.replaceAll("calls=(\\d+).*", "$1").strip())));
        Stream.of("config|resetstat", "info", "ping", "client|setinfo", "hello").forEach(calls::remove);
        return calls;
    }
}
