package dev.holdfast.session.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.session.file.ChildJvm.Parent;
import dev.holdfast.session.spi.Payload;
import dev.holdfast.session.spi.StoredSession;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
@Tag("once")
class ManySessionsTest {

    private static final int EXPIRED = 1_000;

    @TempDir
    Path root;

    @Test
    @DisplayName(
            "R42, W1, P1, P4: with 64 MiB of memory 100,000 sessions are scanned and purged, and a purge of 1,000 of"
                    + " them reads no more files than among 10,000")
    void scanAndPurge() {
        long few = run(10_000);
        long many = run(100_000);
        assumeTrue(Crowd.IO.exists(), "needs " + Crowd.IO + " to count reads");
        assertThat(few).isBetween((long) EXPIRED, 2L * EXPIRED);
        assertThat(many).isLessThan(few * 3 / 2);
    }

    /** Returns how many reads a purge of 1,000 expired sessions took. */
    private long run(int sessions) {
        try (ChildJvm child = ChildJvm.start(Crowd.class, root.resolve("of " + sessions), 1, sessions)) {
            String reads = child.hear();
            String report = child.hear();
            assertThat(child.exitCode()).as(child::errors).isZero();
            System.out.println(report);
            return Long.parseLong(Objects.requireNonNull(reads));
        }
    }

    /** Fills a directory, scans it, purges 1,000 of its sessions, and then all. */
    static final class Crowd {

        private static final File IO = new File("/proc/self/io");

        public static void main(String[] args) throws IOException {
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

                long reads = 0;
                for (int round = 1; round <= 3; round++) {
                    Instant due = TestClock.START.plus(Duration.ofMinutes(round));
                    create(store, sessions, sessions + EXPIRED, due);
                    clock.set(due);
                    long before = reads();
                    start = System.nanoTime();
                    require(purge(store) == EXPIRED, "not all that expired");
                    reads = reads() - before;
                    report += ", " + EXPIRED + " purged in " + millisSince(start) + " ms";
                }
                parent.say(reads);
                clock.set(TestSessions.LATE);
                start = System.nanoTime();
                require(purge(store) == sessions, "not all that expired");
                parent.say(report + ", all purged in " + millisSince(start) + " ms");
            }
        }

        /** Returns how often this process has asked the system to read. */
        private static long reads() throws IOException {
            if (!IO.exists()) {
                return 0;
            }
            return Files.readAllLines(IO.toPath()).stream()
                    .filter(line -> line.startsWith("syscr: "))
                    .mapToLong(line -> Long.parseLong(line.substring(7)))
                    .sum();
        }

        private static void create(FileSessionStore store, int from, int to, Instant expiresAt) {
            for (int number = from; number < to; number++) {
                byte[] payload = {(byte) (number >> 24), (byte) (number >> 16), (byte) (number >> 8), (byte) number};
                require(
                        store.create(TestSessions.session("session " + number, null, 0)
                                .withPayload(Payload.wrap(payload))
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
