package dev.holdfast.session.redis;

import static dev.holdfast.session.redis.TestSessions.session;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.session.redis.servers.RedisProcess;
import dev.holdfast.session.redis.servers.RedisVersion;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Many virtual threads on a small pool. */
class VirtualThreadsTest {

    private static final int THREADS = 1000;

    @Test
    @DisplayName("1,000 virtual threads on a pool of 8 connections all finish their requests")
    void manyOnFew() throws Exception {
        assumeTrue(Runtime.version().feature() >= 21, "this Java has no virtual threads");
        ExecutorService executor = (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        try (RedisProcess server = RedisProcess.start(RedisVersion.V7_4);
                SessionStore store = TestSessions.open(server.port(), "?poolSize=8&poolWaitMillis=30000")) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                all.add(executor.submit(() -> {
                    StoredSession session = session("payload");
                    assertThat(store.create(session)).isTrue();
                    assertThat(store.load(session.key())).contains(session);
                    assertThat(store.update(session, 1)).isEqualTo(UpdateOutcome.APPLIED);
                    assertThat(store.delete(session.key())).isTrue();
                }));
            }
            for (Future<?> one : all) {
                one.get(60, TimeUnit.SECONDS);
            }
        } finally {
            executor.shutdownNow();
        }
    }
}
