package dev.holdfast.session.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.core.HazelcastInstance;
import dev.holdfast.session.spi.OutcomeUnknownException;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoreUnavailableException;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.io.File;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Members in JVMs of their own are killed, stopped and replaced under load. */
@Tag("once")
class MemberFaultsTest {

    private static final int TIMEOUT_MILLIS = 2000;
    private static final Duration BUDGET = Duration.ofSeconds(15);
    private static final String WITH_OUR_CLASSES = """
            <member-attributes><attribute name="holdfast.sessions">1</attribute></member-attributes>
            """;

    private final String cluster = "faults-" + Ports.free();
    private final List<Integer> ports =
            IntStream.range(0, 3).mapToObj(i -> Ports.free()).toList();
    private final List<String> addresses =
            ports.stream().map(port -> "127.0.0.1:" + port).toList();
    private final List<StockMember> members = new ArrayList<>();
    private final List<HazelcastInstance> clients = new ArrayList<>();

    private SessionStore start(String classPath, String settings) {
        ports.forEach(port ->
                members.add(StockMember.start(List.of(), classPath, cluster, "127.0.0.1", port, addresses, settings)));
        members.forEach(StockMember::awaitListening);
        ClientConfig config = Instances.clientConfig(cluster, addresses, TIMEOUT_MILLIS);
        config.getConnectionStrategyConfig().setAsyncStart(false);
        clients.add(HazelcastClient.newHazelcastClient(config));
        awaitMembers(3);
        return HazelcastSessionStore.create(clients.get(0));
    }

    private void awaitMembers(int count) {
        Awaitility.await("the cluster has " + count + " members")
                .atMost(Duration.ofSeconds(60))
                .until(() -> clients.get(0).getCluster().getMembers().size() == count);
    }

    private static String ourClasses() {
        return String.join(
                File.pathSeparator,
                StockMember.hazelcastJar(),
                StockMember.placeOf(HazelcastSessionStore.class),
                StockMember.placeOf(SessionStore.class));
    }

    @AfterEach
    void stop() {
        clients.forEach(HazelcastInstance::shutdown);
        members.forEach(StockMember::close);
    }

    @Test
    @DisplayName("R44, R47, R49: stock members: one stalls, one is killed, all are gone; nothing acknowledged is lost")
    void stockMembers() {
        try (SessionStore store = start(StockMember.hazelcastJar(), "")) {
            try (Load load = new Load(store)) {
                load.awaitMore(300);
                members.get(1).signal("STOP");
                // longer than the members' heartbeat timeout, so that the others go on without it
                awaitMembers(2);
                load.awaitMore(300);
            }
            List<StoredSession> written = acknowledged(200, () -> updatedOnce(store));
            members.get(1).signal("CONT");
            awaitMembers(3);
            // until it has noticed that the others went on without it, it answers with what it knew
            awaitAll(store, written);
            try (Load load = new Load(store)) {
                load.awaitMore(300);
            }
            assertKillLosesNothing(store);
            for (StockMember member : members) {
                assertThat(member.log()).doesNotContain("ClassNotFound", "dev.holdfast");
            }
            assertFailsInTime(store);
        }
    }

    @Test
    @DisplayName("R44: members with our classes: one is killed under load; nothing acknowledged is lost")
    void membersWithOurClasses() {
        try (SessionStore store = start(ourClasses(), WITH_OUR_CLASSES)) {
            assertKillLosesNothing(store);
        }
    }

    private static StoredSession updatedOnce(SessionStore store) {
        StoredSession session = TestSessions.any();
        assertThat(store.create(session)).isTrue();
        StoredSession next = TestSessions.withPayload(session, "version 2");
        assertThat(store.update(next, 1)).isEqualTo(UpdateOutcome.APPLIED);
        return next.withVersion(2);
    }

    private static StoredSession created(SessionStore store, StoredSession session) {
        assertThat(store.create(session)).isTrue();
        return session;
    }

    /** Returns what so many writes stored; while partitions move, some are not acknowledged, and those do not count. */
    private static List<StoredSession> acknowledged(int count, Supplier<StoredSession> write) {
        List<StoredSession> acknowledged = new ArrayList<>();
        for (int tries = 0; acknowledged.size() < count; tries++) {
            assertThat(tries).as("tries for %s writes", count).isLessThan(count + 100);
            try {
                acknowledged.add(write.get());
            } catch (StoreUnavailableException | OutcomeUnknownException e) {
                // it may be lost
            }
        }
        return acknowledged;
    }

    private static void awaitAll(SessionStore store, List<StoredSession> sessions) {
        Awaitility.await("what was acknowledged is there")
                .atMost(Duration.ofSeconds(60))
                .ignoreExceptionsInstanceOf(StoreUnavailableException.class)
                .untilAsserted(() -> assertThat(sessions)
                        .allSatisfy(
                                session -> assertThat(store.load(session.key())).contains(session)));
    }

    private void assertKillLosesNothing(SessionStore store) {
        List<StoredSession> idle = acknowledged(500, () -> created(store, TestSessions.any()));
        try (Load load = new Load(store)) {
            load.awaitMore(300);
            members.get(2).signal("KILL");
            load.awaitMore(300);
            awaitMembers(2);
            load.awaitMore(300);
            assertThat(load.failures()).as("failed requests of thousands").isLessThan(100);
            assertThat(load.slowest()).isLessThan(BUDGET);
        }
        awaitAll(store, idle);
    }

    private void assertFailsInTime(SessionStore store) {
        members.forEach(StockMember::close);
        SessionKey key = TestSessions.any().key();
        for (int i = 0; i < 3; i++) {
            long start = System.nanoTime();
            assertThat(catchThrowable(() -> store.load(key))).isInstanceOf(StoreUnavailableException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    @DisplayName("R48: a rolling restart under load loses nothing and changes no byte")
    void rollingRestart() {
        try (SessionStore store = start(StockMember.hazelcastJar(), "")) {
            AtomicInteger next = new AtomicInteger();
            List<StoredSession> idle = acknowledged(500, () -> {
                int i = next.getAndIncrement();
                return created(store, TestSessions.of(SessionKey.of("idle " + i), "bytes " + i, "user " + i % 7));
            });
            try (Load load = new Load(store)) {
                for (int i = 0; i < 3; i++) {
                    members.get(i).leave();
                    members.set(i, StockMember.start(cluster, ports.get(i), addresses, ""));
                    awaitMembers(3);
                    load.awaitMore(200);
                }
            }
            awaitAll(store, idle);
            assertThat(((HazelcastSessionStore) store).findByPrincipal("user 3", null, 1000))
                    .containsAll(idle.stream()
                            .filter(session -> "user 3".equals(session.principal()))
                            .toList());
        }
    }
}
