package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.holdfast.session.memory.MemorySessionStore;
import dev.holdfast.session.spi.Payload;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** MISSION row M18: expired sessions are removed in the background, in batches, and by hand. */
class PurgerTest {

    private final FakeClock clock = new FakeClock();
    private final MemorySessionStore store =
            MemorySessionStore.builder().clock(clock).build();

    private void expire(int count) {
        Instant now = clock.instant();
        for (int i = 0; i < count; i++) {
            store.create(new StoredSession(
                    SessionKey.of("expired " + i),
                    1,
                    now,
                    now,
                    now.plusMillis(1),
                    Duration.ofMillis(1),
                    null,
                    Payload.EMPTY));
        }
        clock.advance(Duration.ofSeconds(1));
    }

    @Test
    @DisplayName("M18: a purge by hand takes as many batches as it needs")
    void by_hand() {
        expire(2500);
        CountingStore counting = new CountingStore(store);
        try (Sessions sessions =
                Sessions.builder(counting).purgeInterval(Duration.ZERO).build()) {
            assertThat(sessions.purge()).isEqualTo(2500);
            assertThat(counting.calls()).hasSize(3);
            assertThat(sessions.purge()).isZero();
        }
    }

    @Test
    @DisplayName("M18: the background purge goes on after a failure, on one daemon thread that ends with close")
    void in_background() throws Exception {
        CountDownLatch purges = new CountDownLatch(3);
        FailingOnce failing = new FailingOnce(store, purges);
        Sessions sessions =
                Sessions.builder(failing).purgeInterval(Duration.ofMillis(5)).build();
        Thread thread = Thread.getAllStackTraces().keySet().stream()
                .filter(candidate -> candidate.getName().equals("holdfast-purge"))
                .findFirst()
                .orElseThrow();
        assertThat(thread.isDaemon()).isTrue();
        assertThat(purges.await(10, TimeUnit.SECONDS)).isTrue();
        sessions.close();
        sessions.close();
        assertThat(thread.isAlive()).isFalse();
        assertThat(store.purgeExpired(1))
                .as("the store that was handed in is still open")
                .isZero();
    }

    @Test
    @DisplayName("close does not wait for the next interval")
    void close_is_prompt() {
        long start = System.nanoTime();
        Sessions.builder(store).purgeInterval(Duration.ofDays(1)).build().close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    @DisplayName("M18: PHP's way: a request starts a purge with the probability that was set, in the background")
    void by_probability() throws Exception {
        CountDownLatch purges = new CountDownLatch(3);
        Queue<Thread> purgers = new ConcurrentLinkedQueue<>();
        expire(10);
        try (Sessions sessions = Sessions.builder(store)
                .purgeInterval(Duration.ZERO)
                .purgeProbability(1, 1)
                .listener(event -> {
                    if (event instanceof SessionEvent.Purged) {
                        purgers.add(Thread.currentThread());
                        purges.countDown();
                    }
                })
                .build()) {
            while (purges.getCount() > 0) {
                long before = purges.getCount();
                sessions.open(null);
                long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
                while (purges.getCount() == before && System.nanoTime() < end) {
                    Thread.onSpinWait();
                }
                assertThat(purges.getCount()).isLessThan(before);
            }
            assertThat(purgers).doesNotContain(Thread.currentThread());
            assertThat(sessions.purgeProgress().removed()).isEqualTo(10);
        }
    }

    @Test
    @DisplayName("M18: one request in a thousand purges, or none")
    void probability() {
        AtomicInteger runs = new AtomicInteger();
        for (int probability : new int[] {0, 100}) {
            runs.set(0);
            try (Sessions sessions = Sessions.builder(store)
                    .purgeInterval(Duration.ZERO)
                    .purgeProbability(probability, 1000)
                    .listener(event -> runs.addAndGet(event instanceof SessionEvent.Purged ? 1 : 0))
                    .build()) {
                for (int i = 0; i < 10_000; i++) {
                    sessions.open(null);
                }
                long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
                while (probability > 0 && runs.get() == 0 && System.nanoTime() < end) {
                    Thread.onSpinWait();
                }
            }
            // draws that come while a purge runs start one more together
            assertThat(runs.get()).isBetween(probability == 0 ? 0 : 1, probability == 0 ? 0 : 1200);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sessions.builder(store).purgeProbability(2, 1));
    }

    @Test
    @DisplayName("M18: purges never run two at once, and their progress shows")
    void progress() throws Exception {
        expire(1500);
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CountingStore slow = new CountingStore(store);
        slow.beforePurge = () -> {
            inside.countDown();
            try {
                assertThat(goOn.await(60, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        };
        List<SessionEvent> heard = new CopyOnWriteArrayList<>();
        try (Sessions sessions = Sessions.builder(slow)
                .purgeInterval(Duration.ZERO)
                .listener(heard::add)
                .build()) {
            assertThat(sessions.purgeProgress()).isEqualTo(PurgeProgress.NONE);
            FutureTask<Integer> first = new FutureTask<>(sessions::purge);
            new Thread(first).start();
            assertThat(inside.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(sessions.purgeProgress().isRunning()).isTrue();
            assertThat(sessions.purge()).as("another one is under way").isZero();
            goOn.countDown();
            assertThat(first.get(60, TimeUnit.SECONDS)).isEqualTo(1500);
            assertThat(sessions.purgeProgress()).isEqualTo(new PurgeProgress(false, 1500, 1500, 1, 0));
            assertThat(sessions.purge()).isZero();
            assertThat(sessions.purgeProgress()).isEqualTo(new PurgeProgress(false, 0, 1500, 2, 0));
            assertThat(heard)
                    .filteredOn(SessionEvent.Purged.class::isInstance)
                    .extracting(event -> ((SessionEvent.Purged) event).removed())
                    .containsExactly(1500, 0);
        }
    }

    @Test
    @DisplayName("R43: a node whose clock leaps a year ahead purges nothing in the background")
    void clock_leap() throws Exception {
        CountDownLatch purges = new CountDownLatch(20);
        FakeClock wrong = new FakeClock();
        try (Sessions sessions = Sessions.builder(store)
                .clock(wrong)
                .purgeInterval(Duration.ofMillis(5))
                .listener(event -> {
                    if (event instanceof SessionEvent.Purged) {
                        purges.countDown();
                    }
                })
                .build()) {
            wrong.advance(Duration.ofDays(365));
            long underWay = sessions.purgeProgress().runs() + 1;
            assertThat(purges.await(200, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(sessions.purgeProgress().runs()).isLessThanOrEqualTo(underWay);
        }
    }
}
