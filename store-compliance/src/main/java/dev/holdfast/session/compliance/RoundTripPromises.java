package dev.holdfast.session.compliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.session.spi.Payload;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** L1: what was stored comes back whole; S05: under its own key only. */
abstract class RoundTripPromises extends Promises {

    private static final int MEBIBYTE = 1 << 20;

    /** Principals that a text column, a collation, a normalisation or a careless trim would change or confuse. */
    static final List<String> PRINCIPALS = List.of(
            "",
            " ",
            "alice",
            "Alice",
            "ALICE",
            "alice ",
            " alice",
            "alic",
            "alice\u0000",
            "a%",
            "a_",
            "*",
            "?",
            "a*[b]",
            "o'brien\"\\;--",
            "{alice}",
            "a:b/c?d#e\n\r\t",
            "null",
            "stra\u00dfe",
            "strasse",
            "caf\u00e9",
            "cafe\u0301",
            "\ufb01sh",
            "fish",
            "\u0130stanbul",
            "istanbul",
            "\u05d0\u05d1\u05d2 \u0639\u0644\u064a",
            "\u202eevil",
            "\ufeffbom",
            "\uffff",
            "\u7528\u6237",
            "\ud83d\ude00",
            "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67",
            "\ud840\udc00\udbff\udfff",
            "x".repeat(StoredSession.MAX_PRINCIPAL_BYTES),
            "\ud83d\ude00".repeat(StoredSession.MAX_PRINCIPAL_BYTES / 4));

    RoundTripPromises(SessionStoreExam exam) {
        super(exam);
    }

    private int limit() {
        return room.subject.maxPayloadBytes < 0 ? Integer.MAX_VALUE : room.subject.maxPayloadBytes;
    }

    @Test
    @DisplayName("L1: every byte value comes back, NUL and all")
    final void l1EveryByteValue() {
        List<byte[]> payloads = new ArrayList<>();
        byte[] all = new byte[256];
        for (int value = 0; value < 256; value++) {
            all[value] = (byte) value;
            payloads.add(new byte[] {(byte) value});
            payloads.add(new byte[] {'a', (byte) value, (byte) value, 'z', (byte) value});
        }
        payloads.add(all);
        payloads.add(new byte[16]);
        payloads.add("  padded\r\n\u001a  ".getBytes(StandardCharsets.US_ASCII));
        payloads.add(new byte[] {(byte) 0xC0, (byte) 0x80, (byte) 0xED, (byte) 0xA0, (byte) 0x80, (byte) 0xFF});
        payloads.add(new byte[] {(byte) 0xAC, (byte) 0xED, 0, 5, 'p', 0x1F, (byte) 0x8B, 8, 0});
        for (byte[] payload : payloads) {
            StoredSession session = create(draft().payload(payload));
            assertHolds(session, "a payload of " + Arrays.toString(payload));
        }
    }

    @Test
    @DisplayName("L1: payloads of 0 B to 64 KiB come back whole, created or updated")
    final void l1PayloadSizes() {
        Random random = new Random(1);
        StoredSession updated = create(draft());
        for (int size : new int[] {0, 1, 2, 127, 128, 255, 256, 4095, 4096, 4097, 65535, 65536, 65537, 3, 0}) {
            if (size > limit()) {
                continue;
            }
            byte[] payload = new byte[size];
            random.nextBytes(payload);
            assertHolds(create(draft().payload(payload)), "a created payload of " + size + " B");
            StoredSession next = Draft.of(updated).payload(payload).make();
            assertThat(nodeA.update(next, updated.version())).isEqualTo(UpdateOutcome.APPLIED);
            updated = next.replacing(updated);
            assertHolds(updated, "a payload of " + size + " B, updated");
        }
    }

    @Test
    @DisplayName("L1: a payload of 1 MiB comes back whole")
    final void l1Mebibyte() {
        assumeTrue(limit() >= MEBIBYTE, () -> "the store is opened with a limit of " + limit() + " B");
        byte[] payload = new byte[MEBIBYTE];
        new Random(2).nextBytes(payload);
        assertHolds(create(draft().payload(payload)), "a payload of 1 MiB");
    }

    @Test
    @DisplayName("L1: every instant comes back to the millisecond")
    final void l1Instants() {
        for (long millis :
                new long[] {0, 1, 999, 1000, 1001, -1, -999, -1001, 1_774_742_399_999L, 253_402_300_800_123L}) {
            Instant instant = Instant.ofEpochMilli(millis);
            StoredSession session = create(draft().created(instant).accessed(instant));
            assertHolds(session, "a session of " + instant);
        }
        for (long millis = 1; millis < 1000; millis = 2 * millis + 1) {
            Instant instant = time.in(Duration.ofMinutes(5)).truncatedTo(ChronoUnit.SECONDS);
            StoredSession session = create(draft().expires(instant.plusMillis(millis))
                    .idle(Duration.ofMillis(millis))
                    .accessed(time.now().plusMillis(millis)));
            assertHolds(session, "a session with " + millis + " ms");
        }
    }

    @Test
    @DisplayName("L1: every idle timeout comes back, and none at all")
    final void l1IdleTimeouts() {
        for (Duration idle : List.of(
                Duration.ofMillis(1),
                Duration.ofMillis(1_800_001),
                Duration.ofDays(36_525),
                StoredSession.NO_IDLE_TIMEOUT.minusMillis(1),
                StoredSession.NO_IDLE_TIMEOUT)) {
            assertHolds(create(draft().idle(idle)), "a session with idle timeout " + idle);
        }
    }

    @Test
    @DisplayName("L1: any Unicode principal comes back, and none is not the empty one")
    final void l1Principals() {
        assertHolds(create(draft().principal(null)), "a session of nobody");
        StoredSession updated = create(draft());
        for (String principal : PRINCIPALS) {
            assertHolds(create(draft().principal(principal)), "a session of '" + principal + "'");
            StoredSession next = Draft.of(updated).principal(principal).make();
            assertThat(nodeA.update(next, updated.version())).isEqualTo(UpdateOutcome.APPLIED);
            updated = next.replacing(updated);
            assertHolds(updated, "a session updated to '" + principal + "'");
        }
    }

    @Test
    @DisplayName("L1: a caller's arrays are not the store's")
    final void l1ArraysAreNotShared() {
        byte[] mine = {1, 2, 3};
        StoredSession session = create(draft().payload(Payload.copyOf(mine)));
        StoredSession expected = Draft.of(session).make();
        Arrays.fill(mine, (byte) 9);
        Arrays.fill(load(session.key()).payload().toByteArray(), (byte) 9);
        Arrays.fill(session.key().toBytes(), (byte) 9);
        assertHolds(nodeA, expected, "a session whose arrays were overwritten");
        assertHolds(nodeB, expected, "a session whose arrays were overwritten");
    }

    @Test
    @DisplayName("S05: keys that differ in the case, the padding or a bit of a byte are different keys")
    final void s05EveryKeyIsItsOwn() {
        List<SessionKey> keys = new ArrayList<>();
        for (byte filler : new byte[] {'A', 'a', 0, ' ', (byte) 0xC9, (byte) 0xE9, 0x7F, (byte) 0x80, (byte) 0xFF}) {
            for (byte last : new byte[] {'A', 'a', 0, ' ', '\n', '%', '*', (byte) 0xFF}) {
                byte[] key = new byte[SessionKey.BYTES];
                Arrays.fill(key, filler);
                key[SessionKey.BYTES - 1] = last;
                keys.add(SessionKey.ofBytes(key));
            }
        }
        keys.add(SessionKey.ofBytes(Base64.getDecoder().decode("abcdefghijklmnopqrstuvwxyzabcdefghijklmnopE=")));
        keys.add(SessionKey.ofBytes(Base64.getDecoder().decode("ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPE=")));
        for (SessionKey key : keys) {
            StoredSession session = draft().key(key).payload(key.toString()).make();
            assertThat(nodeA.create(session))
                    .as("create under the new key %s", key)
                    .isTrue();
        }
        for (SessionKey key : keys) {
            assertThat(load(key).payload().toByteArray())
                    .as("payload under %s", key)
                    .isEqualTo(key.toString().getBytes(StandardCharsets.UTF_8));
            assertThat(load(key).key()).isEqualTo(key);
        }
        assertThat(nodeA.delete(keys.get(0))).isTrue();
        assertThat(keys).filteredOn(key -> nodeA.load(key).isEmpty()).containsExactly(keys.get(0));
    }
}
