package dev.holdfast.session.file;

import static dev.holdfast.session.spi.UpdateOutcome.GONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.session.spi.Payload;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoreMisconfiguredException;
import dev.holdfast.session.spi.StoreUnavailableException;
import dev.holdfast.session.spi.StoredSession;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store touches nothing but its directory, and nobody else may look into it. */
class ConfinementTest {

    private static final Instant NOW = TestClock.START;

    @TempDir
    Path parent;

    private Path root;
    private Path outside;

    @BeforeEach
    void prepare() throws IOException {
        assumeTrue(
                FileSystems.getDefault().supportedFileAttributeViews().contains("posix"), "needs a POSIX file system");
        root = parent.resolve("sessions");
        outside = Files.createDirectory(parent.resolve("outside"));
    }

    private static StoredSession session(String id, int size) {
        return new StoredSession(
                SessionKey.of(id),
                1,
                NOW,
                NOW,
                StoredSession.NEVER,
                Duration.ofMinutes(1),
                "alice",
                Payload.wrap(new byte[size]));
    }

    private Path file(String id) {
        return new Shards(root, 2).locate(SessionKey.of(id)).path();
    }

    /** Uses the store in a process of its own, since a process has one umask. */
    public static void main(String[] arguments) {
        try (FileSessionStore store = FileSessionStore.create(Path.of(arguments[0]))) {
            store.create(session("id", 10));
            store.update(session("id", 100_000), 1);
        }
    }

    @Test
    @DisplayName("S71: directories are 0700 and files 0600, with a umask of 000")
    void modes() throws Exception {
        String classPath = classPathOf(FileSessionStore.class)
                + File.pathSeparator
                + classPathOf(StoredSession.class)
                + File.pathSeparator
                + classPathOf(ConfinementTest.class);
        Process process = new ProcessBuilder(
                        "sh",
                        "-c",
                        "umask 000; exec \"$@\"",
                        "sh",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath,
                        ConfinementTest.class.getName(),
                        root.toString())
                .inheritIO()
                .start();
        assertThat(process.waitFor()).isZero();
        List<Path> all;
        try (Stream<Path> files = Files.walk(root)) {
            all = files.toList();
        }
        assertThat(all)
                .as("root, description, record and marker with their directories")
                .hasSize(8);
        for (Path path : all) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .as("mode of %s", path)
                    .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
        }
    }

    private static String classPathOf(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString();
    }

    @Test
    @DisplayName("S71: a symbolic link in a record's place is absent, and what it points to stays as it is")
    void linkedRecord() throws IOException {
        try (FileSessionStore store = FileSessionStore.create(root)) {
            List<SessionKey> unreadable = new ArrayList<>();
            var unused = store.onUnreadable(unreadable::add);
            store.create(session("a", 10));
            Path target = Files.move(file("a"), outside.resolve("target"));
            byte[] before = Files.readAllBytes(target);
            FileTime timeBefore = Files.getLastModifiedTime(target);
            Files.createSymbolicLink(file("a"), target);
            assertThat(store.load(SessionKey.of("a"))).isEmpty();
            assertThat(store.update(session("a", 10), 1)).isEqualTo(GONE);
            assertThat(store.touch(SessionKey.of("a"), NOW, NOW)).isFalse();
            assertThat(unreadable).containsExactly(SessionKey.of("a"));
            assertThat(store.create(session("a", 20))).isTrue();
            assertThat(store.load(SessionKey.of("a"))).isPresent();
            assertThat(target).hasBinaryContent(before);
            Files.delete(file("a"));
            Files.createSymbolicLink(file("a"), target);
            assertThat(store.delete(SessionKey.of("a"))).isFalse();
            assertThat(Files.isSymbolicLink(file("a"))).isFalse();
            assertThat(target).hasBinaryContent(before);
            assertThat(Files.getLastModifiedTime(target)).isEqualTo(timeBefore);
        }
    }

    @Test
    @DisplayName("S71: a growing record writes over no link in its temporary file's place")
    void linkedTemporary() throws IOException {
        try (FileSessionStore store = FileSessionStore.create(root)) {
            store.create(session("a", 10));
            Path target = Files.writeString(outside.resolve("target"), "mine");
            Files.createSymbolicLink(Path.of(file("a") + ".tmp"), target);
            store.update(session("a", 100_000), 1);
            assertThat(store.load(SessionKey.of("a"))).isPresent();
            assertThat(target).hasContent("mine");
        }
    }

    @Test
    @DisplayName("S71: a symbolic link in a directory's place is refused, and nothing is written behind it")
    void linkedDirectories() throws IOException {
        String key = SessionKey.of("a").toString();
        Path inner = Path.of(key.substring(0, 2), key.substring(2, 4));
        for (Path planted : List.of(Path.of(key.substring(0, 2)), inner, Path.of(".principals"))) {
            root = parent.resolve("sessions-" + planted.toString().replace('/', '-'));
            Path link = root.resolve(planted);
            Files.createDirectories(link.getParent());
            Files.createSymbolicLink(link, outside);
            try (FileSessionStore store = FileSessionStore.create(root)) {
                assertThatThrownBy(() -> store.create(session("a", 10)))
                        .as("create behind %s", planted)
                        .isInstanceOf(StoreUnavailableException.class);
                assertThat(store.purgeExpired(10)).isZero();
                assertThat(store.scan()).isEmpty();
            }
            assertThat(outside).isEmptyDirectory();
        }
    }

    @Test
    @DisplayName("S71: a symbolic link in the description's place is refused")
    void linkedDescription() throws IOException {
        Files.createDirectory(root);
        Files.createSymbolicLink(root.resolve(".holdfast"), outside.resolve("target"));
        assertThatThrownBy(() -> FileSessionStore.create(root)).isInstanceOf(StoreMisconfiguredException.class);
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    @DisplayName("S11: the id is nowhere in the directory, neither in a name nor in a file")
    void noIdAtRest() throws IOException {
        String id = "q7Zt0aLxR5mXn1VbK8cYpE3sWfGdHjUo2iTzNQ4rBkA";
        try (FileSessionStore store = FileSessionStore.create(root)) {
            store.create(session(id, 10));
            store.update(session(id, 100_000), 1);
        }
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.toList()) {
                assertThat(file.toString()).doesNotContain(id);
                if (Files.isRegularFile(file)) {
                    assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                            .doesNotContain(id);
                }
            }
        }
    }
}
