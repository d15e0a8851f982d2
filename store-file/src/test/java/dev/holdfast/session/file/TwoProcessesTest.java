package dev.holdfast.session.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.file.ChildJvm.Parent;
import dev.holdfast.session.file.TestSessions.Task;
import dev.holdfast.session.spi.Payload;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class TwoProcessesTest {

    private static final int PROCESSES = 2;
    private static final int THREADS = 2;
    private static final int INCREMENTS = 100_000;
    private static final int COUNTERS = 8;

    @TempDir
    Path root;

    @Test
    @DisplayName("R39, U4, T4: two processes count to 100,000 in one directory, and no increment or touch is lost")
    void incrementsAndTouches() throws InterruptedException {
        try (FileSessionStore store = FileSessionStore.create(root)) {
            for (int i = 0; i < COUNTERS; i++) {
                assertThat(store.create(TestSessions.session(key(i), "alice", payload(i, 0))))
                        .isTrue();
            }
            List<ChildJvm> children = new ArrayList<>();
            Instant touched = TestClock.START;
            Thread reader = null;
            try {
                for (int i = 0; i < PROCESSES; i++) {
                    children.add(ChildJvm.start(Counting.class, root, i));
                }
                Task reading = TestSessions.start(() -> readWhile(store));
                reader = reading.thread();
                for (ChildJvm child : children) {
                    Instant latest = Instant.parse(Objects.requireNonNull(child.hear(), child::errors));
                    touched = latest.isAfter(touched) ? latest : touched;
                    assertThat(child.exitCode()).as(child::errors).isZero();
                }
                reader.interrupt();
                reading.join();
            } finally {
                children.forEach(ChildJvm::close);
                if (reader != null) {
                    reader.interrupt();
                }
            }
            long sum = 0;
            Instant latest = TestClock.START;
            for (int i = 0; i < COUNTERS; i++) {
                StoredSession counter = store.load(key(i)).orElseThrow();
                assertThat(counter.version()).isEqualTo(1 + count(counter));
                sum += count(counter);
                latest = counter.lastAccessedAt().isAfter(latest) ? counter.lastAccessedAt() : latest;
            }
            assertThat(sum).isEqualTo(INCREMENTS);
            assertThat(latest).isEqualTo(touched);
        }
    }

    /** Reads without a lock, and never sees a counter or a touch go back. */
    private static void readWhile(FileSessionStore store) {
        long[] versions = new long[COUNTERS];
        Instant[] touched = new Instant[COUNTERS];
        for (int i = 0; !Thread.currentThread().isInterrupted(); i = (i + 1) % COUNTERS) {
            StoredSession counter = store.load(key(i)).orElseThrow();
            assertThat(counter.version()).isEqualTo(1 + count(counter)).isGreaterThanOrEqualTo(versions[i]);
            versions[i] = counter.version();
            if (touched[i] != null) {
                assertThat(counter.lastAccessedAt()).isAfterOrEqualTo(touched[i]);
            }
            touched[i] = counter.lastAccessedAt();
        }
    }

    private static SessionKey key(int counter) {
        return SessionKey.of("counter " + counter);
    }

    /** Every other counter is so large that a reader reads in several steps. */
    private static byte[] payload(int counter, long count) {
        return ByteBuffer.allocate(counter % 2 == 0 ? Long.BYTES : 2_800)
                .putLong(0, count)
                .array();
    }

    private static long count(StoredSession session) {
        return session.payload().asByteBuffer().getLong(0);
    }

    /** Increments, and touches after every eighth. */
    static final class Counting {

        public static void main(String[] args) throws InterruptedException {
            Parent parent = new Parent();
            AtomicLong clock = new AtomicLong(TestClock.START.toEpochMilli());
            try (FileSessionStore store = FileSessionStore.create(Path.of(args[0]))) {
                List<Task> tasks = new ArrayList<>();
                for (int i = 0; i < THREADS; i++) {
                    long seed = Long.parseLong(args[1]) * THREADS + i;
                    tasks.add(TestSessions.start(() -> count(store, new SplittableRandom(seed), clock)));
                }
                for (Task task : tasks) {
                    task.join();
                }
            }
            parent.say(Instant.ofEpochMilli(clock.get()));
        }

        private static void count(FileSessionStore store, SplittableRandom random, AtomicLong clock) {
            for (int done = 0; done < INCREMENTS / PROCESSES / THREADS; ) {
                int counter = random.nextInt(COUNTERS);
                StoredSession current = store.load(key(counter)).orElseThrow();
                Payload next = Payload.wrap(payload(counter, TwoProcessesTest.count(current) + 1));
                UpdateOutcome outcome = store.update(current.withPayload(next), current.version());
                if (outcome == UpdateOutcome.APPLIED && ++done % 8 == 0) {
                    Instant now = Instant.ofEpochMilli(clock.incrementAndGet());
                    if (!store.touch(key(counter), now, TestSessions.LATE.plusMillis(now.toEpochMilli()))) {
                        throw new AssertionError("a live session was not there to be touched");
                    }
                }
            }
        }
    }
}
