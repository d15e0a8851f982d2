package dev.holdfast.session.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.file.TestSessions.Task;
import dev.holdfast.session.spi.Payload;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("slow")
class InterruptStormTest {

    private static final int COUNTERS = 4;
    private static final int INTERRUPTED_THREADS = 3;

    /** In the slot, beyond what is read at once, and beyond what goes through a buffer at once. */
    private static final int[] SIZES = {8, 3_000, 9_000, 400_000};

    @TempDir
    Path root;

    @ParameterizedTest(name = "{displayName} ({0})")
    @EnumSource(Durability.class)
    @DisplayName("R40, F6: a storm of interrupts loses no increment, fails no verb, and disturbs no other thread")
    void storm(Durability durability) throws InterruptedException {
        long seed = TestSessions.seed(getClass());
        AtomicLong interrupts = new AtomicLong();
        AtomicLong kept = new AtomicLong();
        int rounds = durability == Durability.NONE ? 600 : 60;
        try (FileSessionStore store =
                FileSessionStore.builder(root).durability(durability).build()) {
            for (int i = 0; i < COUNTERS; i++) {
                store.create(TestSessions.session(key(i), "alice", payload(i, 0)));
            }
            List<Task> victims = new ArrayList<>();
            for (int i = 0; i < INTERRUPTED_THREADS; i++) {
                int thread = i;
                victims.add(TestSessions.start(
                        () -> count(store, thread, rounds, new SplittableRandom(seed + thread), kept)));
            }
            Task undisturbed = TestSessions.start(() -> {
                count(store, INTERRUPTED_THREADS, rounds, new SplittableRandom(seed - 1), new AtomicLong());
                assertThat(Thread.currentThread().isInterrupted()).isFalse();
            });
            SplittableRandom random = new SplittableRandom(seed - 2);
            while (victims.stream().anyMatch(task -> task.thread().isAlive())) {
                victims.get(random.nextInt(INTERRUPTED_THREADS)).thread().interrupt();
                interrupts.incrementAndGet();
                for (int i = random.nextInt(2_000); i > 0; i--) {
                    Thread.onSpinWait();
                }
            }
            for (Task task : victims) {
                task.join();
            }
            undisturbed.join();
            long sum = 0;
            for (int i = 0; i < COUNTERS; i++) {
                StoredSession counter = store.load(key(i)).orElseThrow();
                assertThat(counter.version()).isEqualTo(1 + count(counter));
                sum += count(counter);
            }
            assertThat(sum).isEqualTo((long) rounds * (INTERRUPTED_THREADS + 1));
            assertThat(store.findByPrincipal("alice", null, 10)).hasSize(COUNTERS);
            System.out.println(interrupts + " interrupts, " + kept + " times one was seen after a verb");
            assertThat(kept.get()).isPositive();
        }
        assertThat(TestSessions.filesBelow(root))
                .noneMatch(file -> file.toString().endsWith(".tmp"));
    }

    @Test
    @DisplayName("R40, F6: a verb of an interrupted thread does its work, and the thread stays interrupted")
    void interruptedBefore() {
        try (FileSessionStore store = FileSessionStore.create(root.resolve("new"))) {
            for (Deed deed : Deed.values()) {
                for (Durability durability : Durability.values()) {
                    try (FileSessionStore own = FileSessionStore.builder(root)
                            .durability(durability)
                            .build()) {
                        String id = deed + " " + durability;
                        var before = deed.prepare(own, id);
                        Thread.currentThread().interrupt();
                        deed.act(own, id);
                        assertThat(own.load(SessionKey.of(id))).isEqualTo(deed.after(id, before));
                        assertThat(own.scan()).isNotNull();
                        assertThat(own.purgeExpired(1)).isNotNegative();
                        assertThat(Thread.interrupted())
                                .as("%s, %s", deed, durability)
                                .isTrue();
                    }
                }
            }
            Thread.currentThread().interrupt();
            assertThat(store.purgeExpired(1)).isZero();
        }
        assertThat(Thread.interrupted()).as("after close").isTrue();
    }

    /** Increments counters, grows and shrinks a session of its own, and looks at all. */
    private static void count(
            FileSessionStore store, int thread, int rounds, SplittableRandom random, AtomicLong kept) {
        SessionKey own = SessionKey.of("own " + thread);
        for (int done = 0; done < rounds; ) {
            int i = random.nextInt(COUNTERS);
            StoredSession counter = store.load(key(i)).orElseThrow();
            assertThat(counter.payload().size()).isEqualTo(SIZES[i]);
            Payload next = Payload.wrap(payload(i, count(counter) + 1));
            if (store.update(counter.withPayload(next), counter.version()) != UpdateOutcome.APPLIED) {
                continue;
            }
            done++;
            assertThat(store.create(TestSessions.session(own, "bob " + thread, new byte[10])))
                    .isTrue();
            assertThat(store.update(TestSessions.session(own, "carol " + thread, new byte[2_000]), 1))
                    .isEqualTo(UpdateOutcome.APPLIED);
            assertThat(store.touch(own, TestClock.START.plusSeconds(1), TestSessions.LATE.minus(Duration.ofDays(1))))
                    .isTrue();
            assertThat(store.findByPrincipal("carol " + thread, null, 10)).hasSize(1);
            assertThat(store.delete(own)).isTrue();
            assertThat(store.load(own)).isEmpty();
            if (Thread.interrupted()) {
                kept.incrementAndGet();
            }
        }
    }

    private static SessionKey key(int counter) {
        return SessionKey.of("counter " + counter);
    }

    private static byte[] payload(int counter, long count) {
        return ByteBuffer.allocate(SIZES[counter]).putLong(0, count).array();
    }

    private static long count(StoredSession session) {
        return session.payload().asByteBuffer().getLong(0);
    }
}
