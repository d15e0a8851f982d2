package dev.holdfast.demo.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.Session;
import dev.holdfast.session.SessionEvent;
import dev.holdfast.session.Sessions;
import dev.holdfast.session.SessionsBuilder;
import dev.holdfast.session.spi.SessionStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** PHP's garbage collection: expired sessions go away by hand, at intervals, or with a probability per request. */
@ParameterizedClass
@EnumSource(EachStore.class)
class PurgeRowsTest {

    private static final int NODES = 5;
    private static final int EXPIRED = 300;

    private final EachStore kind;
    private final List<SessionStore> stores = new ArrayList<>();

    @TempDir
    private Path directory;

    PurgeRowsTest(EachStore kind) {
        this.kind = kind;
    }

    @BeforeEach
    void open() {
        for (int i = 0; i < NODES; i++) {
            stores.add(kind.open(directory));
        }
    }

    @AfterEach
    void close() {
        stores.forEach(SessionStore::close);
    }

    private SessionsBuilder node(int number) {
        return Sessions.builder(stores.get(number)).purgeInterval(Duration.ZERO);
    }

    /** Stores sessions that have expired, and one that lives, whose id it returns. */
    private String expireAllButOne(Sessions sessions) {
        for (int i = 0; i < EXPIRED; i++) {
            Session session = sessions.open(null);
            session.put("number", i);
            session.idleTimeout(Duration.ofMillis(1));
            session.save();
        }
        Session alive = sessions.open(null);
        alive.put("number", -1);
        alive.save();
        Instant end = Instant.now().plusMillis(20);
        while (Instant.now().isBefore(end)) {
            Thread.onSpinWait();
        }
        return alive.id().value();
    }

    @Test
    @DisplayName("M18: purging by hand removes what has expired, and nothing that lives")
    void byHand() {
        try (Sessions sessions = node(0).build()) {
            String alive = expireAllButOne(sessions);
            assertThat(sessions.purge()).isEqualTo(EXPIRED);
            assertThat(sessions.purge()).isZero();
            assertThat(sessions.purgeProgress().removed()).isEqualTo(EXPIRED);
            assertThat(sessions.find(alive)).isPresent();
        }
    }

    @Test
    @DisplayName("M18: with a probability per request, as in PHP; never in the request itself")
    void byProbability() throws Exception {
        CountDownLatch purged = new CountDownLatch(1);
        Queue<Thread> purgers = new ConcurrentLinkedQueue<>();
        try (Sessions unhurried = node(0).build();
                Sessions sessions = node(1).purgeProbability(1, 10)
                        .listener(event -> {
                            if (event instanceof SessionEvent.Purged) {
                                purgers.add(Thread.currentThread());
                                purged.countDown();
                            }
                        })
                        .build()) {
            String alive = expireAllButOne(unhurried);
            for (int request = 0; request < 1000; request++) {
                assertThat(sessions.open(alive).get("number")).isEqualTo(-1);
            }
            assertThat(purged.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(purgers).doesNotContain(Thread.currentThread());
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (sessions.purgeProgress().removed() < EXPIRED && System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            assertThat(sessions.purgeProgress().removed()).isEqualTo(EXPIRED);
        }
    }

    @Test
    @DisplayName("R56: five nodes that purge in the same instant remove each expired session once, and nothing else")
    void allAtOnce() throws Exception {
        List<Sessions> nodes = new ArrayList<>();
        ExecutorService pool = Executors.newFixedThreadPool(NODES);
        try {
            for (int i = 0; i < NODES; i++) {
                nodes.add(node(i).build());
            }
            String alive = expireAllButOne(nodes.get(0));
            CyclicBarrier start = new CyclicBarrier(NODES);
            List<Future<Integer>> removed = new ArrayList<>();
            for (Sessions node : nodes) {
                removed.add(pool.submit(() -> {
                    start.await(60, TimeUnit.SECONDS);
                    return node.purge();
                }));
            }
            int all = 0;
            for (Future<Integer> one : removed) {
                all += one.get(60, TimeUnit.SECONDS);
            }
            assertThat(all).isEqualTo(EXPIRED);
            assertThat(nodes).allSatisfy(node -> {
                assertThat(node.find(alive)).isPresent();
                assertThat(node.purge()).isZero();
            });
        } finally {
            pool.shutdownNow();
            nodes.forEach(Sessions::close);
        }
    }
}
