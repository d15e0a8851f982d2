package dev.holdfast.session.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.session.file.ChildJvm.Parent;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoreUnavailableException;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("once")
class FewDescriptorsTest {

    private static final List<String> LIMITED = List.of("sh", "-c", "ulimit -n 64 && exec \"$@\"", "sh");

    @TempDir
    Path root;

    @ParameterizedTest(name = "{displayName} (depth {0})")
    @ValueSource(ints = {0, 2, 3})
    @DisplayName("R41: without free descriptors verbs fail as unavailable, leak none, and work once there are some")
    void exhausted(int depth) {
        assumeTrue(new File("/proc/self/fd").exists(), "needs /proc/self/fd to count open descriptors");
        try (ChildJvm child = ChildJvm.start(LIMITED, List.of(), Greedy.class, root, depth)) {
            String said = child.hear();
            assertThat(child.exitCode()).as(child::errors).isZero();
            System.out.println(said);
        }
    }

    @Test
    @DisplayName("R41, F5: a thousand verbs leave no descriptor open, nor does close")
    void noLeak() throws IOException {
        assumeTrue(new File("/proc/self/fd").exists(), "needs /proc/self/fd to count open descriptors");
        long before = open(root);
        try (FileSessionStore store = FileSessionStore.create(root)) {
            for (int i = 0; i < 150; i++) {
                for (Deed deed : Deed.values()) {
                    String id = deed + " " + i;
                    deed.prepare(store, id);
                    deed.act(store, id);
                }
            }
            assertThat(store.scan()).hasSize(5 * 150);
            assertThat(open(root)).as("the lock file").isEqualTo(before + 1);
        }
        assertThat(open(root)).isEqualTo(before);
    }

    /** Returns how many files below a directory this process has open. */
    private static long open(Path root) throws IOException {
        long count = 0;
        for (File descriptor : Objects.requireNonNull(new File("/proc/self/fd").listFiles())) {
            count += descriptor.getCanonicalPath().startsWith(root.toRealPath().toString()) ? 1 : 0;
        }
        return count;
    }

    static final class Greedy {

        private static int failures;

        public static void main(String[] args) throws IOException {
            Parent parent = new Parent();
            Path root = Path.of(args[0]);
            try (FileSessionStore store = FileSessionStore.builder(root)
                    .depth(Integer.parseInt(args[1]))
                    .build()) {
                // so that all is loaded
                run(store, "first", -1);
                Supplier<Object> failing = () -> {
                    throw new StoreUnavailableException("", null);
                };
                require(attempt(failing) == null, "this must fail");
                failures = 0;
                long before = open(root);
                for (int free = 0; free < 4; free++) {
                    run(store, "with " + free, free);
                    require(open(root) == before, "leaked " + (open(root) - before));
                }
                parent.say(failures + " verbs failed for want of a descriptor");
            }
        }

        /** Does everything once while that many descriptors are free, or without a limit. */
        private static void run(FileSessionStore store, String name, int free) throws IOException {
            for (Deed deed : Deed.values()) {
                String id = deed + " " + name;
                Optional<StoredSession> before = deed.prepare(store, id);
                Object answer = with(free, () -> deed.act(store, id));
                require(answer == null || answer.equals(true) || answer.equals(UpdateOutcome.APPLIED), answer);
                Optional<StoredSession> found = store.load(SessionKey.of(id));
                require(found.equals(answer == null ? before : deed.after(id, before)), deed + " left " + found);
                store.delete(SessionKey.of(id));
            }
            StoredSession session = TestSessions.session(name, name, 100);
            store.create(session);
            read(free, Optional.of(session), () -> store.load(session.key()));
            read(free, List.of(session), () -> store.findByPrincipal(name, null, 10));
            read(free, List.of(session), () -> {
                try (Stream<StoredSession> scan = store.scan()) {
                    return scan.toList();
                }
            });
            store.touch(session.key(), TestClock.START, Instant.EPOCH);
            Object purged = with(free, () -> store.purgeExpired(10));
            require(store.purgeExpired(10) == (purged == null ? 1 : 0), "after a purge of " + purged);
        }

        private static void read(int free, Object expected, Supplier<Object> read) throws IOException {
            Object found = with(free, read);
            require(found == null || found.equals(expected), found);
        }

        /** Returns what a verb answers while that many descriptors are free, or null if it is unavailable. */
        private static @Nullable Object with(int free, Supplier<Object> verb) throws IOException {
            Deque<FileInputStream> taken = new ArrayDeque<>();
            try {
                while (free >= 0) {
                    taken.add(new FileInputStream("/dev/null"));
                }
            } catch (FileNotFoundException e) {
                require(taken.size() > 10, e);
            }
            for (int i = 0; i < free; i++) {
                taken.remove().close();
            }
            try {
                return attempt(verb);
            } finally {
                while (!taken.isEmpty()) {
                    taken.remove().close();
                }
            }
        }

        private static @Nullable Object attempt(Supplier<Object> verb) {
            try {
                return verb.get();
            } catch (StoreUnavailableException e) {
                failures++;
                return null;
            }
        }

        private static void require(boolean condition, @Nullable Object what) {
            if (!condition) {
                throw new AssertionError(what);
            }
        }
    }
}
