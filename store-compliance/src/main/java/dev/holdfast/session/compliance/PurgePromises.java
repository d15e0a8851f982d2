package dev.holdfast.session.compliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.session.spi.StoredSession;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** P1 to P5: a purge removes what has expired, and nothing else. */
abstract class PurgePromises extends Promises {

    PurgePromises(SessionStoreExam exam) {
        super(exam);
    }

    private void assumePurges() {
        assumeFalse(room.subject.expiresByItself, "the engine expires by itself, so a purge answers 0 (see P5)");
    }

    private List<StoredSession> createAll(int count, Instant expiry) {
        return IntStream.range(0, count)
                .mapToObj(i -> create(draft().expires(expiry)))
                .toList();
    }

    @Test
    @DisplayName("P1: a purge removes at most its limit, and answers how many")
    final void p1AtMostTheLimit() {
        assumePurges();
        assertThat(nodeA.purgeExpired(5)).as("purged from an empty backend").isZero();
        Instant expiry = time.in(time.brief());
        createAll(10, expiry);
        time.reach(expiry);
        assertThat(nodeA.purgeExpired(3)).as("purged of 10, limit 3").isEqualTo(3);
        assertThat(nodeB.purgeExpired(1)).as("purged of 7, limit 1").isEqualTo(1);
        assertThat(nodeA.purgeExpired(6)).as("purged of 6, limit 6").isEqualTo(6);
        assertThat(nodeA.purgeExpired(Integer.MAX_VALUE)).as("purged of none").isZero();
    }

    @Test
    @DisplayName("P1: a purge finds what a touch or an update made expire sooner")
    final void p1FindsShortened() {
        assumePurges();
        Instant expiry = time.in(time.brief());
        StoredSession touched = create(draft());
        StoredSession updated = create(draft().expires(time.in(Duration.ofDays(1))));
        nodeA.touch(touched.key(), touched.lastAccessedAt(), expiry);
        nodeA.update(Draft.of(updated).expires(expiry).make(), 1);
        time.reach(expiry);
        assertThat(nodeB.purgeExpired(10)).as("purged of 2 that were shortened").isEqualTo(2);
    }

    @Test
    @DisplayName("P1: a limit below 1 is an IllegalArgumentException")
    final void p1LimitIsPositive() {
        for (int limit : new int[] {0, -1, Integer.MIN_VALUE}) {
            assertThatThrownBy(() -> nodeA.purgeExpired(limit))
                    .as("purge with limit %s", limit)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    @DisplayName("P2: a purge leaves live records, also those that were extended in time")
    final void p2LeavesLiveRecords() {
        Instant expiry = time.in(time.brief());
        Instant later = expiry.plus(Duration.ofHours(1));
        StoredSession live = create(draft());
        StoredSession touched = create(draft().expires(expiry));
        StoredSession updated = create(draft().expires(expiry));
        nodeA.touch(touched.key(), touched.lastAccessedAt(), later);
        nodeA.update(Draft.of(updated).expires(later).make(), 1);
        StoredSession last = create(draft().expires(expiry.plusSeconds(1)));
        time.justBefore(expiry);
        assertThat(nodeA.purgeExpired(10))
                .as("purged just before the first expiry")
                .isZero();
        time.reach(expiry);
        assertThat(nodeB.purgeExpired(10))
                .as("purged of what was extended in time")
                .isZero();
        assertHolds(live, "a live record after a purge");
        assertHolds(touched.withAccess(touched.lastAccessedAt(), later), "a touched record after a purge");
        assertHolds(Draft.of(updated).expires(later).make().withVersion(2), "an updated record after a purge");
        if (time.isSetByExam()) {
            assertHolds(last, "a record that expires a second after the purge");
        }
    }

    @Test
    @Tag("race")
    @DisplayName("P2: a touch that was acknowledged wins against a purge")
    final void p2TouchWins() throws Exception {
        assumePurges();
        int sessions = 64;
        try (Race race = new Race(4)) {
            repeat(time.isSetByExam() ? 8 : 2, round -> {
                Instant expiry = time.in(time.brief());
                Instant later = expiry.plus(Duration.ofHours(1));
                List<StoredSession> all = createAll(sessions, expiry);
                time.justBefore(expiry);
                boolean[] touched = new boolean[sessions];
                race.run(number -> {
                    if (number == 0) {
                        time.reach(expiry);
                    }
                    if (number < 2) {
                        int purged = 0;
                        for (int i = 0; i < sessions; i++) {
                            purged += node(number).purgeExpired(3);
                        }
                        return purged;
                    }
                    for (int i = number - 2; i < sessions; i += 2) {
                        touched[i] = node(number).touch(all.get(i).key(), expiry, later);
                    }
                    return 0;
                });
                for (int i = 0; i < sessions; i++) {
                    assertThat(nodeA.load(all.get(i).key()).isPresent() || !touched[i])
                            .as("session %s, whose touch was acknowledged, lives after the purge", i)
                            .isTrue();
                }
                nodeA.purgeExpired(2 * sessions);
            });
        }
    }

    @Test
    @Tag("race")
    @DisplayName("P2: a record created over an expired one survives a purge that meets it")
    final void p2CreateWins() throws Exception {
        assumePurges();
        int sessions = 64;
        try (Race race = new Race(4)) {
            repeat(time.isSetByExam() ? 8 : 2, round -> {
                Instant expiry = time.in(time.brief());
                List<StoredSession> old = createAll(sessions, expiry);
                time.reach(expiry);
                race.run(number -> {
                    for (int i = number / 2; i < sessions; i += 2) {
                        if (number % 2 == 0) {
                            node(number / 2).purgeExpired(2);
                        } else {
                            StoredSession young = draft().key(old.get(i).key()).make();
                            assertThat(node(number / 2).create(young))
                                    .as("create over an expired record during a purge")
                                    .isTrue();
                        }
                    }
                    return number;
                });
                for (StoredSession session : old) {
                    assertThat(nodeA.load(session.key()))
                            .as("a record created over an expired one, after the purge")
                            .isPresent();
                    nodeA.delete(session.key());
                }
            });
        }
    }

    @Test
    @Tag("race")
    @DisplayName("P3: purgers on several nodes count each record once, and none is left")
    final void p3NoneCountedTwice() throws Exception {
        assumePurges();
        int sessions = 200;
        try (Race race = new Race(4)) {
            repeat(time.isSetByExam() ? 5 : 1, round -> {
                Instant expiry = time.in(time.brief());
                createAll(sessions, expiry);
                time.reach(expiry);
                List<Integer> counts = race.run(number -> {
                    int purged = 0;
                    for (int idle = 0; idle < 3; ) {
                        int removed = node(number).purgeExpired(7);
                        idle = removed == 0 ? idle + 1 : 0;
                        purged += removed;
                    }
                    return purged;
                });
                int late = nodeA.purgeExpired(sessions);
                assertThat(counts.stream().mapToInt(Integer::intValue).sum() + late)
                        .as("records purged by 4 purgers, of %s", sessions)
                        .isEqualTo(sessions);
            });
        }
    }

    @Test
    @Tag("race")
    @DisplayName("P4: the cost of a purge does not follow the number of live records")
    final void p4CostFollowsTheExpired() {
        assumePurges();
        String lookingAtAll = room.subject.purgeLooksAtAll;
        assumeTrue(lookingAtAll == null, () -> "declared: a purge looks at all records, since " + lookingAtAll);
        int few = 60;
        int many = 50 * few;
        createAll(few, time.in(Duration.ofDays(1)));
        long withFew = quickestPurge();
        createAll(many - few, time.in(Duration.ofDays(1)));
        long withMany = quickestPurge();
        long allowed = 8 * withFew + Duration.ofMillis(2).toNanos();
        assertThat(withMany)
                .as(
                        "nanoseconds of a purge beside %s live records; beside %s it took %s, which allows %s",
                        many, few, withFew, allowed)
                .isLessThan(allowed);
    }

    private long quickestPurge() {
        long quickest = Long.MAX_VALUE;
        for (int i = 0; i < 15; i++) {
            long start = System.nanoTime();
            nodeA.purgeExpired(100);
            quickest = Math.min(quickest, System.nanoTime() - start);
        }
        return quickest;
    }

    @Test
    @DisplayName("P5: an engine that expires by itself answers 0")
    final void p5AnswersZero() {
        assumeTrue(room.subject.expiresByItself, "the engine does not expire by itself, so a purge counts (see P1)");
        StoredSession live = create(draft());
        createExpired();
        assertThat(nodeA.purgeExpired(10))
                .as("purged by an engine that expires by itself")
                .isZero();
        assertHolds(live, "a live record after a purge");
    }
}
