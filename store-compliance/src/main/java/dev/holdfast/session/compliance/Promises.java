package dev.holdfast.session.compliance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoredSession;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;

/** What the groups of the exam share: two instances on one backend, as two nodes have, and words to speak of them. */
abstract class Promises {

    private final SessionStoreExam exam;

    ExamRoom room;
    ExamTime time;
    SessionStore nodeA;
    SessionStore nodeB;

    Promises(SessionStoreExam exam) {
        this.exam = exam;
    }

    @BeforeEach
    final void enter() {
        room = exam.room();
        time = room.time;
        nodeA = room.open();
        nodeB = room.open();
    }

    final SessionStore node(int number) {
        return number % 2 == 0 ? nodeA : nodeB;
    }

    final Draft draft() {
        return new Draft(time.now());
    }

    /** Returns a draft that expires after {@link ExamTime#brief}. */
    final Draft briefDraft() {
        return draft().expires(time.in(time.brief()));
    }

    /** Creates the record, which must succeed, and returns it. */
    final StoredSession create(Draft draft) {
        StoredSession session = draft.make();
        assertThat(nodeA.create(session)).as("create on an absent key").isTrue();
        return session;
    }

    /** Creates a record and lets it expire. */
    final StoredSession createExpired() {
        StoredSession session = create(briefDraft());
        time.reach(session.expiresAt());
        return session;
    }

    /** Creates a record and deletes it. */
    final StoredSession createDeleted() {
        StoredSession session = create(draft());
        assertThat(nodeA.delete(session.key())).as("delete of a live record").isTrue();
        return session;
    }

    final StoredSession load(SessionKey key) {
        return loadFrom(nodeA, key, "the record");
    }

    /** Repeats a round at least so many times, and more often while the race time lasts. */
    final void repeat(int atLeast, Race.Round round) throws Exception {
        long end = System.nanoTime() + room.subject.raceTime.toNanos();
        for (int i = 0; i < atLeast || System.nanoTime() < end; i++) {
            round.run(i);
        }
    }

    static StoredSession loadFrom(SessionStore store, SessionKey key, String what) {
        Optional<StoredSession> loaded = store.load(key);
        assertThat(loaded).as("%s, loaded", what).isPresent();
        return loaded.orElseThrow();
    }

    /** Asserts that a record is as expected in every part, and says which part is not. */
    static void assertSame(StoredSession actual, StoredSession expected, String what) {
        assertThat(actual.key()).as("key of %s", what).isEqualTo(expected.key());
        assertThat(actual.createdAt()).as("createdAt of %s", what).isEqualTo(expected.createdAt());
        assertThat(actual.lastAccessedAt()).as("lastAccessedAt of %s", what).isEqualTo(expected.lastAccessedAt());
        assertThat(actual.expiresAt()).as("expiresAt of %s", what).isEqualTo(expected.expiresAt());
        assertThat(actual.idleTimeout()).as("idleTimeout of %s", what).isEqualTo(expected.idleTimeout());
        assertThat(actual.principal()).as("principal of %s", what).isEqualTo(expected.principal());
        byte[] bytes = actual.payload().toByteArray();
        byte[] expectedBytes = expected.payload().toByteArray();
        assertThat(bytes.length).as("payload size of %s", what).isEqualTo(expectedBytes.length);
        assertThat(Arrays.mismatch(bytes, expectedBytes))
                .as("index of the first wrong payload byte of %s, or -1", what)
                .isEqualTo(-1);
        assertThat(actual.version()).as("version of %s", what).isEqualTo(expected.version());
    }

    /** Asserts that a store loads exactly this record. */
    static void assertHolds(SessionStore store, StoredSession expected, String what) {
        assertSame(loadFrom(store, expected.key(), what), expected, what);
    }

    final void assertHolds(StoredSession expected, String what) {
        assertHolds(nodeA, expected, what);
    }

    /** Returns whether load or touch finds no record; for promises on times, which leave it to others how each verb says so. */
    final boolean isGone(StoredSession session) {
        return nodeA.load(session.key()).isEmpty()
                || !nodeA.touch(session.key(), session.lastAccessedAt(), session.expiresAt());
    }

    final void assertAbsent(SessionKey key, String what) {
        assertThat(nodeA.load(key)).as("%s, loaded", what).isEmpty();
    }
}
