package dev.holdfast.session.compliance;

import static dev.holdfast.session.spi.UpdateOutcome.APPLIED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** T1 to T5: a touch moves two times, forward, and nothing else. */
abstract class TouchPromises extends Promises {

    private static final int LEAST_WRITES = 60;

    TouchPromises(SessionStoreExam exam) {
        super(exam);
    }

    private static Instant access(StoredSession session, long seconds) {
        return session.lastAccessedAt().plusSeconds(seconds);
    }

    private static Instant expiry(StoredSession session, long seconds) {
        return session.expiresAt().plusSeconds(seconds);
    }

    @Test
    @DisplayName("T1: touch moves lastAccessedAt and expiresAt; all else stays, the version too")
    final void t1MovesTheTimes() {
        StoredSession session = create(draft().principal("owner").payload("payload"));
        assertThat(nodeA.update(session, 1)).isEqualTo(APPLIED);
        for (int i = 1; i <= 10; i++) {
            assertThat(node(i).touch(session.key(), access(session, i), expiry(session, i)))
                    .as("touch of a live record")
                    .isTrue();
            assertHolds(
                    session.withAccess(access(session, i), expiry(session, i)).withVersion(2), "a touched record");
        }
        assertThat(nodeA.update(session, 2))
                .as("update with the version before the touches")
                .isEqualTo(APPLIED);
    }

    @Test
    @DisplayName("T1: touch may bring the expiry nearer, and take it away")
    final void t1MayMoveExpiryAnywhere() {
        StoredSession session = create(draft());
        List<Instant> expiries = List.of(
                expiry(session, -600), expiry(session, 9_999_999), expiry(session, -900), expiry(session, 86_400));
        for (int i = 0; i < expiries.size(); i++) {
            assertThat(nodeA.touch(session.key(), access(session, i), expiries.get(i)))
                    .isTrue();
            assertHolds(session.withAccess(access(session, i), expiries.get(i)), "a record touched to another expiry");
        }
    }

    @Test
    @DisplayName("T1: touch cuts its times to the millisecond")
    final void t1CutsToMillis() {
        StoredSession session = create(draft());
        Instant access = access(session, 1);
        Instant expiry = expiry(session, 1);
        assertThat(nodeA.touch(session.key(), access.plusNanos(999_999), expiry.plusNanos(999_999)))
                .isTrue();
        assertHolds(session.withAccess(access, expiry), "a record touched with nanoseconds");
    }

    @Test
    @DisplayName("T2: an older touch answers true and changes nothing")
    final void t2OlderChangesNothing() {
        StoredSession session = create(draft());
        assertThat(nodeA.touch(session.key(), access(session, 10), expiry(session, 10)))
                .isTrue();
        StoredSession touched = session.withAccess(access(session, 10), expiry(session, 10));
        assertThat(nodeB.touch(session.key(), access(session, 9), expiry(session, 3600)))
                .as("touch that is one second late")
                .isTrue();
        assertHolds(touched, "a record after a late touch");
        assertThat(nodeB.touch(session.key(), access(session, -100_000), expiry(session, -1)))
                .as("touch that is a day late")
                .isTrue();
        assertHolds(touched, "a record after a touch a day late");
        assertThat(nodeA.touch(session.key(), access(session, 10), expiry(session, 20)))
                .as("touch with the stored lastAccessedAt")
                .isTrue();
        assertHolds(
                session.withAccess(access(session, 10), expiry(session, 20)),
                "a record touched again at the same time");
    }

    @Test
    @Tag("race")
    @DisplayName("T2: of racing touches the latest stays, and no load sees the time go back or a mixed pair")
    final void t2LatestOfRacingTouchesStays() throws Exception {
        try (Race race = new Race(8)) {
            repeat(8, round -> {
                StoredSession session = create(draft());
                race.run(number -> {
                    Instant seen = session.lastAccessedAt();
                    for (int i = 0; i < 10; i++) {
                        int seconds = 8 * (number < 4 ? i : 9 - i) + number;
                        node(number).touch(session.key(), access(session, seconds), expiry(session, seconds));
                        StoredSession loaded = loadFrom(node(number), session.key(), "a touched record");
                        assertThat(loaded.lastAccessedAt())
                                .as("lastAccessedAt, loaded later")
                                .isAfterOrEqualTo(seen);
                        assertThat(Duration.between(loaded.lastAccessedAt(), loaded.expiresAt()))
                                .as("from lastAccessedAt to expiresAt, of one touch")
                                .isEqualTo(Duration.between(session.lastAccessedAt(), session.expiresAt()));
                        seen = loaded.lastAccessedAt();
                    }
                    return number;
                });
                assertHolds(session.withAccess(access(session, 79), expiry(session, 79)), "a record touched in a race");
            });
        }
    }

    @Test
    @DisplayName("T3: touch of a session never created or deleted answers false and writes nothing")
    final void t3AbsentIsFalse() {
        for (StoredSession session : List.of(draft().make(), createDeleted())) {
            for (SessionStore node : List.of(nodeA, nodeB)) {
                assertThat(node.touch(session.key(), access(session, 1), expiry(session, 1)))
                        .as("touch of an absent session")
                        .isFalse();
                assertAbsent(session.key(), "a session that only a touch could have created");
            }
        }
    }

    @Test
    @DisplayName("T3: touch of an expired session answers false from its expiresAt on, and does not bring it back")
    final void t3ExpiredIsFalse() {
        Instant expiry = time.in(time.brief());
        StoredSession inTime = create(draft().expires(expiry));
        StoredSession late = create(draft().expires(expiry));
        StoredSession tooLate = create(draft().expires(expiry));
        Instant later = expiry.plus(Duration.ofHours(1));
        time.justBefore(expiry);
        assertThat(nodeA.touch(inTime.key(), time.now(), later))
                .as("touch just before expiresAt")
                .isTrue();
        time.reach(expiry);
        assertThat(nodeA.touch(late.key(), time.now(), later))
                .as("touch at expiresAt")
                .isFalse();
        assertThat(nodeA.load(late.key()).filter(loaded -> loaded.expiresAt().equals(later)))
                .as("what a late touch brought back")
                .isEmpty();
        assertThat(nodeA.load(inTime.key())).as("a session touched in time").isPresent();
        nodeA.purgeExpired(10);
        assertThat(nodeB.touch(tooLate.key(), time.now(), later))
                .as("touch of a purged session")
                .isFalse();
    }

    @Test
    @DisplayName("T4: an update that was loaded before a later touch keeps the touch's times and its own bytes")
    final void t4LateUpdateKeepsTheTouch() {
        StoredSession session = create(draft());
        assertThat(nodeA.touch(session.key(), access(session, 10), expiry(session, 10)))
                .isTrue();
        StoredSession update = Draft.of(session)
                .accessed(access(session, 5))
                .expires(expiry(session, 3600))
                .payload("new")
                .make();
        assertThat(nodeB.update(update, 1)).isEqualTo(APPLIED);
        StoredSession merged =
                update.withAccess(access(session, 10), expiry(session, 10)).withVersion(2);
        assertHolds(merged, "a record updated after a later touch");

        StoredSession equal = Draft.of(merged).expires(expiry(session, 1)).make();
        assertThat(nodeA.update(equal, 2)).isEqualTo(APPLIED);
        assertHolds(equal.withVersion(3), "a record updated at the time of the touch");
    }

    @Test
    @Tag("race")
    @DisplayName("T4: of racing touches and updates all bytes and the latest time survive")
    final void t4TouchesAndUpdatesBothSurvive() {
        StoredSession session = create(draft().payload("0"));
        AtomicLong touches = new AtomicLong();
        AtomicLong updates = new AtomicLong();
        try (Race race = new Race(2)) {
            race.run(number -> {
                while (touches.get() < LEAST_WRITES || updates.get() < LEAST_WRITES) {
                    if (number == 0) {
                        long seconds = touches.incrementAndGet();
                        assertThat(nodeA.touch(session.key(), access(session, seconds), expiry(session, seconds)))
                                .as("touch in a race with updates")
                                .isTrue();
                    } else if (incrementWithOldTimes(nodeB, session)) {
                        updates.incrementAndGet();
                    }
                }
                return number;
            });
        }
        StoredSession result = load(session.key());
        assertThat(UpdateRacePromises.count(result)).as("updates that survived").isEqualTo(updates.get());
        assertThat(result.lastAccessedAt()).as("the latest touch").isEqualTo(access(session, touches.get()));
        assertThat(result.expiresAt()).as("the latest touch's expiry").isEqualTo(expiry(session, touches.get()));
    }

    private static boolean incrementWithOldTimes(SessionStore store, StoredSession session) {
        StoredSession current = loadFrom(store, session.key(), "a touched and updated record");
        StoredSession next = Draft.of(session)
                .payload(Long.toString(UpdateRacePromises.count(current) + 1))
                .make();
        UpdateOutcome outcome = store.update(next, current.version());
        assertThat(outcome).as("update in a race with touches").isNotEqualTo(UpdateOutcome.GONE);
        return outcome == APPLIED;
    }

    @Test
    @Tag("hook")
    @DisplayName("T5: touch does not rewrite the payload")
    final void t5DoesNotRewriteThePayload() {
        LongSupplier written = ExamRoom.declared(room.subject.bytesWritten, "bytesWritten", "see what a touch sends");
        int size = 64 << 10;
        StoredSession session = create(draft().payload(new byte[size]));
        long before = written.getAsLong();
        int touches = 20;
        for (int i = 1; i <= touches; i++) {
            nodeA.touch(session.key(), access(session, i), expiry(session, i));
        }
        assertThat((written.getAsLong() - before) / touches)
                .as("bytes written by the touch of a session of %s bytes", size)
                .isLessThan(size / 8);
    }
}
