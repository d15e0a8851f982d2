package dev.holdfast.session.file;

import static dev.holdfast.session.spi.UpdateOutcome.APPLIED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.session.SessionStores;
import dev.holdfast.session.spi.Payload;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoreMisconfiguredException;
import dev.holdfast.session.spi.StoreUnavailableException;
import dev.holdfast.session.spi.StoredSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileSessionStoreTest {

    private static final Instant START = TestClock.START;

    private final TestClock clock = new TestClock();
    private final List<SessionKey> unreadable = new ArrayList<>();

    @TempDir
    Path parent;

    private Path root;
    private FileSessionStore store;

    @BeforeEach
    void open() {
        root = parent.resolve("sessions");
        store = FileSessionStore.builder(root).clock(clock).build();
        var unused = store.onUnreadable(unreadable::add);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static StoredSession session(String id, int size) {
        byte[] payload = new byte[size];
        for (int i = 0; i < size; i++) {
            payload[i] = (byte) (i * 31 + size);
        }
        return new StoredSession(
                SessionKey.of(id),
                1,
                START,
                START,
                START.plusSeconds(60),
                Duration.ofMinutes(1),
                "alice",
                Payload.wrap(payload));
    }

    private Path file(String id) {
        return new Shards(root, 2).locate(SessionKey.of(id)).path();
    }

    private static Object inode(Path file) throws IOException {
        return Files.getAttribute(file, "unix:ino");
    }

    @Test
    @DisplayName("an update is written into the same file, unless the session has outgrown it")
    void updatesInPlace() throws IOException {
        StoredSession current = session("a", 1000);
        store.create(current);
        Object inode = inode(file("a"));
        for (int size : new int[] {0, 1000, 1, 1400, 17}) {
            assertThat(store.update(session("a", size), current.version())).isEqualTo(APPLIED);
            current = session("a", size).withVersion(current.version() + 1);
            assertThat(store.load(current.key())).contains(current);
        }
        assertThat(inode(file("a"))).isEqualTo(inode);
        for (int size : new int[] {5_000, 100_000, 3_000_000, 3}) {
            assertThat(store.update(session("a", size), current.version())).isEqualTo(APPLIED);
            current = session("a", size).withVersion(current.version() + 1);
            assertThat(store.load(current.key())).contains(current);
            assertThat(store.touch(current.key(), START, START.plusSeconds(90))).isTrue();
            current = current.withAccess(START, START.plusSeconds(90));
            assertThat(store.load(current.key())).contains(current);
            current = current.withAccess(START, START.plusSeconds(60));
        }
        try (Stream<Path> files = Files.list(file("a").getParent())) {
            assertThat(files).as("no temporary file is left").containsExactly(file("a"));
        }
    }

    @Test
    @DisplayName("R32: what a crash left half created does not block, and is swept")
    void halfCreated() throws IOException {
        store.create(session("a", 10));
        store.create(session("b", 10));
        Files.write(file("a"), new byte[0]);
        Files.write(file("b"), new byte[0]);
        assertThat(store.load(SessionKey.of("a"))).isEmpty();
        assertThat(store.create(session("a", 20))).isTrue();
        assertThat(store.load(SessionKey.of("a"))).contains(session("a", 20));
        Files.setLastModifiedTime(file("b"), FileTime.from(START));
        clock.advance(Duration.ofSeconds(60));
        assertThat(store.purgeExpired(10)).as("only records count").isEqualTo(1);
        assertThat(file("b")).doesNotExist();
    }

    @Test
    @DisplayName("R32: a temporary file that a crash left is swept")
    void temporaryFile() throws IOException {
        store.create(session("a", 10));
        Path left = Path.of(file("a") + ".tmp");
        Files.write(left, new byte[10]);
        Files.setLastModifiedTime(left, FileTime.from(START));
        clock.advance(Duration.ofSeconds(60));
        store.purgeExpired(10);
        assertThat(left).doesNotExist();
    }

    @Test
    @DisplayName("R37: a purge sets what can't be read aside, once, and leaves a later format where it is")
    void setsAside() throws IOException {
        for (String id : List.of("damaged", "newer", "fine")) {
            store.create(session(id, 10));
        }
        byte[] damaged = Files.readAllBytes(file("damaged"));
        damaged[20]++;
        Files.write(file("damaged"), damaged);
        byte[] newer = Files.readAllBytes(file("newer"));
        newer[11]++;
        Files.write(file("newer"), newer);
        for (String id : List.of("damaged", "newer")) {
            Files.setLastModifiedTime(file(id), FileTime.from(START));
        }
        clock.advance(Duration.ofSeconds(60));
        assertThat(store.purgeExpired(10)).isEqualTo(1);
        assertThat(store.purgeExpired(10)).isZero();
        assertThat(unreadable).containsExactlyInAnyOrder(SessionKey.of("damaged"), SessionKey.of("newer"));
        assertThat(file("damaged")).doesNotExist();
        assertThat(root.resolve(".unreadable").resolve(SessionKey.of("damaged").toString()))
                .hasBinaryContent(damaged);
        assertThat(file("newer")).hasBinaryContent(newer);
    }

    @Test
    @DisplayName("P4: a purge opens no file of a live session, however it was written last")
    void purgeOpensNoLiveFile() throws IOException {
        store.create(session("live", 10));
        store.create(session("expired", 10));
        store.update(session("live", 20), 1);
        store.touch(SessionKey.of("live"), START, START.plusSeconds(600));
        store.purgeExpired(10);
        FileTime due = Files.getLastModifiedTime(file("live"));
        try (FileChannel channel = FileChannel.open(file("live"), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[64]), 0);
        }
        Files.setLastModifiedTime(file("live"), due);
        clock.advance(Duration.ofSeconds(60));
        assertThat(store.purgeExpired(10)).isEqualTo(1);
        assertThat(unreadable).as("what was found unreadable when opened").isEmpty();
        assertThat(file("live")).exists();
    }

    @Test
    @DisplayName("P1: a new instance finds what others have left, though the file times are wrong")
    void purgeOfANewInstance() throws IOException {
        for (int i = 0; i < 50; i++) {
            store.create(session("s" + i, 10));
            Files.setLastModifiedTime(file("s" + i), FileTime.from(START.minusSeconds(i)));
        }
        store.close();
        store = FileSessionStore.builder(root).clock(clock).build();
        assertThat(store.purgeExpired(100)).isZero();
        clock.advance(Duration.ofSeconds(60));
        assertThat(store.purgeExpired(20)).isEqualTo(20);
        assertThat(store.purgeExpired(100)).isEqualTo(30);
    }

    @Test
    @DisplayName("I2: a marker whose record is another principal's, or gone, is dropped when it is met")
    void markersHeal() throws IOException {
        store.create(session("a", 10));
        String key = SessionKey.of("a").toString();
        PrincipalMarkers markers = new PrincipalMarkers(root);
        markers.add("bob", key, false);
        markers.add("bob", SessionKey.of("gone").toString(), false);
        assertThat(markers.keys("bob", null, 10)).hasSize(2);
        assertThat(store.findByPrincipal("bob", null, 10)).isEmpty();
        assertThat(markers.keys("bob", null, 10)).isEmpty();
        assertThat(store.findByPrincipal("alice", null, 10)).containsExactly(session("a", 10));
        store.delete(SessionKey.of("a"));
        assertThat(markers.keys("alice", null, 10)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    @DisplayName("each depth works, is kept, and no other one is taken for it")
    void depths(int depth) {
        Path directory = parent.resolve("depth");
        try (SessionStore first =
                FileSessionStore.builder(directory).depth(depth).clock(clock).build()) {
            for (int i = 0; i < 20; i++) {
                assertThat(first.create(session("s" + i, i))).isTrue();
            }
        }
        assertThatThrownBy(() ->
                        FileSessionStore.builder(directory).depth(3 - depth).build())
                .isInstanceOf(StoreMisconfiguredException.class)
                .hasMessageContaining("was made with depth " + depth + ", not " + (3 - depth));
        try (FileSessionStore again =
                FileSessionStore.builder(directory).clock(clock).build()) {
            assertThatThrownBy(() ->
                            FileSessionStore.builder(directory).depth(3 - depth).build())
                    .isInstanceOf(StoreMisconfiguredException.class);
            assertThat(again.scan()).hasSize(20);
            clock.advance(Duration.ofSeconds(60));
            assertThat(again.purgeExpired(100)).isEqualTo(20);
        }
    }

    @Test
    @DisplayName("a directory that can't be used is named, with what to do")
    void misconfigured() throws IOException {
        Path file = Files.createFile(parent.resolve("file"));
        for (Path wrong : List.of(file, file.resolve("below"))) {
            assertThatThrownBy(() -> FileSessionStore.create(wrong))
                    .isInstanceOf(StoreMisconfiguredException.class)
                    .hasMessageContaining(wrong.toString())
                    .hasMessageContaining("name a directory");
        }
        Path foreign = Files.createDirectory(parent.resolve("foreign"));
        Files.writeString(foreign.resolve(".holdfast"), "something else");
        assertThatThrownBy(() -> FileSessionStore.create(foreign))
                .isInstanceOf(StoreMisconfiguredException.class)
                .hasMessageContaining("another directory");
    }

    @Test
    @DisplayName("R38: a directory that was removed is a clear error, and used again once it is there")
    void removedDirectory() throws IOException {
        store.create(session("a", 10));
        Path away = parent.resolve("away");
        Files.move(root, away);
        assertThatThrownBy(() -> store.load(SessionKey.of("a")))
                .isInstanceOf(StoreUnavailableException.class)
                .hasRootCauseMessage(root + ": the session directory is gone; it is used again once it is back");
        assertThatThrownBy(() -> store.create(session("b", 10))).isInstanceOf(StoreUnavailableException.class);
        assertThat(root).doesNotExist();
        Files.createDirectory(root);
        assertThat(store.load(SessionKey.of("a")))
                .as("in a new, empty directory")
                .isEmpty();
        assertThat(store.create(session("a", 20))).isTrue();
        assertThat(store.update(session("a", 30), 1)).isEqualTo(APPLIED);
    }

    @Test
    @DisplayName("stores open by URI: absolute, relative, with settings")
    void uris() {
        String absolute = parent.resolve("by-uri").toUri().getPath().replaceAll("/$", "");
        for (String uri : List.of("file:" + absolute + "?depth=1", "file://" + absolute + "?durability=fsync")) {
            try (SessionStore opened = SessionStores.open(uri)) {
                assertThat(opened).isInstanceOf(FileSessionStore.class);
            }
        }
        Path relative = Path.of("").toAbsolutePath().relativize(parent.resolve("by-uri"));
        try (SessionStore opened = SessionStores.open("file:" + relative + "?maxPayload=10")) {
            assertThatThrownBy(() -> opened.create(session("a", 11))).hasMessageContaining("11");
        }
        for (String wrong : List.of(
                "file:/",
                "file:",
                "file://host/x",
                "file:" + absolute + "?depth=4",
                "file:" + absolute + "?durability=some",
                "file:" + absolute + "?maxPayload=-1",
                "file:" + absolute + "?deep=1")) {
            assertThatThrownBy(() -> SessionStores.open(wrong))
                    .as(wrong)
                    .isInstanceOf(StoreMisconfiguredException.class);
        }
    }

    @Test
    @DisplayName("F4: a failure names no more than the beginning of the key")
    void secrecy() throws IOException {
        Files.move(root, parent.resolve("away"));
        assertThatThrownBy(() -> store.load(SessionKey.of("a")))
                .hasMessageContaining("load " + SessionKey.of("a").toString().substring(0, 8) + "…")
                .message()
                .doesNotContain(SessionKey.of("a").toString());
    }
}
