package dev.holdfast.session.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DamagedFilesTest {

    private static final SessionKey KEY = SessionKey.of("victim");

    private final TestClock clock = new TestClock();
    private final List<SessionKey> told = new ArrayList<>();
    private final Set<Optional<StoredSession>> history = new HashSet<>(Set.of(Optional.empty()));

    @TempDir
    Path root;

    private FileSessionStore store;
    private Path file;
    private byte[] whole;

    @BeforeEach
    void write() throws IOException {
        store = FileSessionStore.builder(root).clock(clock).depth(0).build();
        var unused = store.onUnreadable(told::add);
        whole = write(KEY, true);
        file = TestSessions.file(root, 0, KEY);
        assertThat(whole).hasSizeBetween(500, 1_000);
    }

    @AfterEach
    void close() {
        store.close();
    }

    /** Writes a record that was updated and touched, so that no part of its file is empty. */
    private byte[] write(SessionKey key, boolean note) throws IOException {
        StoredSession first = TestSessions.session(key, "alice", TestSessions.bytes(1, 100));
        StoredSession second = TestSessions.session(key, "bob", TestSessions.bytes(2, 120));
        store.create(first);
        for (int i = 1; i <= 2; i++) {
            remember(key, note);
            store.touch(key, TestClock.START.plusSeconds(i), TestSessions.LATE.plusSeconds(i));
        }
        remember(key, note);
        store.update(second, 1);
        remember(key, note);
        store.touch(key, TestClock.START.plusSeconds(3), TestSessions.LATE.plusSeconds(3));
        remember(key, note);
        return Files.readAllBytes(TestSessions.file(root, 0, key));
    }

    private void remember(SessionKey key, boolean note) {
        if (note) {
            history.add(store.load(key));
        }
    }

    @Test
    @DisplayName("R37, L4: cut off at any offset, a file holds a record that there was, or none")
    void truncated() throws IOException {
        for (int length = 0; length < whole.length; length++) {
            check("cut to " + length, Arrays.copyOf(whole, length));
        }
    }

    @Test
    @DisplayName("R37, L4: with any bit flipped, a file holds a record that there was, or none")
    void flipped() throws IOException {
        for (int bit = 0; bit < 8 * whole.length; bit++) {
            byte[] damaged = whole.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            check("flipped bit " + bit, damaged);
        }
    }

    @Test
    @DisplayName("R37, L4: a foreign file, also another session's, holds no record")
    void foreign() throws IOException {
        byte[] others = write(SessionKey.of("another"), false);
        byte[] text =
                "Once upon a time there was a file of another kind.".repeat(20).getBytes(StandardCharsets.UTF_8);
        for (byte[] foreign : List.of(others, text, new byte[0], new byte[10_000], new byte[] {1})) {
            check(foreign.length + " foreign bytes", foreign);
        }
    }

    @Test
    @DisplayName("R37, L4: who knows the version of damaged bytes replaces them by an update; others do not")
    void updated() throws IOException {
        StoredSession known = store.load(KEY).orElseThrow();
        StoredSession next = TestSessions.session(KEY, "bob", TestSessions.bytes(4, 120));
        for (int bit = 0; bit < 8 * whole.length; bit++) {
            byte[] damaged = whole.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(file, damaged);
            Optional<StoredSession> found = store.load(KEY);
            assertThat(store.update(next, 7)).as("flipped bit %s", bit).isNotEqualTo(UpdateOutcome.APPLIED);
            UpdateOutcome outcome = store.update(next, known.version());
            if (found.equals(Optional.of(known))) {
                assertThat(outcome).as("flipped bit %s", bit).isEqualTo(UpdateOutcome.APPLIED);
            }
            if (outcome == UpdateOutcome.APPLIED) {
                StoredSession stored = store.load(KEY).orElseThrow();
                assertThat(stored.version()).as("flipped bit %s", bit).isEqualTo(3);
                assertThat(stored.createdAt()).as("flipped bit %s", bit).isEqualTo(known.createdAt());
                assertThat(history.stream().flatMap(Optional::stream).map(StoredSession::lastAccessedAt))
                        .as("flipped bit %s", bit)
                        .contains(stored.lastAccessedAt());
                assertThat(stored.payload()).isEqualTo(next.payload());
                assertThat(stored.principal()).isEqualTo("bob");
            } else {
                assertThat(store.load(KEY)).as("flipped bit %s", bit).isEqualTo(found);
            }
        }
    }

    /** Loads a damaged file, and sees that the key can be used again, whatever the load found. */
    private void check(String damage, byte[] damaged) throws IOException {
        Files.write(file, damaged);
        told.clear();
        Optional<StoredSession> found = store.load(KEY);
        assertThat(found).as(damage).isIn(history);
        assertThat(store.load(KEY)).as(damage).isEqualTo(found);
        assertThat(told).as(damage).isEqualTo(found.isPresent() ? List.of() : List.of(KEY));
        StoredSession fresh = TestSessions.session(KEY, "carol", TestSessions.bytes(3, 80));
        if (found.isPresent()) {
            assertThat(store.delete(KEY)).as(damage).isTrue();
        } else {
            assertThat(store.create(fresh)).as(damage).isTrue();
            assertThat(store.load(KEY)).as(damage).contains(fresh);
            Files.write(file, damaged);
            assertThat(store.load(KEY)).as(damage).isEmpty();
            assertThat(store.delete(KEY)).as(damage).isFalse();
        }
        assertThat(file).as(damage).doesNotExist();
    }

    @Test
    @DisplayName("R37, L4: damaged files stop neither scan nor purge, are told of once, and are put aside")
    void scanAndPurge() throws IOException {
        List<SessionKey> damaged = new ArrayList<>();
        int length = 0;
        for (; length < whole.length; length += 3) {
            SessionKey key = SessionKey.of("cut to " + length);
            byte[] bytes = write(key, false);
            Files.write(TestSessions.file(root, 0, key), Arrays.copyOf(bytes, length));
            if (store.load(key).isEmpty()) {
                damaged.add(key);
            }
        }
        int live = 1 + (length + 2) / 3 - damaged.size();
        assertThat(damaged).hasSizeBetween(20, live + 200);
        assertThat(store.scan().count()).isEqualTo(live);
        assertThat(store.findByPrincipal("bob", null, 1_000)).isNotEmpty();
        Collections.sort(damaged);
        told.sort(null);
        assertThat(told).isEqualTo(damaged);

        clock.set(TestSessions.LATE.plusSeconds(10));
        int purged = 0;
        for (int next = 1; next > 0; purged += next) {
            next = store.purgeExpired(7);
        }
        assertThat(purged).isEqualTo(live);
        told.sort(null);
        assertThat(told).isEqualTo(damaged);
        assertThat(store.findByPrincipal("alice", null, 10)).isEmpty();
        assertThat(store.findByPrincipal("bob", null, 10)).isEmpty();
        assertThat(TestSessions.filesBelow(root))
                .allMatch(path -> path.toString().contains(".unreadable"));
    }
}
