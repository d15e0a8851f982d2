package dev.holdfast.session.redis;

import static dev.holdfast.session.redis.TestSessions.session;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.session.compliance.FaultProxy;
import dev.holdfast.session.compliance.FaultProxy.Direction;
import dev.holdfast.session.redis.servers.RedisCluster;
import dev.holdfast.session.redis.servers.RedisProcess;
import dev.holdfast.session.redis.servers.RedisSentinels;
import dev.holdfast.session.redis.servers.RedisVersion;
import dev.holdfast.session.spi.DeclaredConsistency;
import dev.holdfast.session.spi.OutcomeUnknownException;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.SessionStoreException;
import dev.holdfast.session.spi.StoreMisconfiguredException;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Replicas that lag, masters that change, slots that move: R09 to R11, R15. */
@Tag("once")
class TopologyFaultsTest {

    @Test
    @DisplayName(
            "R09: a failover to a lagging replica loses what was acknowledged, as declared; with replicas=1 nothing was")
    void failoverToLaggingReplica() {
        try (RedisProcess master = RedisProcess.start(RedisVersion.V7_4, "--repl-diskless-sync-delay", "0");
                FaultProxy link = FaultProxy.to(master.port());
                RedisProcess replica = replicaOf(link.port());
                SessionStore plain = TestSessions.open(master.port(), "");
                SessionStore careful = TestSessions.open(master.port(), "?replicas=1&replicaMillis=300")) {
            StoredSession logout = session("logged out just before");
            StoredSession carefulLogout = session("logged out with care");
            assertThat(careful.create(logout)).isTrue();
            assertThat(careful.create(carefulLogout)).isTrue();
            link.stall(Direction.REPLIES);
            assertThat(plain.delete(logout.key())).isTrue();
            assertThatThrownBy(() -> careful.delete(carefulLogout.key())).isInstanceOf(OutcomeUnknownException.class);
            master.kill();
            link.cut();
            replica.call("REPLICAOF", "NO", "ONE");
            try (SessionStore after = TestSessions.open(replica.port(), "")) {
                assertThat(after.load(logout.key()))
                        .as("an acknowledged logout, after a failover that lost it")
                        .isPresent();
                assertThat(((DeclaredConsistency) plain).consistency())
                        .isEqualTo(DeclaredConsistency.Consistency.STRONG_UNTIL_FAILOVER);
            }
        }
    }

    private static RedisProcess replicaOf(int port) {
        RedisProcess replica = RedisProcess.start(RedisVersion.V7_4, "--replicaof", "127.0.0.1 " + port);
        await().until(() -> "up".equals(replica.info("replication").get("master_link_status")));
        return replica;
    }

    @Test
    @DisplayName("R10: a write that too few replicas confirm is unknown, and says how many did; reads go on")
    void tooFewReplicas() {
        try (RedisProcess master = RedisProcess.start(RedisVersion.V7_4, "--repl-diskless-sync-delay", "0");
                RedisProcess replica = replicaOf(master.port());
                SessionStore store = TestSessions.open(master.port(), "?replicas=1&replicaMillis=200")) {
            StoredSession session = session("alice", "payload");
            assertThat(store.create(session)).isTrue();
            replica.hang();
            assertThatThrownBy(() -> store.update(session, 1))
                    .isInstanceOf(OutcomeUnknownException.class)
                    .hasMessageContaining("0 of 1 replicas");
            assertThat(store.load(session.key())).contains(session.withVersion(2));
            assertThat(store.update(session, 1)).isEqualTo(UpdateOutcome.CONFLICT);
            replica.goOn();
            await().ignoreExceptionsInstanceOf(OutcomeUnknownException.class)
                    .until(() -> store.update(
                                    session.withVersion(9),
                                    store.load(session.key()).orElseThrow().version())
                            == UpdateOutcome.APPLIED);
        }
    }

    @Test
    @DisplayName("R11: a store that is pointed at a replica refuses, and names the fix")
    void pointedAtReplica() {
        try (RedisProcess master = RedisProcess.start(RedisVersion.V7_4, "--repl-diskless-sync-delay", "0");
                RedisProcess replica = replicaOf(master.port());
                SessionStore store = TestSessions.open(replica.port(), "")) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> store.load(session("payload").key()))
                        .isInstanceOf(StoreMisconfiguredException.class)
                        .hasMessageContainingAll("replica", "sentinel");
            }
            replica.call("REPLICAOF", "NO", "ONE");
            assertThat(store.create(session("payload"))).isTrue();
        }
    }

    @Test
    @Tag("oldest-jedis")
    @DisplayName("R09: when the master dies the store follows the sentinels to the new one, with what was confirmed")
    void sentinelFailover() {
        try (RedisSentinels servers = RedisSentinels.start(RedisVersion.V7_4);
                SessionStore store = new RedisSessionStoreProvider()
                        .open(URI.create("redis://" + servers.addresses() + "?topology=sentinel&master="
                                + RedisSentinels.MASTER + "&timeoutMillis=500&replicas=1&replicaMillis=2000"))) {
            StoredSession session = session("alice", "payload");
            assertThat(store.create(session)).isTrue();
            servers.master().kill();
            await().atMost(Duration.ofSeconds(20))
                    .ignoreExceptionsInstanceOf(SessionStoreException.class)
                    .until(() -> store.load(session.key()).equals(Optional.of(session)));
            // there is no replica left to confirm, but the scripts, which the new master does not know, run
            assertThatThrownBy(() -> store.update(session, 1))
                    .isInstanceOf(OutcomeUnknownException.class)
                    .hasMessageContaining("0 of 1");
            assertThat(store.load(session.key())).contains(session.withVersion(2));
        }
    }

    @Test
    @Tag("oldest-jedis")
    @DisplayName("R15: while slots move from node to node each verb works on, and no session is lost or found twice")
    void slotsMove() throws Exception {
        try (RedisCluster cluster = RedisCluster.start(RedisVersion.V7_0, 3);
                SessionStore store = new RedisSessionStoreProvider()
                        .open(URI.create("redis://" + cluster.addresses() + "?topology=cluster"))) {
            List<StoredSession> sessions = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                StoredSession session = session(i % 3 == 0 ? "alice" : null, "payload " + i);
                assertThat(store.create(session)).isTrue();
                sessions.add(session);
            }
            AtomicBoolean moved = new AtomicBoolean();
            CompletableFuture<Integer> writer = CompletableFuture.supplyAsync(() -> {
                int rounds = 0;
                for (; !moved.get() || rounds == 0; rounds++) {
                    for (StoredSession session : sessions) {
                        assertThat(store.touch(session.key(), session.lastAccessedAt(), session.expiresAt()))
                                .isTrue();
                        assertThat(store.update(session, rounds + 1)).isEqualTo(UpdateOutcome.APPLIED);
                        assertThat(store.load(session.key())).contains(session.withVersion(rounds + 2));
                    }
                }
                return rounds;
            });
            try {
                for (int part = 0; part < 8; part++) {
                    cluster.moveSlot(
                            KeySpace.slotOfPart(part), cluster.masters().get(1 + part % 2));
                }
            } finally {
                moved.set(true);
            }
            int rounds = writer.get(60, TimeUnit.SECONDS);
            assertThat(((RedisSessionStore) store).findByPrincipal("alice", null, 1000))
                    .hasSize(100);
            try (var scan = ((RedisSessionStore) store).scan()) {
                assertThat(scan.map(StoredSession::key).toList())
                        .containsExactlyInAnyOrderElementsOf(
                                sessions.stream().map(StoredSession::key).toList());
            }
            for (StoredSession session : sessions) {
                assertThat(store.load(session.key())).contains(session.withVersion(rounds + 1));
                assertThat(store.delete(session.key())).isTrue();
            }
        }
    }
}
