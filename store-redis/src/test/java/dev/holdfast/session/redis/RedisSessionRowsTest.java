package dev.holdfast.session.redis;

import dev.holdfast.session.compliance.Fault;
import dev.holdfast.session.compliance.FaultProxy;
import dev.holdfast.session.compliance.SessionRows;
import dev.holdfast.session.compliance.StoreUnderTest;
import dev.holdfast.session.redis.servers.RedisProcess;
import dev.holdfast.session.redis.servers.RedisVersion;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.UnifiedJedis;

/** The rows on the Redis store, on Redis 7.4. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayName("sessions in Redis")
@Tag("once")
class RedisSessionRowsTest extends SessionRows {

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
        UnifiedJedis behind =
                RedisClient.builder().hostAndPort("127.0.0.1", server.port()).build();
        String uri = "redis://127.0.0.1:" + proxy.port() + "?timeoutMillis=1000&poolWaitMillis=1000";
        return RedisSessionStoreExamTest.underTest(uri, behind)
                .keepsThreads(FaultProxy.THREADS)
                .fault(Fault.outage("the server is down", Duration.ofSeconds(2), proxy::refuse, proxy::restore))
                .afterwards(behind::close);
    }
}
