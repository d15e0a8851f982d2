package dev.holdfast.session.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.client.config.RoutingMode;
import com.hazelcast.core.HazelcastInstance;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.SessionStoreException;
import dev.holdfast.session.spi.StoreUnavailableException;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.io.File;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two members in two network namespaces lose sight of one another, while a client sees each; then they meet again. */
@Tag("once")
class SplitBrainTest {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int PORT = 5701;
    private static final int TIMEOUT_MILLIS = 5000;
    private static final String GUARDED = "guarded";
    private static final String SETTINGS =
            """
            <map name="%s">
              <backup-count>1</backup-count>
              <merge-policy>%s</merge-policy>
            </map>
            <map name="%s"><split-brain-protection-ref>both</split-brain-protection-ref></map>
            <split-brain-protection name="both" enabled="true">
              <minimum-cluster-size>2</minimum-cluster-size>
            </split-brain-protection>
            <member-attributes><attribute name="holdfast.sessions">1</attribute></member-attributes>
            """.formatted(SessionMaps.DEFAULT_NAME, SessionMergePolicy.class.getName(), GUARDED);

    private @Nullable Namespaces namespaces;
    private StockMember[] members = {};
    private HazelcastInstance[] clients = {};

    @BeforeEach
    void start() {
        assumeTrue(Namespaces.arePossible(), "network namespaces need root and ip(8)");
        namespaces = Namespaces.create();
        Namespaces net = net();
        String classPath = String.join(
                File.pathSeparator,
                StockMember.hazelcastJar(),
                StockMember.placeOf(HazelcastSessionStore.class),
                StockMember.placeOf(SessionStore.class));
        List<String> addresses = List.of(net.address(0) + ":" + PORT, net.address(1) + ":" + PORT);
        members = new StockMember[] {member(0, classPath, addresses), member(1, classPath, addresses)};
        members[0].awaitListening();
        members[1].awaitListening();
        clients = new HazelcastInstance[] {client(0), client(1)};
        awaitMembers(2);
    }

    private Namespaces net() {
        return Objects.requireNonNull(namespaces);
    }

    private StockMember member(int number, String classPath, List<String> addresses) {
        return StockMember.start(
                net().wrapper(number), classPath, "split", net().address(number), PORT, addresses, SETTINGS);
    }

    private HazelcastInstance client(int number) {
        ClientConfig config =
                Instances.clientConfig("split", List.of(net().address(number) + ":" + PORT), TIMEOUT_MILLIS);
        config.getNetworkConfig().getClusterRoutingConfig().setRoutingMode(RoutingMode.SINGLE_MEMBER);
        config.getConnectionStrategyConfig().setAsyncStart(false);
        return HazelcastClient.newHazelcastClient(config);
    }

    private void awaitMembers(int count) {
        for (HazelcastInstance client : clients) {
            Awaitility.await("each client sees " + count + " members")
                    .atMost(PATIENCE)
                    .until(() -> client.getCluster().getMembers().size() == count);
        }
    }

    @AfterEach
    void stop() {
        for (HazelcastInstance client : clients) {
            client.shutdown();
        }
        for (StockMember member : members) {
            member.close();
        }
        if (namespaces != null) {
            namespaces.close();
        }
    }

    @Test
    @DisplayName("R45, R46: logged out on one side stays so, the higher version wins, and a protected map refuses")
    void splitAndHeal() {
        try (HazelcastSessionStore left = HazelcastSessionStore.create(clients[0]);
                HazelcastSessionStore right = HazelcastSessionStore.create(clients[1]);
                HazelcastSessionStore guardedLeft = guarded(clients[0]);
                HazelcastSessionStore guardedRight = guarded(clients[1])) {
            StoredSession loggedOut = create(left);
            StoredSession loggedOutRight = create(left);
            StoredSession updated = create(left);
            StoredSession updatedRight = create(left);
            StoredSession guarded = create(guardedLeft);

            net().split();
            awaitMembers(1);
            assertThat(left.delete(loggedOut.key())).isTrue();
            assertThat(right.update(TestSessions.withPayload(loggedOut, "goes on"), 1))
                    .isEqualTo(UpdateOutcome.APPLIED);
            assertThat(right.delete(loggedOutRight.key())).isTrue();
            assertThat(left.update(TestSessions.withPayload(loggedOutRight, "goes on"), 1))
                    .isEqualTo(UpdateOutcome.APPLIED);
            diverge(left, right, updated);
            diverge(right, left, updatedRight);
            StoredSession newcomer = create(left);
            StoredSession newcomerRight = create(right);
            for (SessionStore store : List.of(guardedLeft, guardedRight)) {
                assertThat(catchThrowable(() -> store.delete(guarded.key())))
                        .isInstanceOf(StoreUnavailableException.class);
                assertThat(catchThrowable(() -> store.load(guarded.key())))
                        .isInstanceOf(StoreUnavailableException.class);
            }

            net().heal();
            awaitMembers(2);
            Awaitility.await("the parts are one, and each record is the one that stays")
                    .atMost(PATIENCE)
                    .ignoreExceptionsInstanceOf(SessionStoreException.class)
                    .untilAsserted(() -> {
                        for (SessionStore store : List.of(left, right)) {
                            assertThat(store.load(newcomer.key())).contains(newcomer);
                            assertThat(store.load(newcomerRight.key())).contains(newcomerRight);
                            assertThat(store.load(loggedOut.key()))
                                    .as("logged out left")
                                    .isEmpty();
                            assertThat(store.load(loggedOutRight.key()))
                                    .as("logged out right")
                                    .isEmpty();
                            assertTwice(store, updated);
                            assertTwice(store, updatedRight);
                        }
                    });
            assertThat(guardedLeft.load(guarded.key())).contains(guarded);
            assertThat(guardedRight.delete(guarded.key())).isTrue();
        }
    }

    private static void assertTwice(SessionStore store, StoredSession session) {
        assertThat(store.load(session.key())).hasValueSatisfying(stays -> {
            assertThat(stays.version()).isEqualTo(3);
            assertThat(TestSessions.text(stays)).isEqualTo("twice, 2");
        });
    }

    private static HazelcastSessionStore guarded(HazelcastInstance client) {
        return HazelcastSessionStore.builder(client).mapName(GUARDED).build();
    }

    private static StoredSession create(SessionStore store) {
        StoredSession session = TestSessions.any();
        assertThat(store.create(session)).isTrue();
        return session;
    }

    private static void diverge(SessionStore once, SessionStore twice, StoredSession session) {
        assertThat(twice.update(TestSessions.withPayload(session, "twice, 1"), 1))
                .isEqualTo(UpdateOutcome.APPLIED);
        assertThat(twice.update(TestSessions.withPayload(session, "twice, 2"), 2))
                .isEqualTo(UpdateOutcome.APPLIED);
        assertThat(once.update(TestSessions.withPayload(session, "once"), 1)).isEqualTo(UpdateOutcome.APPLIED);
    }
}
