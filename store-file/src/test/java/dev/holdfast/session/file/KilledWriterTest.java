package dev.holdfast.session.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.file.ChildJvm.Parent;
import dev.holdfast.session.file.TestSessions.Task;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
@Tag("once")
class KilledWriterTest {

    private static final int KILLS = 204;
    private static final int PROCESSES = 3;
    private static final int THREADS = 2;
    private static final int KEYS = 4;
    private static final int DEPTH = 1;

    @TempDir
    Path root;

    private final AtomicInteger acknowledged = new AtomicInteger();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger applied = new AtomicInteger();
    private final AtomicInteger unreadable = new AtomicInteger();

    @Test
    @DisplayName(
            "R32, U3, U5, I2: writers are killed 204 times, no acknowledged write is lost and no torn record is read")
    void killed() throws InterruptedException {
        long seed = TestSessions.seed(getClass());
        try (FileSessionStore store =
                FileSessionStore.builder(root).depth(DEPTH).build()) {
            var counting = store.onUnreadable(key -> unreadable.incrementAndGet());
            List<Victims> victims = new ArrayList<>();
            List<Task> tasks = new ArrayList<>();
            for (int process = 0; process < PROCESSES; process++) {
                Victims next = new Victims(store, process, new SplittableRandom(seed + process));
                victims.add(next);
                tasks.add(TestSessions.start(() -> next.run(KILLS / PROCESSES)));
            }
            for (Task task : tasks) {
                task.join();
            }
            counting.close();
            System.out.printf(
                    "%d kills, %d acknowledged moves, %d in flight of which %d were applied, %d unreadable files, %d temporary files%n",
                    KILLS, acknowledged.get(), inFlight.get(), applied.get(), unreadable.get(), temporaryFiles());
            assertThat(inFlight.get()).as("kills that hit a move").isPositive();

            Map<SessionKey, StoredSession> live = new HashMap<>();
            victims.forEach(each -> live.putAll(each.sessions));
            assertThat(store.scan()).containsExactlyInAnyOrderElementsOf(live.values());
            for (String principal : Move.PRINCIPALS) {
                assertThat(store.findByPrincipal(principal, null, 100))
                        .containsExactlyInAnyOrderElementsOf(live.values().stream()
                                .filter(session -> principal.equals(session.principal()))
                                .toList());
            }
        }
        purge();
    }

    private void purge() {
        InstantSource late = InstantSource.fixed(TestSessions.LATE.plusSeconds(100));
        try (FileSessionStore store = FileSessionStore.builder(root).clock(late).build()) {
            assertThat(store.scan()).isEmpty();
            while (store.purgeExpired(5) > 0) {
                // until all is gone
            }
            for (String principal : Move.PRINCIPALS) {
                assertThat(store.findByPrincipal(principal, null, 100)).isEmpty();
            }
        }
        assertThat(TestSessions.filesBelow(root))
                .allMatch(file -> file.toString().contains(".unreadable"));
    }

    private long temporaryFiles() {
        return TestSessions.filesBelow(root).stream()
                .filter(file -> file.toString().endsWith(".tmp"))
                .count();
    }

    private static SessionKey key(int process, int thread, int key) {
        return SessionKey.of(process + " " + thread + " " + key);
    }

    /** One process after the other with the same sessions, and what is known of these. */
    private final class Victims {

        private final FileSessionStore store;
        private final int process;
        private final SplittableRandom random;
        private final Map<SessionKey, StoredSession> sessions = new HashMap<>();
        private final @Nullable Move[] pending = new Move[THREADS];

        Victims(FileSessionStore store, int process, SplittableRandom random) {
            this.store = store;
            this.process = process;
            this.random = random;
        }

        void run(int kills) {
            for (int i = 0; i < kills; i++) {
                try (ChildJvm child = ChildJvm.start(Writer.class, root, process, random.nextInt())) {
                    int lines = random.nextInt(1, 120);
                    for (int line = 0; line < lines; line++) {
                        note(Objects.requireNonNull(child.hear(), child::errors));
                    }
                    long until = System.nanoTime() + random.nextInt(300_000);
                    while (System.nanoTime() < until) {
                        Thread.onSpinWait();
                    }
                    child.kill();
                    for (String line = child.hear(); line != null; line = child.hear()) {
                        note(line);
                    }
                }
                check();
            }
        }

        /** Takes down that a move was begun, {@code 1? key number}, or acknowledged, {@code 1! answer}. */
        private void note(String line) {
            int thread = line.charAt(0) - '0';
            String[] words = line.split(" ", -1);
            if (line.charAt(1) == '?') {
                pending[thread] = new Move(key(process, thread, Integer.parseInt(words[1])), Long.parseLong(words[2]));
                return;
            }
            Move move = Objects.requireNonNull(pending[thread]);
            StoredSession before = sessions.get(move.key());
            assertThat(words[1]).as("answer to %s on %s", move, before).isEqualTo(String.valueOf(move.answer(before)));
            keep(move.key(), move.after(before));
            pending[thread] = null;
            acknowledged.incrementAndGet();
        }

        private void check() {
            for (int thread = 0; thread < THREADS; thread++) {
                for (int i = 0; i < KEYS; i++) {
                    SessionKey key = key(process, thread, i);
                    StoredSession found = store.load(key).orElse(null);
                    StoredSession before = sessions.get(key);
                    Move move = pending[thread];
                    if (move != null && move.key().equals(key)) {
                        inFlight.incrementAndGet();
                        StoredSession after = move.after(before);
                        if (!Objects.equals(found, before)) {
                            applied.incrementAndGet();
                            assertThat(found).as("after %s on %s", move, before).isEqualTo(after);
                        }
                        keep(key, found);
                    } else {
                        assertThat(found).isEqualTo(before);
                    }
                }
                pending[thread] = null;
            }
        }

        private void keep(SessionKey key, @Nullable StoredSession session) {
            if (session == null) {
                sessions.remove(key);
            } else {
                sessions.put(key, session);
            }
        }
    }

    /** Says what it will do, does it, and says what the store answered, until it is killed. */
    static final class Writer {

        public static void main(String[] args) throws InterruptedException {
            Parent parent = new Parent();
            int process = Integer.parseInt(args[1]);
            FileSessionStore store = FileSessionStore.create(Path.of(args[0]));
            List<Task> tasks = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int thread = i;
                SplittableRandom random = new SplittableRandom(Integer.parseInt(args[2]) * 31L + thread);
                tasks.add(TestSessions.start(() -> write(parent, store, process, thread, random)));
            }
            for (Task task : tasks) {
                task.join();
            }
        }

        private static void write(
                Parent parent, FileSessionStore store, int process, int thread, SplittableRandom random) {
            while (true) {
                int index = random.nextInt(KEYS);
                Move move = new Move(key(process, thread, index), random.nextLong());
                StoredSession before = store.load(move.key()).orElse(null);
                parent.say(thread + "? " + index + " " + move.number());
                parent.say(thread + "! " + move.make(store, before));
                if (random.nextInt(32) == 0) {
                    store.purgeExpired(3);
                }
            }
        }
    }
}
