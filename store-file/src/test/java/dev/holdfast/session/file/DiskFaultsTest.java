package dev.holdfast.session.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.holdfast.session.file.ChildJvm.Parent;
import dev.holdfast.session.spi.OutcomeUnknownException;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoreUnavailableException;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each child has mounts of its own, which no other process sees and which go with it. */
@Tag("slow")
class DiskFaultsTest {

    private static final List<String> OWN_MOUNTS = ownMounts();

    @TempDir
    Path directory;

    private static List<String> ownMounts() {
        return "root".equals(System.getProperty("user.name"))
                ? List.of("unshare", "--mount")
                : List.of("unshare", "--user", "--map-root-user", "--mount");
    }

    @BeforeAll
    static void canMount(@TempDir Path place) throws InterruptedException {
        List<String> command = new ArrayList<>(OWN_MOUNTS);
        command.addAll(List.of("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", place.toString()));
        try {
            Process mount =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(mount.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (mount.waitFor() != 0) {
                abort("file systems can't be mounted here: " + output);
            }
        } catch (IOException e) {
            abort("file systems can't be mounted here: " + e.getMessage());
        }
    }

    @Test
    @DisplayName(
            "R35: on a full disk writes fail as unavailable, reads and deletes go on, and all works once there is space")
    void full() {
        run(FullDisk.class, "size=512k");
    }

    @Test
    @DisplayName(
            "R35: out of inodes writes fail as unavailable, reads and deletes go on, and all works once there are some")
    void outOfInodes() {
        run(FullDisk.class, "size=16m,nr_inodes=300");
    }

    @Test
    @DisplayName("R36: on a read-only disk reads work, writes fail at once, and all works once it can be written to")
    void readOnly() {
        run(ReadOnlyDisk.class, "size=1m");
    }

    private void run(Class<?> main, String mountOptions) {
        try (ChildJvm child = ChildJvm.start(OWN_MOUNTS, List.of("-Xmx64m"), main, directory, mountOptions)) {
            String said = child.hear();
            assertThat(child.exitCode()).as(child::errors).isZero();
            System.out.println(said);
        }
    }

    private static void command(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        if (process.waitFor() != 0) {
            throw new AssertionError(List.of(command) + " failed");
        }
    }

    private static void require(boolean condition, Object what) {
        if (!condition) {
            throw new AssertionError(what);
        }
    }

    private static StoredSession session(int number, int payload) {
        return TestSessions.session("session " + number, "alice", payload);
    }

    private static SessionKey key(int number) {
        return session(number, 0).key();
    }

    /** Returns whether a write fails the way it must. */
    private static boolean fails(Runnable write) {
        try {
            write.run();
            return false;
        } catch (StoreUnavailableException e) {
            return true;
        }
    }

    static final class FullDisk {

        public static void main(String[] args) throws Exception {
            Parent parent = new Parent();
            Path root = Path.of(args[0]);
            command("mount", "-t", "tmpfs", "-o", args[1], "tmpfs", root.toString());
            try (FileSessionStore store = FileSessionStore.create(root)) {
                int count = 0;
                while (create(store, count)) {
                    count++;
                }
                int refused = 0;
                for (int number = 0; number < count; number++) {
                    StoredSession session = session(number, 900);
                    require(store.load(key(number)).equals(Optional.of(session)), number);
                    refused += grow(store, session) ? 0 : 1;
                }
                require(refused > 0, "all records could grow");
                require(!create(store, count), "created");
                require(store.load(key(count)).isEmpty(), "a record that was refused is there");
                require(store.scan().count() == count, "scan");
                require(store.findByPrincipal("alice", null, 10_000).size() == count, "principal");
                require(store.purgeExpired(100) == 0, "purged a live session");

                int half = count / 2;
                for (int number = 0; number < half; number++) {
                    require(store.delete(key(number)), number);
                    require(store.load(key(number)).isEmpty(), number);
                }
                for (int number = 0; number < half / 2; number++) {
                    require(store.create(session(number, 900)), number);
                }
                StoredSession last = store.load(key(count - 1)).orElseThrow();
                require(grow(store, last), "not enough space for one");
                require(
                        TestSessions.filesBelow(root).stream()
                                .noneMatch(file -> file.toString().endsWith(".tmp")),
                        "tmp");
                parent.say("full with " + count + " sessions, of which " + refused + " could not grow");
            }
        }

        /** Returns whether there was space for one more. */
        private static boolean create(FileSessionStore store, int number) {
            return !fails(() -> require(store.create(session(number, 900)), number));
        }

        /** Returns whether a record could be given a larger file, and sees that the record is what that says. */
        private static boolean grow(FileSessionStore store, StoredSession session) {
            StoredSession grown =
                    session.withPayload(TestSessions.session("any", null, 8_000).payload());
            boolean fails = fails(
                    () -> require(store.update(grown, session.version()) == UpdateOutcome.APPLIED, "not applied"));
            StoredSession expected = fails ? session : grown.withVersion(session.version() + 1);
            require(store.load(session.key()).equals(Optional.of(expected)), expected);
            return !fails;
        }
    }

    static final class ReadOnlyDisk {

        public static void main(String[] args) throws Exception {
            Parent parent = new Parent();
            Path root = Files.createDirectory(Path.of(args[0]).resolve("root"));
            try (FileSessionStore store = FileSessionStore.create(root)) {
                StoredSession session = session(1, 900);
                store.create(session);
                store.create(session(2, 900).withAccess(TestClock.START, Instant.EPOCH));
                // the lock file stays open for writing, as it does when the system finds a disk broken
                command("mount", "--bind", root.toString(), root.toString());
                command("mount", "-o", "remount,bind,ro", root.toString());
                long start = System.nanoTime();
                require(store.load(session.key()).equals(Optional.of(session)), "load");
                require(store.scan().count() == 1, "scan");
                require(store.findByPrincipal("alice", null, 10).size() == 1, "principal");
                List<Runnable> writes = List.of(
                        () -> store.create(session(3, 900)),
                        () -> store.update(session, 1),
                        () -> store.update(session(1, 9_000), 1),
                        () -> store.touch(session.key(), TestClock.START.plusSeconds(1), TestSessions.LATE),
                        () -> store.delete(session.key()),
                        () -> store.purgeExpired(10));
                for (int i = 0; i < writes.size(); i++) {
                    require(fails(writes.get(i)), i);
                }
                Duration took = Duration.ofNanos(System.nanoTime() - start);
                require(took.toSeconds() < 5, took);
                require(store.load(session.key()).equals(Optional.of(session)), "load after writes");
                command("umount", root.toString());
                require(store.create(session(3, 900)), "create");
                require(store.update(session(1, 9_000), 1) == UpdateOutcome.APPLIED, "update");
                require(store.purgeExpired(10) == 1, "purge");
                require(store.delete(session.key()), "delete");
                parent.say("reads and failures took " + took);
            } catch (OutcomeUnknownException e) {
                throw new AssertionError("nothing was written, and that is known", e);
            }
        }
    }
}
