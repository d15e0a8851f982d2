package dev.holdfast.session.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.holdfast.session.file.ChildJvm.Parent;
import dev.holdfast.session.spi.StoreUnavailableException;
import dev.holdfast.session.spi.StoredSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LostDirectoryTest {

    private static final StoredSession SESSION = TestSessions.session("a", "alice", 100);
    private static final StoredSession ANOTHER = TestSessions.session("b", "alice", 100);

    @TempDir
    Path parent;

    /** Returns each verb; none of them can tell the truth without the directory. */
    private static Map<String, Runnable> verbs(FileSessionStore store) {
        Map<String, Runnable> verbs = new LinkedHashMap<>();
        verbs.put("load", () -> store.load(SESSION.key()));
        verbs.put("load another", () -> store.load(ANOTHER.key()));
        verbs.put("update", () -> store.update(SESSION, 1));
        verbs.put("touch", () -> store.touch(SESSION.key(), TestClock.START.plusSeconds(1), TestSessions.LATE));
        verbs.put("create", () -> store.create(TestSessions.session("c", "bob", 10)));
        verbs.put("delete", () -> store.delete(SESSION.key()));
        verbs.put("purge", () -> store.purgeExpired(10));
        verbs.put("scan", () -> store.scan().forEach(session -> {}));
        verbs.put("find", () -> store.findByPrincipal("alice", null, 10));
        verbs.put("delete by principal", () -> store.deleteByPrincipal("alice", null));
        return verbs;
    }

    @ParameterizedTest(name = "{displayName} (depth {0})")
    @ValueSource(ints = {0, 1, 2, 3})
    @DisplayName("R38: without its directory every verb fails as unavailable, and all works once it is back")
    void removed(int depth) throws IOException {
        Path root = parent.resolve("sessions");
        Path away = parent.resolve("away");
        try (FileSessionStore store =
                FileSessionStore.builder(root).depth(depth).build()) {
            store.create(SESSION);
            Files.move(root, away);
            verbs(store)
                    .forEach((name, verb) ->
                            assertThatThrownBy(verb::run).as(name).isInstanceOf(StoreUnavailableException.class));

            Files.move(away, root);
            assertThat(store.load(SESSION.key())).contains(SESSION);
            assertThat(store.findByPrincipal("alice", null, 10)).containsExactly(SESSION);

            Files.move(root, parent.resolve("for good"));
            Files.createDirectory(root);
            assertThat(store.load(SESSION.key())).isEmpty();
            assertThat(store.create(SESSION)).isTrue();
            assertThat(store.scan()).containsExactly(SESSION);
            assertThat(store.findByPrincipal("alice", null, 10)).containsExactly(SESSION);
            assertThat(store.purgeExpired(10)).isZero();
        }
    }

    @Test
    @DisplayName(
            "R38: with a directory that may not be read every verb fails as unavailable, and all works once it may")
    void forbidden() throws IOException, InterruptedException {
        if ("root".equals(System.getProperty("user.name"))) {
            Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxrwxrwx"));
            List<String> nobody = List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
            try {
                Process probe = new ProcessBuilder(List.of(
                                "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "ls", parent.toString()))
                        .start();
                if (probe.waitFor() != 0) {
                    abort("root can't become somebody else here: setpriv ended with " + probe.exitValue());
                }
            } catch (IOException e) {
                abort("root may read everything, and can't become somebody else here: " + e.getMessage());
            }
            runForbidden(nobody);
        } else {
            runForbidden(List.of());
        }
    }

    private void runForbidden(List<String> wrapper) {
        try (ChildJvm child = ChildJvm.start(wrapper, List.of(), Forbidden.class, parent)) {
            child.hear("done");
            assertThat(child.exitCode()).as(child::errors).isZero();
        }
    }

    static final class Forbidden {

        public static void main(String[] args) throws IOException {
            Parent parent = new Parent();
            for (int depth = 0; depth <= 3; depth++) {
                Path root = Path.of(args[0]).resolve("depth " + depth);
                try (FileSessionStore store =
                        FileSessionStore.builder(root).depth(depth).build()) {
                    store.create(SESSION);
                    forbid(root, store, "");
                    if (depth > 0) {
                        forbid(
                                Path.of(String.valueOf(TestSessions.file(root, depth, SESSION.key())
                                        .getParent())),
                                store,
                                "load another, create");
                    }
                    if (depth > 1) {
                        forbid(
                                Path.of(String.valueOf(TestSessions.file(root, 1, SESSION.key())
                                        .getParent())),
                                store,
                                "load another, create");
                    }
                }
                // with a new store that has not yet looked
                try (FileSessionStore store =
                        FileSessionStore.builder(root).depth(depth).build()) {
                    forbid(
                            TestSessions.file(root, depth, SESSION.key()),
                            store,
                            "load another, create, delete, purge, delete by principal");
                }
            }
            parent.say("done");
        }

        /** Takes away all rights, and sees that all verbs fail but for these. */
        private static void forbid(Path path, FileSessionStore store, String spared) throws IOException {
            var before = Files.getPosixFilePermissions(path);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("---------"));
            verbs(store).forEach((name, verb) -> {
                if (!List.of(spared.split(", ")).contains(name)) {
                    try {
                        verb.run();
                        throw new AssertionError(name + " without a right to " + path);
                    } catch (StoreUnavailableException e) {
                        // right
                    }
                }
            });
            Files.setPosixFilePermissions(path, before);
            if (!store.load(SESSION.key()).equals(Optional.of(SESSION))) {
                throw new AssertionError("not back: " + path);
            }
            store.delete(TestSessions.session("c", null, 0).key());
        }
    }
}
