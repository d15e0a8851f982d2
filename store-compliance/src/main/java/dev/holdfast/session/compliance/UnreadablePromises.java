package dev.holdfast.session.compliance;

import static dev.holdfast.session.spi.UpdateOutcome.GONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.spi.PrincipalIndex;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionScan;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UnreadableEvents;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** L4: a record that can't be read is absent, and in nobody's way. */
@Tag("hook")
abstract class UnreadablePromises extends Promises {

    private static final int MOST_OFFSETS = 400;

    private StoredBytes bytes;

    UnreadablePromises(SessionStoreExam exam) {
        super(exam);
    }

    @BeforeEach
    final void needHook() {
        bytes = ExamRoom.declared(room.subject.storedBytes, "storedBytes", "damage a record");
    }

    private StoredSession createDamaged(Draft draft) throws Exception {
        StoredSession session = create(draft);
        bytes.write(session.key(), "this was never a session\n".getBytes(StandardCharsets.US_ASCII));
        return session;
    }

    @Test
    @DisplayName("L4: a record cut at any length or with any bit flipped is absent, or still whole")
    final void l4NeverADifferentRecord() throws Exception {
        StoredSession session = create(draft().principal("owner").payload("payload of forty bytes, more or less"));
        byte[] whole = bytes.read(session.key());
        int step = Math.max(1, whole.length / MOST_OFFSETS);
        for (int offset = 0; offset < whole.length; offset += step) {
            byte[] flipped = whole.clone();
            flipped[offset] ^= (byte) (1 << offset % 8);
            assertAbsentOrWhole(session, flipped, "a record with a flipped bit in byte " + offset);
            assertAbsentOrWhole(session, Arrays.copyOf(whole, offset), "a record cut to " + offset + " bytes");
        }
        bytes.write(session.key(), whole);
        assertHolds(session, "a record whose bytes were put back");
    }

    private void assertAbsentOrWhole(StoredSession session, byte[] damaged, String what) throws Exception {
        bytes.write(session.key(), damaged);
        Optional<StoredSession> loaded;
        try {
            loaded = nodeA.load(session.key());
        } catch (RuntimeException e) {
            throw new AssertionError("load of " + what + " failed", e);
        }
        loaded.ifPresent(record -> assertSame(record, session, what));
    }

    @Test
    @DisplayName("L4: torn, empty and foreign bytes are absent for every verb")
    final void l4AbsentForEveryVerb() throws Exception {
        StoredSession sample = create(draft());
        int length = bytes.read(sample.key()).length;
        byte[] ones = new byte[length];
        Arrays.fill(ones, (byte) 0xFF);
        Map<String, byte[]> damages = new LinkedHashMap<>();
        damages.put("an empty record", new byte[0]);
        damages.put("a record of zeros", new byte[length]);
        damages.put("a record of ones", ones);
        damages.put("a foreign text", "{\"session\": \"of another program\"}".getBytes(StandardCharsets.US_ASCII));
        for (Map.Entry<String, byte[]> damage : damages.entrySet()) {
            StoredSession session = create(draft());
            bytes.write(session.key(), damage.getValue());
            assertAbsent(session.key(), damage.getKey());
            assertThat(nodeA.update(session, 1))
                    .as("update of %s", damage.getKey())
                    .isEqualTo(GONE);
            assertThat(nodeA.touch(session.key(), time.now(), session.expiresAt()))
                    .as("touch of %s", damage.getKey())
                    .isFalse();
            nodeA.delete(session.key());
            assertThat(nodeA.create(session))
                    .as("create after the delete of %s", damage.getKey())
                    .isTrue();
            assertHolds(session, "a record created after the delete of " + damage.getKey());
        }
    }

    @Test
    @DisplayName("L4: create replaces a record that can't be read")
    final void l4CreateReplaces() throws Exception {
        StoredSession session = createDamaged(draft());
        assertThat(nodeB.create(session)).as("create over an unreadable record").isTrue();
        assertHolds(session, "a record created over an unreadable one");
    }

    @Test
    @DisplayName("L4: a record that can't be read is reported once")
    final void l4ReportedOnce() throws Exception {
        UnreadableEvents events = ExamRoom.ability(UnreadableEvents.class, nodeA);
        List<SessionKey> reported = new CopyOnWriteArrayList<>();
        StoredSession whole = create(draft());
        StoredSession damaged = createDamaged(draft());
        try (var subscription = events.onUnreadable(reported::add)) {
            assertThat(subscription).isNotNull();
            for (int i = 0; i < 3; i++) {
                assertAbsent(damaged.key(), "an unreadable record");
                nodeA.load(whole.key());
            }
            assertThat(reported).as("records reported as unreadable").containsExactly(damaged.key());
        }
    }

    @Test
    @DisplayName("L4: a record that can't be read stops no purge")
    final void l4StopsNoPurge() throws Exception {
        Instant expiry = time.in(time.brief());
        List<StoredSession> expired = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            expired.add(create(draft().expires(expiry)));
            createDamaged(draft().expires(expiry));
        }
        StoredSession live = create(draft());
        time.reach(expiry);
        int purged = nodeA.purgeExpired(100);
        if (!room.subject.expiresByItself) {
            assertThat(purged)
                    .as("purged of 5 expired and 5 unreadable records")
                    .isBetween(5, 10);
        }
        for (StoredSession session : expired) {
            assertThat(isGone(session)).as("a record that was purged is gone").isTrue();
        }
        assertHolds(live, "a live record after a purge among unreadable ones");
    }

    @Test
    @DisplayName("L4: a record that can't be read stops no scan")
    final void l4StopsNoScan() throws Exception {
        SessionScan scan = ExamRoom.ability(SessionScan.class, nodeA);
        StoredSession first = create(draft());
        createDamaged(draft());
        StoredSession last = create(draft());
        try (Stream<StoredSession> sessions = scan.scan()) {
            assertThat(sessions.map(StoredSession::key))
                    .as("sessions scanned beside an unreadable one")
                    .containsExactlyInAnyOrder(first.key(), last.key());
        }
    }

    @Test
    @DisplayName("L4: a record that can't be read stops no look at its principal's sessions")
    final void l4StopsNoPrincipal() throws Exception {
        PrincipalIndex index = ExamRoom.ability(PrincipalIndex.class, nodeA);
        StoredSession first = create(draft().principal("owner"));
        createDamaged(draft().principal("owner"));
        assertThat(index.findByPrincipal("owner", null, 10))
                .as("sessions of a principal, one of them unreadable")
                .extracting(StoredSession::key)
                .containsExactly(first.key());
        assertThat(index.deleteByPrincipal("owner", null))
                .as("readable sessions deleted")
                .isEqualTo(1);
    }
}
