package dev.holdfast.session.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.file.Reading.Snapshot;
import dev.holdfast.session.file.Reading.Unreadable;
import dev.holdfast.session.spi.Payload;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RecordFormatTest {

    private static final Instant START = TestClock.START;
    private static final SessionKey KEY = SessionKey.of("id");
    private static final StoredSession FIRST = session("alice", "first payload");
    private static final StoredSession SECOND =
            session("bob", "the second payload, longer").withVersion(2);
    private static final StoredSession TOUCHED = SECOND.withAccess(START.plusSeconds(10), START.plusSeconds(70));
    private static final StoredSession TOUCHED_AGAIN = SECOND.withAccess(START.plusSeconds(20), START.plusSeconds(80));

    private static StoredSession session(String principal, String payload) {
        return new StoredSession(
                KEY,
                1,
                START,
                START,
                START.plusSeconds(60),
                Duration.ofMinutes(1),
                principal,
                Payload.wrap(payload.getBytes(StandardCharsets.UTF_8)));
    }

    private static Reading read(byte[] file) {
        return read(KEY, file);
    }

    private static Reading read(SessionKey key, byte[] file) {
        try {
            return RecordFormat.read(key, (offset, length) -> {
                int from = (int) Math.min(offset, file.length);
                return ByteBuffer.wrap(file).slice(from, Math.min(length, file.length - from));
            });
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] put(byte[] file, byte[] part, long offset) {
        byte[] result = Arrays.copyOf(file, Math.max(file.length, (int) offset + part.length));
        System.arraycopy(part, 0, result, (int) offset, part.length);
        return result;
    }

    private static Snapshot snapshot(byte[] file) {
        assertThat(read(file)).isInstanceOf(Snapshot.class);
        return (Snapshot) read(file);
    }

    private static byte[] updated(byte[] file, StoredSession next) {
        Snapshot current = snapshot(file);
        return put(file, TestSessions.slot(next), RecordFormat.slotOffset(1 - current.slot(), current.capacity()));
    }

    private static byte[] touched(byte[] file, Instant access, Instant expiry) {
        Snapshot current = snapshot(file);
        return put(
                file,
                RecordFormat.touch(current.session().version(), access, expiry, current.nextSequence())
                        .array(),
                RecordFormat.touchOffset(current.nextTouch()));
    }

    private static byte[] created() {
        return TestSessions.file(FIRST);
    }

    /** A file with both slots and both touch entries in use. */
    private static byte[] full() {
        byte[] file = updated(created(), SECOND);
        file = touched(file, TOUCHED.lastAccessedAt(), TOUCHED.expiresAt());
        return touched(file, TOUCHED_AGAIN.lastAccessedAt(), TOUCHED_AGAIN.expiresAt());
    }

    @Test
    @DisplayName("what was written last is read, with its latest touch")
    void readsWhatWasWrittenLast() {
        byte[] file = created();
        assertThat(snapshot(file).session()).isEqualTo(FIRST);
        file = touched(file, TOUCHED.lastAccessedAt(), TOUCHED.expiresAt());
        assertThat(snapshot(file).session()).isEqualTo(FIRST.withAccess(TOUCHED.lastAccessedAt(), TOUCHED.expiresAt()));
        file = updated(file, SECOND);
        assertThat(snapshot(file).session()).as("a touch of the version before").isEqualTo(SECOND);
        assertThat(snapshot(full()).session()).isEqualTo(TOUCHED_AGAIN);
        assertThat(snapshot(updated(full(), FIRST.withVersion(3))).session()).isEqualTo(FIRST.withVersion(3));
    }

    @Test
    @DisplayName("random records come back after random updates and touches")
    void roundTrips() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            byte[] file = created();
            StoredSession expected = FIRST;
            for (int step = 0; step < 8; step++) {
                if (random.nextBoolean()) {
                    Instant access = Instant.ofEpochMilli(random.nextLong());
                    Instant expiry = Instant.ofEpochMilli(random.nextLong());
                    expected = expected.withAccess(access, expiry);
                    file = touched(file, access, expiry);
                } else {
                    byte[] payload = new byte[random.nextInt(1 << random.nextInt(13))];
                    random.nextBytes(payload);
                    expected = new StoredSession(
                            KEY,
                            expected.version() + 1,
                            Instant.ofEpochMilli(random.nextLong()),
                            Instant.ofEpochMilli(random.nextLong()),
                            Instant.ofEpochMilli(random.nextLong()),
                            Duration.ofMillis(random.nextLong() >>> 1 | 1),
                            random.nextBoolean() ? null : "ä\0😀",
                            Payload.wrap(payload));
                    int size = RecordFormat.slot(expected).size();
                    file = size > snapshot(file).capacity() ? TestSessions.file(expected) : updated(file, expected);
                }
                assertThat(snapshot(file).session()).as("seed %s", seed).isEqualTo(expected);
                assertThat(snapshot(file).settled()).isTrue();
            }
        }
    }

    @Test
    @DisplayName("R37: with any bit flipped a file reads as it was, as it was before, or not at all")
    void everyBitFlipped() {
        byte[] file = full();
        int unharmed = 0;
        for (int bit = 0; bit < 8 * file.length; bit++) {
            byte[] flipped = file.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Reading reading = read(flipped);
            if (reading instanceof Snapshot snapshot) {
                assertThat(snapshot.session()).as("with bit %s flipped", bit).isIn(FIRST, TOUCHED, TOUCHED_AGAIN);
                unharmed += snapshot.session().equals(TOUCHED_AGAIN) ? 1 : 0;
                assertThat(snapshot.session().equals(TOUCHED_AGAIN)
                                || snapshot.session().version() == 1
                                || !snapshot.settled())
                        .as("bit %s: a damaged touch shows", bit)
                        .isTrue();
            }
        }
        int inUse = RecordFormat.PREAMBLE - RecordFormat.TOUCH_ENTRY + TestSessions.slot(SECOND).length;
        assertThat(unharmed)
                .as("bits of the older slot and touch, which do not matter")
                .isEqualTo(8 * (file.length - inUse));
    }

    @Test
    @DisplayName("R37: cut at any length a file reads as it was, as it was before, or not at all")
    void everyLength() {
        byte[] file = full();
        for (int length = 0; length < file.length; length++) {
            Reading reading = read(Arrays.copyOf(file, length));
            if (reading instanceof Snapshot snapshot) {
                assertThat(snapshot.session().version()).as("cut to %s", length).isEqualTo(1);
                assertThat(snapshot.session()).isEqualTo(FIRST);
            }
        }
        assertThat(read(new byte[0])).isEqualTo(Unreadable.EMPTY);
        assertThat(read(Arrays.copyOf(file, 63))).isEqualTo(Unreadable.DAMAGED);
        assertThat(read(new byte[4096])).isEqualTo(Unreadable.DAMAGED);
    }

    @Test
    @DisplayName("R32: an update cut short at any byte leaves the record as it was")
    void everyTornUpdate() {
        byte[] file = full();
        byte[] slot = TestSessions.slot(session("carol", "a third payload").withVersion(3));
        long offset = RecordFormat.slotOffset(
                1 - snapshot(file).slot(), snapshot(file).capacity());
        for (int length = 0; length < slot.length; length++) {
            byte[] torn = put(file, Arrays.copyOf(slot, length), offset);
            assertThat(snapshot(torn).session())
                    .as("torn after %s bytes", length)
                    .isEqualTo(TOUCHED_AGAIN);
        }
    }

    @Test
    @DisplayName("R32: a touch cut short at any byte leaves the record as it was")
    void everyTornTouch() {
        byte[] file = full();
        byte[] touch = RecordFormat.touch(2, START.plusSeconds(30), START.plusSeconds(90), 2)
                .array();
        long offset = RecordFormat.touchOffset(snapshot(file).nextTouch());
        for (int length = 0; length < touch.length; length++) {
            byte[] torn = put(file, Arrays.copyOf(touch, length), offset);
            assertThat(snapshot(torn).session())
                    .as("torn after %s bytes", length)
                    .isEqualTo(TOUCHED_AGAIN);
        }
    }

    @Test
    @DisplayName("R37: random bytes are no record")
    void foreignBytes() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 1000; i++) {
            byte[] bytes = new byte[random.nextInt(5000)];
            random.nextBytes(bytes);
            byte[] header = Arrays.copyOf(full(), RecordFormat.PREAMBLE);
            assertThat(read(bytes)).as("seed %s", seed).isInstanceOf(Unreadable.class);
            assertThat(read(put(bytes, header, 0))).as("seed %s", seed).isInstanceOf(Unreadable.class);
        }
    }

    @Test
    @DisplayName("R37: another session's file is no record of this key")
    void anothersFile() {
        assertThat(read(SessionKey.of("other"), full())).isEqualTo(Unreadable.DAMAGED);
    }

    @Test
    @DisplayName("R37: a slot of another session's file is no record of this key")
    void anothersSlot() {
        StoredSession others = new StoredSession(
                SessionKey.of("other"),
                3,
                START,
                START,
                START.plusSeconds(60),
                Duration.ofMinutes(1),
                null,
                Payload.EMPTY);
        assertThat(snapshot(updated(created(), others)).session()).isEqualTo(FIRST);
    }

    @Test
    @DisplayName("a later format is told apart from damage")
    void newerFormat() {
        byte[] file = full();
        file[11] = 2;
        assertThat(read(file)).isEqualTo(Unreadable.NEWER_FORMAT);
    }

    @Test
    @DisplayName("the bytes of version 1 stay what they are")
    void golden() {
        StoredSession session = new StoredSession(
                KEY,
                1,
                Instant.ofEpochMilli(1),
                Instant.ofEpochMilli(2),
                Instant.ofEpochMilli(3),
                Duration.ofMillis(4),
                "p",
                Payload.wrap(new byte[] {5}));
        byte[] file = touched(TestSessions.file(session), START, StoredSession.NEVER);
        assertThat(HexFormat.of().formatHex(file))
                .isEqualTo(
                        "484f4c44464153540000000100000100a56145270ce6b3bebd1dd012b73948677dd618d496488bc608a3cb43ce3547dd"
                                + "0000000000000000000000008ffa6dd9"
                                + "0000000000000001000001a1fdfa46007fffffffffffffff00000000533defc5"
                                + "0000000000000000000000000000000000000000000000000000000000000000"
                                + "ae2ecab963de54da000000010000000100000000000000010000000000000001000000000000000200000000000000030000000000000004"
                                + "7005");
    }
}
