package dev.holdfast.session.redis;

import static dev.holdfast.session.redis.TestSessions.session;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.session.compliance.FaultProxy;
import dev.holdfast.session.redis.servers.RedisProcess;
import dev.holdfast.session.redis.servers.RedisVersion;
import dev.holdfast.session.spi.ChangeFeed;
import dev.holdfast.session.spi.ExpiryEvents;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoredSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Events while connections die: R17, R18. */
class EventsTest {

    private static final String EVENTS = "?eventMillis=100&timeoutMillis=500";

    @Test
    @DisplayName("R17: with all connections killed an expiry is told later, once, on one of the nodes that listen")
    void connectionsKilled() {
        Queue<SessionKey> told = new ConcurrentLinkedQueue<>();
        try (RedisProcess server = RedisProcess.start(RedisVersion.V7_4);
                SessionStore nodeA = TestSessions.open(server.port(), EVENTS);
                SessionStore nodeB = TestSessions.open(server.port(), EVENTS);
                var a = ((ExpiryEvents) nodeA).onExpired(told::add);
                var b = ((ExpiryEvents) nodeB).onExpired(told::add)) {
            assertThat(a).isNotSameAs(b);
            List<SessionKey> expected = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                StoredSession session = session("payload");
                nodeA.create(session.withAccess(
                        session.lastAccessedAt(), session.createdAt().plusMillis(300)));
                expected.add(session.key());
            }
            for (String type : List.of("pubsub", "normal")) {
                server.call("CLIENT", "KILL", "TYPE", type);
            }
            await().atMost(Duration.ofSeconds(10)).until(() -> told.containsAll(expected));
            nodeA.purgeExpired(100);
            nodeB.purgeExpired(100);
            assertThat(told).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Test
    @DisplayName("R18: what changed while a listening node was cut off is told when it is back, within the bound")
    void changesWhileCutOff() {
        Queue<SessionKey> told = new ConcurrentLinkedQueue<>();
        try (RedisProcess server = RedisProcess.start(RedisVersion.V7_4);
                FaultProxy proxy = FaultProxy.to(server.port());
                SessionStore writer = TestSessions.open(server.port(), EVENTS);
                SessionStore cutOff = TestSessions.open(proxy.port(), EVENTS);
                var subscription = ((ChangeFeed) cutOff).onChange(told::add)) {
            assertThat(subscription).isNotNull();
            StoredSession revoked = session("payload");
            writer.create(revoked);
            proxy.refuse();
            assertThat(writer.delete(revoked.key())).isTrue();
            assertThat(told).isEmpty();
            proxy.restore();
            await().atMost(((ChangeFeed) cutOff).worstDelay().plusSeconds(2)).until(() -> told.contains(revoked.key()));
            assertThat(told).containsExactly(revoked.key());
        }
    }
}
