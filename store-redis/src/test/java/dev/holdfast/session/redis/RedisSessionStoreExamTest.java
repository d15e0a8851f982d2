package dev.holdfast.session.redis;

import dev.holdfast.session.compliance.Fault;
import dev.holdfast.session.compliance.FaultProxy;
import dev.holdfast.session.compliance.FaultProxy.Direction;
import dev.holdfast.session.compliance.SessionStoreExam;
import dev.holdfast.session.compliance.StoreUnderTest;
import dev.holdfast.session.compliance.StoredBytes;
import dev.holdfast.session.redis.servers.RedisCluster;
import dev.holdfast.session.redis.servers.RedisProcess;
import dev.holdfast.session.redis.servers.RedisSentinels;
import dev.holdfast.session.redis.servers.RedisVersion;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoreUri;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.UnifiedJedis;

/** The Redis store takes the exam on each topology, by clients that it opens and by one that it is handed. */
@DisplayName("the Redis store takes the exam")
class RedisSessionStoreExamTest {

    private static final int MAX_PAYLOAD = 1 << 20;

    /** Of a verb with its second try, by a client that waits a second: less, and a busy machine looks like an outage. */
    private static final Duration BUDGET = Duration.ofSeconds(3);

    private static final Duration DELAY = Duration.ofMillis(100);
    private static final DefaultJedisClientConfig BEHIND =
            DefaultJedisClientConfig.builder().clientName("behind").build();
    private static final AtomicInteger TESTS = new AtomicInteger();

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    @Tag("oldest-jedis")
    @DisplayName("on Redis 7.4, opened by URI")
    class Redis74 extends SessionStoreExam {

        private RedisProcess server;
        private FaultProxy proxy;

        @BeforeAll
        void start() {
            server = RedisProcess.start(RedisVersion.V7_4);
            proxy = FaultProxy.to(server.port());
        }

        @AfterAll
        void stop() {
            proxy.close();
            server.close();
        }

        @Override
        protected StoreUnderTest storeUnderTest() {
            UnifiedJedis behind = RedisClient.builder()
                    .hostAndPort("127.0.0.1", server.port())
                    .clientConfig(BEHIND)
                    .build();
            String uri = "redis://127.0.0.1:" + proxy.port() + "?timeoutMillis=1000&poolWaitMillis=1000";
            return underTest(uri, behind)
                    .keepsThreads(FaultProxy.THREADS)
                    .openResources(() -> connections(server))
                    .bytesWritten(() -> proxy.forwarded(Direction.REQUESTS))
                    .fault(Fault.outage("the server is down", BUDGET, proxy::refuse, proxy::restore))
                    .fault(Fault.outage(
                            "the server hangs",
                            BUDGET,
                            () -> proxy.stall(Direction.REQUESTS, Direction.REPLIES),
                            () -> {
                                proxy.cut();
                                proxy.restore();
                            }))
                    .fault(Fault.lostReply(
                            "replies are lost", BUDGET, () -> proxy.resetAfter(Direction.REPLIES, 0), proxy::restore))
                    .afterwards(behind::close);
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    @DisplayName("on Redis 7.0 with RESP3, a client handed in, and events")
    @Tag("once")
    class Redis70 extends SessionStoreExam {

        private RedisProcess server;

        @BeforeAll
        void start() {
            server = RedisProcess.start(RedisVersion.V7_0);
        }

        @AfterAll
        void stop() {
            server.close();
        }

        @Override
        protected StoreUnderTest storeUnderTest() {
            UnifiedJedis client = RedisClient.builder()
                    .hostAndPort(new HostAndPort("127.0.0.1", server.port()))
                    .clientConfig(DefaultJedisClientConfig.builder().resp3().build())
                    .build();
            String prefix = newPrefix();
            return StoreUnderTest.withClock(clock -> RedisSessionStore.builder(client)
                            .clock(clock)
                            .keyPrefix(prefix)
                            .maxPayloadBytes(MAX_PAYLOAD)
                            .events(DELAY)
                            .build())
                    .maxPayloadBytes(MAX_PAYLOAD)
                    .expiresByItself()
                    .keepsThreads("commons-pool-evictor")
                    .storedBytes(new RedisBytes(client, new KeySpace(prefix)))
                    .danglingIndexEntry((principal, key) -> dangle(client, prefix, principal, key))
                    .handedIn("the client", () -> "PONG".equals(client.ping()))
                    .afterwards(client::close);
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    @DisplayName("on a cluster of three masters")
    @Tag("once")
    class Cluster extends SessionStoreExam {

        private RedisCluster cluster;

        @BeforeAll
        void start() {
            cluster = RedisCluster.start(RedisVersion.V7_4, 3);
        }

        @AfterAll
        void stop() {
            cluster.close();
        }

        @Override
        protected StoreUnderTest storeUnderTest() {
            String uri = "redis://" + cluster.addresses() + "?topology=cluster&timeoutMillis=500";
            UnifiedJedis behind = RedisClusterClient.builder()
                    .nodes(Set.of(new HostAndPort(
                            "127.0.0.1", cluster.masters().get(0).port())))
                    .clientConfig(BEHIND)
                    .build();
            return underTest(uri, behind)
                    .openResources(() -> cluster.masters().stream()
                            .flatMap(master -> connections(master).stream())
                            .toList())
                    .fault(Fault.outage(
                            "the masters hang",
                            Duration.ofSeconds(5),
                            () -> cluster.masters().forEach(RedisProcess::hang),
                            () -> cluster.masters().forEach(RedisProcess::goOn)))
                    .afterwards(behind::close);
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    @DisplayName("on a master with a replica and sentinels, where each write waits for the replica")
    @Tag("once")
    class Sentinel extends SessionStoreExam {

        private RedisSentinels servers;
        private UnifiedJedis client;

        @BeforeAll
        void start() {
            servers = RedisSentinels.start(RedisVersion.V7_0);
            // one for all tests: Jedis' listeners to sentinels outlive a client that is closed as soon as it is opened
            client = open("redis://" + servers.addresses() + "?topology=sentinel&replicas=1&replicaMillis=5000&master="
                    + RedisSentinels.MASTER);
        }

        @AfterAll
        void stop() {
            client.close();
            servers.close();
        }

        @Override
        protected StoreUnderTest storeUnderTest() {
            String prefix = newPrefix();
            return StoreUnderTest.withClock(clock -> RedisSessionStore.builder(client)
                            .clock(clock)
                            .keyPrefix(prefix)
                            .replicas(1, Duration.ofSeconds(5))
                            .maxPayloadBytes(MAX_PAYLOAD)
                            .events(DELAY)
                            .build())
                    .maxPayloadBytes(MAX_PAYLOAD)
                    .expiresByItself()
                    .storedBytes(new RedisBytes(client, new KeySpace(prefix)))
                    .danglingIndexEntry((principal, key) -> dangle(client, prefix, principal, key))
                    .handedIn("the client", () -> "PONG".equals(client.ping()));
        }
    }

    private static String newPrefix() {
        return "exam" + TESTS.incrementAndGet();
    }

    private static UnifiedJedis open(String uri) {
        URI parsed = URI.create(uri);
        return Clients.open(parsed, StoreUri.parse(parsed, Clients.SETTINGS));
    }

    /** Returns an empty part of a server and what the store on it declares. */
    static StoreUnderTest underTest(String uri, UnifiedJedis behind) {
        String prefix = newPrefix();
        return StoreUnderTest.withClock(clock -> {
                    UnifiedJedis client = open(uri);
                    return RedisSessionStore.builder(client)
                            .owning(client)
                            .clock(clock)
                            .keyPrefix(prefix)
                            .maxPayloadBytes(MAX_PAYLOAD)
                            .build();
                })
                .maxPayloadBytes(MAX_PAYLOAD)
                .expiresByItself()
                .keepsThreads("commons-pool-evictor")
                .storedBytes(new RedisBytes(behind, new KeySpace(prefix)))
                .danglingIndexEntry((principal, key) -> dangle(behind, prefix, principal, key));
    }

    private record RedisBytes(UnifiedJedis client, KeySpace keys) implements StoredBytes {

        @Override
        public byte[] read(SessionKey key) {
            return Objects.requireNonNull(client.get(keys.record(key.toBytes())));
        }

        @Override
        public void write(SessionKey key, byte[] bytes) {
            client.set(keys.record(key.toBytes()), bytes);
        }
    }

    private static void dangle(UnifiedJedis client, String prefix, String principal, SessionKey key) {
        byte[] bytes = key.toBytes();
        byte[] member = new byte[20 + bytes.length];
        System.arraycopy(PrincipalSessions.digest(principal), 0, member, 0, 20);
        System.arraycopy(bytes, 0, member, 20, bytes.length);
        client.zadd(new KeySpace(prefix).index(KeySpace.part(bytes), 'p'), 0, member);
    }

    /** Lists the clients of a server, without what servers and the question itself open. */
    private static List<String> connections(RedisProcess server) {
        return String.valueOf(server.call("CLIENT", "LIST", "TYPE", "normal"))
                .lines()
                .filter(line -> !line.contains("cmd=client|list") && !line.contains("name=behind"))
                .map(line -> line.replaceAll(".*?(addr=\\S+) .*", "$1"))
                .toList();
    }
}
