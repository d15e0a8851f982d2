package dev.holdfast.session.compliance;

import static dev.holdfast.session.spi.UpdateOutcome.APPLIED;
import static dev.holdfast.session.spi.UpdateOutcome.CONFLICT;
import static dev.holdfast.session.spi.UpdateOutcome.GONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** U4 to U6: updates that meet one another, and deletes. */
@Tag("race")
abstract class UpdateRacePromises extends Promises {

    private static final int LEAST_INCREMENTS = 20;

    UpdateRacePromises(SessionStoreExam exam) {
        super(exam);
    }

    @Test
    @DisplayName("U4: compare-and-set loops of 8 threads on each of 2 instances lose no increment")
    final void u4CounterLosesNothing() {
        StoredSession counter = create(draft().payload("0"));
        long acknowledged;
        try (Race race = new Race(16)) {
            long end = System.nanoTime() + room.subject.raceTime.toNanos();
            acknowledged = race.run(number -> increment(node(number), counter.key(), end)).stream()
                    .mapToLong(Integer::longValue)
                    .sum();
        }
        StoredSession result = load(counter.key());
        assertThat(count(result))
                .as("the counter after %s acknowledged increments", acknowledged)
                .isEqualTo(acknowledged);
        assertThat(result.version())
                .as("the version after %s updates", acknowledged)
                .isEqualTo(acknowledged + 1);
    }

    private static int increment(SessionStore store, SessionKey key, long end) {
        int done = 0;
        while (done < LEAST_INCREMENTS || System.nanoTime() < end) {
            StoredSession current = loadFrom(store, key, "the counter");
            StoredSession next =
                    Draft.of(current).payload(Long.toString(count(current) + 1)).make();
            UpdateOutcome outcome = store.update(next, current.version());
            assertThat(outcome).as("update of the counter").isNotEqualTo(GONE);
            if (outcome == APPLIED) {
                done++;
            }
        }
        return done;
    }

    static long count(StoredSession counter) {
        return Long.parseLong(new String(counter.payload().toByteArray(), StandardCharsets.US_ASCII));
    }

    @Test
    @DisplayName("U5: what a delete has removed no load returns, whatever updates and touches were in flight")
    final void u5NothingComesBackAfterDelete() throws Exception {
        try (Race race = new Race(6)) {
            repeat(12, round -> {
                StoredSession session = create(draft());
                AtomicBoolean deleted = new AtomicBoolean();
                CountDownLatch writing = new CountDownLatch(2);
                race.run(number -> switch (number) {
                    case 0 -> delete(session, deleted, writing);
                    case 1, 2 -> keepUpdating(node(number), session, deleted, writing);
                    case 3 -> keepTouching(node(number), session, deleted);
                    default -> keepLoading(node(number), session, deleted);
                });
                for (SessionStore node : List.of(nodeA, nodeB)) {
                    assertThat(node.load(session.key()))
                            .as("a session whose delete was acknowledged")
                            .isEmpty();
                    assertThat(node.update(session, 1))
                            .as("update after the delete")
                            .isEqualTo(GONE);
                    assertThat(node.touch(session.key(), session.lastAccessedAt(), session.expiresAt()))
                            .as("touch after the delete")
                            .isFalse();
                }
            });
        }
    }

    private boolean delete(StoredSession session, AtomicBoolean deleted, CountDownLatch writing)
            throws InterruptedException {
        assertThat(writing.await(10, TimeUnit.SECONDS))
                .as("two writers are at work")
                .isTrue();
        assertThat(nodeB.delete(session.key())).as("delete of a live record").isTrue();
        deleted.set(true);
        return true;
    }

    private static boolean keepUpdating(
            SessionStore store, StoredSession session, AtomicBoolean deleted, CountDownLatch writing) {
        long version = 1;
        boolean signalled = false;
        boolean late;
        do {
            late = deleted.get();
            UpdateOutcome outcome = store.update(session, version);
            if (late) {
                assertThat(outcome).as("an update begun after the delete").isEqualTo(GONE);
            }
            breathe();
            if (!signalled) {
                writing.countDown();
                signalled = true;
            }
            version = store.load(session.key()).map(StoredSession::version).orElse(version);
        } while (!late);
        return true;
    }

    private static boolean keepTouching(SessionStore store, StoredSession session, AtomicBoolean deleted) {
        boolean late;
        do {
            late = deleted.get();
            boolean touched = store.touch(session.key(), session.lastAccessedAt(), session.expiresAt());
            if (late) {
                assertThat(touched).as("a touch begun after the delete").isFalse();
            }
            breathe();
        } while (!late);
        return true;
    }

    /** Leaves the processors, of which there may be two, to the other threads of the race. */
    private static void breathe() {
        LockSupport.parkNanos(1_000);
    }

    private static boolean keepLoading(SessionStore store, StoredSession session, AtomicBoolean deleted) {
        boolean late;
        do {
            late = deleted.get();
            boolean there = store.load(session.key()).isPresent();
            breathe();
            assertThat(there && late)
                    .as("a load begun after the delete finds the record")
                    .isFalse();
        } while (!late);
        return true;
    }

    @Test
    @DisplayName("U6: of 16 updates on 2 instances that expect one version exactly one is applied")
    final void u6OneUpdateIsApplied() throws Exception {
        StoredSession session = create(draft());
        try (Race race = new Race(16)) {
            repeat(15, round -> {
                long version = round + 1L;
                List<UpdateOutcome> outcomes = race.run(number -> node(number)
                        .update(Draft.of(session).payload("writer " + number).make(), version));
                assertThat(outcomes)
                        .as("outcomes of updates of version %s", version)
                        .containsOnlyOnce(APPLIED);
                assertThat(outcomes).containsOnly(APPLIED, CONFLICT);
                assertHolds(
                        Draft.of(session)
                                .payload("writer " + outcomes.indexOf(APPLIED))
                                .make()
                                .withVersion(version + 1),
                        "the record of the update that was applied");
            });
        }
    }

    @Test
    @DisplayName("U6: an update that meets a delete comes before it, or finds the session gone")
    final void u6UpdateMeetsDelete() throws Exception {
        try (Race race = new Race(8)) {
            repeat(15, round -> {
                StoredSession session = create(draft());
                List<Object> answers = race.run(number -> number == 3
                        ? (Object) node(round).delete(session.key())
                        : node(number).update(session, 1));
                assertThat(Collections.frequency(answers, APPLIED))
                        .as("updates applied")
                        .isLessThanOrEqualTo(1);
                assertAbsent(session.key(), "a session that was deleted while it was updated");
            });
        }
    }
}
