package dev.holdfast.session.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.file.ChildJvm.Parent;
import dev.holdfast.session.spi.StoredSession;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class ManySessionsTest {

    private static final int EXPIRED = 1_000;

    @TempDir
    Path root;

    @Test
    @DisplayName("R42, W1, P4: with 100,000 sessions and 64 MiB of memory a scan finds each once, and a purge all that expired")
    void hundredThousand() {
        System.out.println(fill(1, 100_000));
    }

    private List<String> fill(int depth, int sessions) {
        try (ChildJvm child = ChildJvm.start(Crowd.class, root.resolve("of " + sessions), depth, sessions)) {
            String said = child.hear();
            assertThat(child.exitCode()).as(child::errors).isZero();
            return List.of(String.valueOf(said));
        }
    }

    /** Fills a directory, scans it, purges 1,000 of its sessions, and then all. */
    static final class Crowd {

        public static void main(String[] args) {
            Parent parent = new Parent();
            int sessions = Integer.parseInt(args[2]);
            TestClock clock = new TestClock();
            try (FileSessionStore store = FileSessionStore.builder(Path.of(args[0]))
                    .depth(Integer.parseInt(args[1]))
                    .clock(clock)
                    .build()) {
                long start = System.nanoTime();
                create(store, 0, sessions, TestSessions.LATE);
                String report = sessions + " sessions created in " + millisSince(start) + " ms";

                start = System.nanoTime();
                BitSet seen = new BitSet();
                try (Stream<StoredSession> scan = store.scan()) {
                    scan.forEach(session -> {
                        int number = session.payload().asByteBuffer().getInt();
                        require(!seen.get(number), number + " twice");
                        seen.set(number);
                    });
                }
                require(seen.cardinality() == sessions, "seen " + seen.cardinality());
                report += ", scanned in " + millisSince(start) + " ms";

                start = System.nanoTime();
                require(purge(store) == 0, "nothing has expired");
                report += ", looked through in " + millisSince(start) + " ms";

                for (int round = 1; round <= 3; round++) {
                    Instant due = TestClock.START.plus(Duration.ofMinutes(round));
                    create(store, sessions, sessions + EXPIRED, due);
                    clock.set(due);
                    start = System.nanoTime();
                    require(purge(store) == EXPIRED, "not all that expired");
                    report += ", " + EXPIRED + " purged in " + millisSince(start) + " ms";
                }
                clock.set(TestSessions.LATE);
                start = System.nanoTime();
                require(purge(store) == sessions, "not all that expired");
                parent.say(report + ", all purged in " + millisSince(start) + " ms");
            }
        }

        private static void create(FileSessionStore store, int from, int to, Instant expiresAt) {
            for (int number = from; number < to; number++) {
                byte[] payload = {
                    (byte) (number >> 24), (byte) (number >> 16), (byte) (number >> 8), (byte) number
                };
                require(
                        store.create(TestSessions.session("session " + number, null, 0)
                                .withPayload(dev.holdfast.session.spi.Payload.wrap(payload))
                                .withAccess(TestClock.START, expiresAt)),
                        number);
            }
        }

        private static int purge(FileSessionStore store) {
            int purged = 0;
            int last;
            do {
                last = store.purgeExpired(500);
                purged += last;
            } while (last > 0);
            return purged;
        }

        private static long millisSince(long start) {
            return (System.nanoTime() - start) / 1_000_000;
        }

        private static void require(boolean condition, Object what) {
            if (!condition) {
                throw new AssertionError(what);
            }
        }
    }
}
