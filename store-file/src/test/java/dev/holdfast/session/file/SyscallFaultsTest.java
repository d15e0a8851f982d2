package dev.holdfast.session.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.holdfast.session.file.TestSessions.Task;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each verb is done again and again by a thread under strace, and the next of its system calls fails each time. */
@Tag("slow")
@Tag("once")
class SyscallFaultsTest {

    private static final String CHANGING = "?open,?openat,?creat,?write,?pwrite64,?rename,?renameat,?renameat2,?link,"
            + "?linkat,?unlink,?unlinkat,?mkdir,?mkdirat,?chmod,?fchmod,?fchmodat,?utimensat,?utimes,?ftruncate,"
            + "?fsync,?fdatasync,?close";
    private static final String ALL = CHANGING
            + ",?read,?pread64,?stat,?lstat,?fstat,?newfstatat,?statx,?access,?faccessat,?faccessat2,?getdents64,?fcntl";
    private static final Pattern CALL = Pattern.compile("^([a-z0-9_]+)\\(", Pattern.MULTILINE);

    @TempDir
    Path directory;

    @BeforeAll
    static void canTrace(@TempDir Path temp) throws IOException {
        Process sleep;
        try {
            sleep = new ProcessBuilder("sleep", "60").start();
        } catch (IOException e) {
            abort("there is no sleep to try strace on: " + e.getMessage());
            return;
        }
        try {
            Process strace = attach(String.valueOf(sleep.pid()), inject("fsync 1", "error=EIO"), temp.resolve("log"));
            strace.destroy();
        } catch (IOException e) {
            abort("strace can't be used here: " + e.getMessage());
        } finally {
            sleep.destroyForcibly();
        }
    }

    @Test
    @DisplayName(
            "R32: killed at each system call of a verb, the record is the old or the new one, and leftovers are swept")
    void killed() throws InterruptedException {
        forAllDeeds((deed, store, root) -> {
            List<String> ids = new ArrayList<>();
            List<String> calls = calls(deed, store, root, Durability.NONE, CHANGING);
            for (String call : calls) {
                Optional<StoredSession> before = deed.prepare(store, call);
                try (ChildJvm child = ChildJvm.start(Deed.Doer.class, root, deed, Durability.NONE)) {
                    if (act(child, call, inject(call, "signal=KILL"), log(root)) == null) {
                        ids.add(call);
                    }
                }
                assertThat(find(store, call)).as(call).isIn(before, deed.after(call, before));
            }
            return ids;
        });
    }

    @Test
    @DisplayName("F1, F2: whichever system call of a verb fails, what the verb says of it is true")
    void failing() throws InterruptedException {
        forAllDeeds((deed, store, root) -> {
            List<String> ids = new ArrayList<>();
            List<String> calls = calls(deed, store, root, Durability.FSYNC, ALL);
            try (ChildJvm child = ChildJvm.start(Deed.Doer.class, root, deed, Durability.FSYNC)) {
                for (String call : calls) {
                    Optional<StoredSession> before = deed.prepare(store, call);
                    String answer = act(child, call, inject(call, "error=EIO"), log(root));
                    String log = Files.readString(log(root));
                    if (log.contains("INJECTED")) {
                        ids.add(call);
                    }
                    check(deed, call, before, Objects.requireNonNull(answer, child::errors), find(store, call), log);
                }
            }
            return ids;
        });
    }

    @Test
    @DisplayName("R34: when the disk fails to sync no verb claims success, and the record is the old or the new one")
    void noSync() throws InterruptedException {
        forAllDeeds((deed, store, root) -> {
            Optional<StoredSession> before = deed.prepare(store, "victim");
            try (ChildJvm child = ChildJvm.start(Deed.Doer.class, root, deed, Durability.FSYNC)) {
                String answer = act(child, "victim", List.of("-e", "inject=fsync,fdatasync:error=EIO"), log(root));
                assertThat(answer).contains("Exception").contains("Input/output error");
                check(deed, "victim", before, Objects.requireNonNull(answer, child::errors), find(store, "victim"), "");
            }
            return List.of("victim");
        });
    }

    private static void check(
            Deed deed,
            String id,
            Optional<StoredSession> before,
            String answer,
            Optional<StoredSession> found,
            String log) {
        assertThat(answer).as(log).matches("done|(StoreUnavailable|OutcomeUnknown)Exception .*");
        if (answer.equals("done")) {
            assertThat(found).as(log).isEqualTo(deed.after(id, before));
        } else if (answer.startsWith("StoreUnavailable")) {
            assertThat(found).as("%s\n%s", answer, log).isEqualTo(before);
        } else {
            assertThat(found).as("%s\n%s", answer, log).isIn(before, deed.after(id, before));
        }
    }

    private interface Faults {
        /** Does the deed under faults, each time to another id, and returns the ids. */
        List<String> run(Deed deed, FileSessionStore store, Path root) throws Exception;
    }

    private void forAllDeeds(Faults faults) throws InterruptedException {
        List<Task> tasks = new ArrayList<>();
        for (Deed deed : Deed.values()) {
            tasks.add(TestSessions.start(() -> {
                Path root = directory.resolve(deed.name());
                List<String> ids;
                try (FileSessionStore store = FileSessionStore.create(root)) {
                    ids = faults.run(deed, store, root);
                    assertThat(ids).isNotEmpty();
                    System.out.println(deed + " " + ids);
                }
                clean(root, ids);
            }));
        }
        for (Task task : tasks) {
            task.join();
        }
    }

    /** Returns the system calls of a deed, each with its number among those of the same name. */
    private static List<String> calls(Deed deed, FileSessionStore store, Path root, Durability durability, String which)
            throws IOException, InterruptedException {
        deed.prepare(store, "spared");
        try (ChildJvm child = ChildJvm.start(Deed.Doer.class, root, deed, durability)) {
            assertThat(act(child, "spared", List.of("-e", "trace=" + which), log(root)))
                    .as(child::errors)
                    .isEqualTo("done");
        }
        Map<String, Integer> numbers = new HashMap<>();
        return CALL.matcher(Files.readString(log(root)))
                .results()
                .map(call -> call.group(1) + " " + numbers.merge(call.group(1), 1, Integer::sum))
                .toList();
    }

    private static List<String> inject(String call, String fault) {
        String[] words = call.split(" ", -1);
        return List.of("-e", "trace=" + ALL, "-e", "inject=" + words[0] + ":" + fault + ":when=" + words[1]);
    }

    private static Path log(Path root) {
        return root.resolveSibling(root.getFileName() + ".strace");
    }

    /** Has the child do its deed under strace, and returns what it said of it, or null if it died before. */
    private static @Nullable String act(ChildJvm child, String id, List<String> options, Path log)
            throws IOException, InterruptedException {
        child.say(id);
        Process strace = attach(Objects.requireNonNull(child.hear(), child::errors), options, log);
        try {
            child.say("go");
            return child.hear();
        } finally {
            strace.waitFor();
        }
    }

    private static Process attach(String thread, List<String> options, Path log) throws IOException {
        List<String> command = new ArrayList<>(List.of("strace", "-p", thread, "-o", log.toString()));
        command.addAll(options);
        Process strace = new ProcessBuilder(command).redirectErrorStream(true).start();
        String line = strace.inputReader(StandardCharsets.UTF_8).readLine();
        if (line == null || !line.endsWith("attached")) {
            strace.destroy();
            throw new IOException(line);
        }
        return strace;
    }

    /** Loads a session, and sees that the principals agree with it. */
    private static Optional<StoredSession> find(FileSessionStore store, String id) {
        Optional<StoredSession> found = store.load(SessionKey.of(id));
        for (String principal : List.of(Deed.before(id), Deed.after(id))) {
            assertThat(store.findByPrincipal(principal, null, 10))
                    .containsExactlyElementsOf(found.stream()
                            .filter(session -> principal.equals(session.principal()))
                            .toList());
        }
        return found;
    }

    /** Sees that all else goes once all has expired, and the principals were asked for. */
    private static void clean(Path root, List<String> ids) {
        InstantSource late = InstantSource.fixed(TestSessions.LATE.plusSeconds(100));
        try (FileSessionStore store = FileSessionStore.builder(root).clock(late).build()) {
            assertThat(store.purgeExpired(1_000)).isNotNegative();
            ids.forEach(id -> assertThat(find(store, id)).isEmpty());
        }
        assertThat(TestSessions.filesBelow(root))
                .allMatch(file -> file.toString().contains(".unreadable"));
    }
}
