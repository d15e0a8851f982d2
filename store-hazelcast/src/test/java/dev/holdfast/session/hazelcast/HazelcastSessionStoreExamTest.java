package dev.holdfast.session.hazelcast;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.client.config.RoutingMode;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.nio.serialization.genericrecord.GenericRecord;
import dev.holdfast.session.compliance.Fault;
import dev.holdfast.session.compliance.FaultProxy;
import dev.holdfast.session.compliance.FaultProxy.Direction;
import dev.holdfast.session.compliance.SessionStoreExam;
import dev.holdfast.session.compliance.StoreUnderTest;
import dev.holdfast.session.compliance.StoredBytes;
import dev.holdfast.session.spi.SessionKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;

/** The Hazelcast store takes the exam by members and by clients, with and without our classes on the members. */
@DisplayName("the Hazelcast store takes the exam")
class HazelcastSessionStoreExamTest {

    private static final int MAX_PAYLOAD = 1 << 20;
    private static final int TIMEOUT_MILLIS = 1000;
    private static final Duration BUDGET = Duration.ofSeconds(3);
    private static final AtomicInteger TESTS = new AtomicInteger();

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    @DisplayName("on an embedded member")
    class OneMember extends SessionStoreExam {

        private Members members;

        @BeforeAll
        void start() {
            members = Members.start(1);
        }

        @AfterAll
        void stop() {
            members.close();
        }

        @Override
        protected StoreUnderTest storeUnderTest() {
            return underTest(members::get);
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    @DisplayName("on three members")
    @Tag("once")
    class ThreeMembers extends SessionStoreExam {

        private Members members;

        @BeforeAll
        void start() {
            members = Members.start(3);
        }

        @AfterAll
        void stop() {
            members.close();
        }

        @Override
        protected StoreUnderTest storeUnderTest() {
            return underTest(members::get);
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    @DisplayName("by clients of stock members in other JVMs")
    @Tag("once")
    class StockMembers extends SessionStoreExam {

        private final String cluster = "stock-" + Ports.free();
        private final List<StockMember> members = new ArrayList<>();
        private final List<HazelcastInstance> clients = new ArrayList<>();
        private FaultProxy proxy;

        @BeforeAll
        void start() {
            List<Integer> ports = List.of(Ports.free(), Ports.free());
            List<String> addresses =
                    ports.stream().map(port -> "127.0.0.1:" + port).toList();
            for (int port : ports) {
                members.add(StockMember.start(cluster, port, addresses, ""));
            }
            proxy = FaultProxy.to(ports.get(0));
            for (int i = 0; i < 2; i++) {
                clients.add(behind(proxy, cluster, RoutingMode.SINGLE_MEMBER));
            }
        }

        @AfterAll
        void stop() {
            clients.forEach(HazelcastInstance::shutdown);
            proxy.close();
            members.forEach(StockMember::close);
        }

        /** The nodes' clients find the cluster again one by one, and a test may ask both as soon as one has. */
        private void awaitClients() {
            for (HazelcastInstance client : clients) {
                Awaitility.await()
                        .atMost(BUDGET)
                        .pollInterval(Duration.ofMillis(10))
                        .ignoreExceptions()
                        .until(() -> client.getMap("any").isEmpty());
            }
        }

        @Override
        protected StoreUnderTest storeUnderTest() {
            return faulty(underTest(number -> clients.get(number % 2)), proxy, this::awaitClients);
        }
    }

    /** Returns a client that sees the cluster through a proxy only. */
    private static HazelcastInstance behind(FaultProxy proxy, String cluster, RoutingMode routing) {
        ClientConfig config = Instances.clientConfig(cluster, List.of("127.0.0.1:" + proxy.port()), TIMEOUT_MILLIS);
        config.getNetworkConfig().getClusterRoutingConfig().setRoutingMode(routing);
        config.getConnectionStrategyConfig().setAsyncStart(false);
        return HazelcastClient.newHazelcastClient(config);
    }

    private static StoreUnderTest faulty(StoreUnderTest subject, FaultProxy proxy, Runnable mended) {
        return subject.keepsThreads(FaultProxy.THREADS)
                .fault(Fault.outage("the cluster is gone", BUDGET, proxy::refuse, () -> {
                    proxy.restore();
                    mended.run();
                }))
                .fault(Fault.outage(
                        "the cluster hangs", BUDGET, () -> proxy.stall(Direction.REQUESTS, Direction.REPLIES), () -> {
                            proxy.cut();
                            proxy.restore();
                            mended.run();
                        }))
                .fault(Fault.lostReply("replies are lost", BUDGET, () -> proxy.resetAfter(Direction.REPLIES, 0), () -> {
                    proxy.restore();
                    mended.run();
                }));
    }

    /** Returns stores on a new map, by one instance after the other. */
    private static StoreUnderTest underTest(IntFunction<HazelcastInstance> instances) {
        String mapName = "sessions" + TESTS.incrementAndGet();
        AtomicInteger opened = new AtomicInteger();
        return StoreUnderTest.withClock(
                        clock -> HazelcastSessionStore.builder(instances.apply(opened.getAndIncrement()))
                                .mapName(mapName)
                                .clock(clock)
                                .maxPayloadBytes(MAX_PAYLOAD)
                                .build())
                .maxPayloadBytes(MAX_PAYLOAD)
                .expiresByItself()
                .keepsThreads("hz.")
                .storedBytes(new MapBytes(instances.apply(0), mapName))
                .handedIn(
                        "the instance",
                        () -> instances.apply(0).getLifecycleService().isRunning())
                .afterwards(() -> instances.apply(0).getMap(mapName).destroy());
    }

    private record MapBytes(HazelcastInstance hazelcast, String mapName) implements StoredBytes {

        @Override
        public byte[] read(SessionKey key) {
            return Objects.requireNonNull(
                    Entries.bytes(hazelcast.getMap(mapName).get(key.toString())));
        }

        @Override
        public void write(SessionKey key, byte[] bytes) {
            // the fields for the indexes stay, as they do when bytes tear
            var map = hazelcast.<String, Object>getMap(mapName);
            var whole = (GenericRecord) Objects.requireNonNull(map.get(key.toString()));
            map.set(
                    key.toString(),
                    Entries.value(bytes, whole.getInt64(Entries.EXPIRES), whole.getString(Entries.PRINCIPAL)));
        }
    }
}
