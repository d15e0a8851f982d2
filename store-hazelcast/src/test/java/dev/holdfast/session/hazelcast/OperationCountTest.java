package dev.holdfast.session.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.client.config.RoutingMode;
import com.hazelcast.core.HazelcastInstance;
import dev.holdfast.session.compliance.FaultProxy;
import dev.holdfast.session.compliance.FaultProxy.Direction;
import dev.holdfast.session.spi.Payload;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How many operations each verb is, on members with our classes and on a member that does not say so. */
class OperationCountTest {

    private static Members members;
    private static Members plain;

    @BeforeAll
    static void start() {
        members = Members.start(1);
        plain = Members.startWithoutOurClasses(1);
    }

    @AfterAll
    static void stop() {
        members.close();
        plain.close();
    }

    @Test
    @DisplayName("M17: where each member has our classes every verb is one operation")
    void oneOperationWithOurClasses() {
        CountedCalls calls = new CountedCalls(members.get(0));
        try (SessionStore store = open(calls)) {
            StoredSession session = TestSessions.any();
            assertThat(store.create(session)).isTrue();
            assertThat(calls.take()).containsExactly("executeOnKey", "addIndex", "addIndex");
            assertThat(store.load(session.key())).isPresent();
            assertThat(calls.take()).containsExactly("get");
            assertThat(store.update(session, 1)).isEqualTo(UpdateOutcome.APPLIED);
            assertThat(calls.take()).containsExactly("executeOnKey");
            assertThat(store.update(session, 1)).isEqualTo(UpdateOutcome.CONFLICT);
            assertThat(calls.take()).containsExactly("executeOnKey");
            assertThat(touch(store, session)).isTrue();
            assertThat(calls.take()).containsExactly("executeOnKey");
            assertThat(store.delete(session.key())).isTrue();
            assertThat(calls.take()).containsExactly("executeOnKey");
            store.purgeExpired(1000);
            assertThat(calls.take()).containsExactly("removeAll");
        }
    }

    @Test
    @DisplayName("M17: on other members a verb is one operation, too, when this node has seen the record")
    void oneOperationWithoutOurClasses() {
        CountedCalls calls = new CountedCalls(plain.get(0));
        CountedCalls others = new CountedCalls(plain.get(0));
        try (SessionStore store = open(calls);
                SessionStore other = open(others)) {
            StoredSession session = TestSessions.any();
            assertThat(store.create(session)).isTrue();
            assertThat(calls.take()).containsExactly("putIfAbsent", "addIndex", "addIndex");
            assertThat(store.load(session.key())).isPresent();
            assertThat(calls.take()).containsExactly("get");
            assertThat(store.update(session, 1)).isEqualTo(UpdateOutcome.APPLIED);
            assertThat(calls.take()).containsExactly("replace");
            assertThat(touch(store, session)).isTrue();
            assertThat(calls.take()).containsExactly("replace");

            assertThat(touch(other, session)).isTrue();
            assertThat(others.take()).containsExactly("get", "replace", "addIndex", "addIndex");
            assertThat(store.update(session, 2)).isEqualTo(UpdateOutcome.APPLIED);
            assertThat(calls.take()).as("after another node's touch").containsExactly("replace", "get", "replace");

            assertThat(store.delete(session.key())).isTrue();
            assertThat(calls.take()).containsExactly("put");
            assertThat(store.create(session)).isTrue();
            assertThat(calls.take()).as("over a tombstone").containsExactly("putIfAbsent", "replace");
        }
    }

    @Test
    @DisplayName("T5: a client's touch of 64 KiB sends a few hundred bytes where the members have our classes")
    void touchSendsNoPayload() {
        try (FaultProxy proxy =
                FaultProxy.to(Integer.parseInt(members.addresses.get(0).replaceFirst(".*:", "")))) {
            ClientConfig config = Instances.clientConfig(
                    members.cluster, List.of("127.0.0.1:" + proxy.port()), Members.TIMEOUT_MILLIS);
            config.getNetworkConfig().getClusterRoutingConfig().setRoutingMode(RoutingMode.SINGLE_MEMBER);
            config.getConnectionStrategyConfig().setAsyncStart(false);
            HazelcastInstance client = HazelcastClient.newHazelcastClient(config);
            try (SessionStore store = HazelcastSessionStore.create(client)) {
                StoredSession session = TestSessions.any().withPayload(Payload.wrap(new byte[64 << 10]));
                assertThat(store.create(session)).isTrue();
                long before = proxy.forwarded(Direction.REQUESTS);
                for (int i = 0; i < 20; i++) {
                    assertThat(touch(store, session)).isTrue();
                }
                assertThat((proxy.forwarded(Direction.REQUESTS) - before) / 20)
                        .as("bytes of a touch")
                        .isLessThan(2000);
            } finally {
                client.shutdown();
            }
        }
    }

    @Test
    @DisplayName(
            "P5: a purge removes in the cluster expired sessions, tombstones and the locks of the dead, and no live session")
    void purge() {
        HazelcastInstance hazelcast = members.get(0);
        Instant[] now = {Instant.now()};
        try (HazelcastSessionStore store = HazelcastSessionStore.builder(hazelcast)
                .mapName("sessions-purged")
                .clock(() -> now[0])
                .tombstones(Duration.ofMinutes(10))
                .build()) {
            StoredSession live = TestSessions.any().withAccess(now[0], StoredSession.NEVER);
            StoredSession deleted = TestSessions.any();
            store.create(live);
            store.create(TestSessions.any());
            store.create(deleted);
            store.delete(deleted.key());
            assertThat(store.lock(deleted.key(), Duration.ZERO, Duration.ofMinutes(1)))
                    .isPresent();
            store.purgeExpired(1);
            assertThat(hazelcast.getMap("sessions-purged").keySet())
                    .as("before anything has ended")
                    .hasSize(4);
            now[0] = now[0].plus(Duration.ofHours(2));
            assertThat(store.purgeExpired(1)).isZero();
            assertThat(hazelcast.getMap("sessions-purged").keySet())
                    .isEqualTo(Set.of(live.key().toString()));
        }
    }

    private static SessionStore open(CountedCalls calls) {
        return HazelcastSessionStore.builder(calls.instance())
                .mapName("sessions-counted")
                .build();
    }

    private static boolean touch(SessionStore store, StoredSession session) {
        Instant now = Instant.now();
        return store.touch(session.key(), now, now.plus(session.idleTimeout()));
    }
}
