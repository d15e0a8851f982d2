package dev.holdfast.session.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.file.Reading.Snapshot;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a disk may hold of a write that it was not given time for: any part of it, and any of its sectors. */
class PowerLossTest {

    private static final int SECTOR = 512;
    private static final SessionKey KEY = SessionKey.of("victim");

    @TempDir
    Path root;

    private Path file;

    @BeforeEach
    void locate() {
        file = TestSessions.file(root, 0, KEY);
    }

    @Test
    @DisplayName(
            "R33: of an update any beginning or any sectors may reach the disk, the record is the old or the new one")
    void update() {
        for (int size : List.of(0, 300, 3_000)) {
            check(store -> store.update(session(size, 2), 1));
        }
    }

    @Test
    @DisplayName("R33: of a touch any beginning may reach the disk, the record is the old or the touched one")
    void touch() {
        check(store -> store.touch(KEY, TestClock.START.plusSeconds(60), TestSessions.LATE));
    }

    @Test
    @DisplayName(
            "R33: of a new file any beginning or any sectors may reach the disk, the record is the new one or absent")
    void create() {
        StoredSession session = session(3_000, 1);
        write(store -> store.create(session));
        byte[] image = bytes();
        assertThat(read(image)).contains(session);
        damages(new byte[0], image, damaged -> assertThat(read(damaged)).isIn(Optional.of(session), Optional.empty()));
    }

    @Test
    @DisplayName("R33: of many verbs any sectors may reach the disk, the record is one that there was, or absent")
    void history() {
        long seed = TestSessions.seed(getClass());
        Random random = new Random(seed);
        List<byte[]> images = new ArrayList<>();
        List<Optional<StoredSession>> states = new ArrayList<>(List.of(Optional.empty()));
        write(store -> {
            store.create(session(1_500, 1));
            for (int version = 1; version <= 6; version++) {
                note(images, states);
                store.touch(KEY, TestClock.START.plusSeconds(10 * version + 5), TestSessions.LATE);
                note(images, states);
                store.touch(KEY, TestClock.START.plusSeconds(10 * version + 6), TestSessions.LATE);
                note(images, states);
                store.update(session(1_000 + 200 * version, version + 1), version);
                // the record as it is without the touches that came later
                note(images, states);
            }
        });
        int whole = 0;
        for (int i = 0; i < 20_000; i++) {
            int first = random.nextInt(images.size());
            int span = 1 + random.nextInt(Math.min(4, images.size() - first));
            byte[] disk = images.get(first).clone();
            for (byte[] later : images.subList(first, first + span)) {
                disk = Arrays.copyOf(disk, Math.max(disk.length, later.length));
                for (int sector = 0; sector < later.length; sector += SECTOR) {
                    if (random.nextBoolean()) {
                        copy(later, disk, sector);
                    }
                }
            }
            Optional<StoredSession> found = read(disk);
            assertThat(found).isIn(states);
            whole += found.isPresent() ? 1 : 0;
        }
        assertThat(whole).isGreaterThan(1_000);
    }

    private void note(List<byte[]> images, List<Optional<StoredSession>> states) {
        images.add(bytes());
        states.add(read(bytes()));
    }

    private static StoredSession session(int size, int version) {
        return TestSessions.session(KEY, "principal " + version, TestSessions.bytes(version, size))
                .withAccess(TestClock.START.plusSeconds(10L * version), TestSessions.LATE);
    }

    /** Does something to a record of version 1, and reads all that could be left of that after a power loss. */
    private void check(Consumer<FileSessionStore> deed) {
        write(store -> {
            store.delete(KEY);
            store.create(session(3_000, 1));
            byte[] old = bytes();
            deed.accept(store);
            byte[] image = bytes();
            Optional<StoredSession> before = read(old);
            Optional<StoredSession> after = read(image);
            assertThat(before).isPresent().isNotEqualTo(after);
            assertThat(after).isPresent();
            damages(old, image, damaged -> assertThat(read(damaged)).isIn(before, after));
        });
    }

    /** Makes up what the disk may hold when {@code before} is there and {@code after} was written. */
    private static void damages(byte[] before, byte[] after, Consumer<byte[]> check) {
        for (int length = 0; length <= after.length; length++) {
            byte[] prefix = Arrays.copyOf(before, Math.max(before.length, length));
            System.arraycopy(after, 0, prefix, 0, length);
            check.accept(prefix);
            // the length is there, the bytes are not
            check.accept(Arrays.copyOf(prefix, Math.max(before.length, after.length)));
        }
        List<Integer> changed = new ArrayList<>();
        for (int sector = 0; sector < after.length; sector += SECTOR) {
            int end = Math.min(sector + SECTOR, after.length);
            if (end > before.length || !Arrays.equals(before, sector, end, after, sector, end)) {
                changed.add(sector);
            }
        }
        assertThat(changed).hasSizeBetween(1, 12);
        for (int chosen = 0; chosen < 1 << changed.size(); chosen++) {
            byte[] disk = Arrays.copyOf(before, Math.max(before.length, after.length));
            for (int i = 0; i < changed.size(); i++) {
                if ((chosen & 1 << i) != 0) {
                    copy(after, disk, changed.get(i));
                }
            }
            check.accept(disk);
        }
    }

    private static void copy(byte[] from, byte[] to, int sector) {
        System.arraycopy(from, sector, to, sector, Math.min(SECTOR, from.length - sector));
    }

    private void write(Consumer<FileSessionStore> verbs) {
        try (FileSessionStore store = FileSessionStore.builder(root).depth(0).build()) {
            verbs.accept(store);
        }
    }

    private byte[] bytes() {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<StoredSession> read(byte[] file) {
        try {
            Reading reading = RecordFormat.read(KEY, (offset, length) -> {
                int from = (int) Math.min(offset, file.length);
                return ByteBuffer.wrap(Arrays.copyOfRange(file, from, (int) Math.min(offset + length, file.length)));
            });
            return reading instanceof Snapshot snapshot ? Optional.of(snapshot.session()) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
