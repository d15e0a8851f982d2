package dev.holdfast.session.compliance;

import static dev.holdfast.session.spi.UpdateOutcome.APPLIED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.spi.OutcomeUnknownException;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.SessionStoreException;
import dev.holdfast.session.spi.StoreUnavailableException;
import dev.holdfast.session.spi.StoredSession;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** F6: an interrupt is its thread's own affair. */
abstract class InterruptPromises extends Promises {

    InterruptPromises(SessionStoreExam exam) {
        super(exam);
    }

    @AfterEach
    final void clearInterrupt() {
        Thread.interrupted();
    }

    @Test
    @DisplayName(
            "F6: a verb called by an interrupted thread answers rightly or fails by its type, and keeps the interrupt")
    final void f6InterruptIsKept() {
        for (Verb verb : Verb.of(nodeA)) {
            StoredSession live = create(draft());
            StoredSession absent = draft().make();
            Thread.currentThread().interrupt();
            boolean kept;
            try {
                verb.call().on(live, absent);
            } catch (SessionStoreException e) {
                // the verb may refuse to work for an interrupted thread
            } finally {
                kept = Thread.interrupted();
            }
            assertThat(kept)
                    .as("the thread is still interrupted after %s", verb.name())
                    .isTrue();
            for (SessionStore node : List.of(nodeA, nodeB)) {
                node.load(live.key())
                        .ifPresent(record -> assertSame(
                                record,
                                live.withVersion(record.version()),
                                "a record after an interrupted " + verb.name()));
            }
        }
    }

    @Test
    @DisplayName("F6: after an interrupted verb the same instance serves other threads")
    final void f6InstanceGoesOn() {
        StoredSession session = create(draft());
        for (int i = 0; i < 20; i++) {
            Thread.currentThread().interrupt();
            try {
                nodeA.load(session.key());
                nodeA.touch(session.key(), session.lastAccessedAt(), session.expiresAt());
            } catch (SessionStoreException e) {
                // the verb may refuse to work for an interrupted thread
            } finally {
                Thread.interrupted();
            }
            assertHolds(session, "a record after interrupted verbs");
        }
    }

    @Test
    @Tag("race")
    @DisplayName("F6: a storm of interrupts loses nothing, and disturbs no other thread")
    final void f6StormDisturbsNoOther() {
        List<StoredSession> counters = IntStream.range(0, 4)
                .mapToObj(i -> create(draft().payload("0")))
                .toList();
        AtomicReferenceArray<Thread> victims = new AtomicReferenceArray<>(2);
        CountDownLatch ready = new CountDownLatch(2);
        List<Tally> tallies;
        try (Race race = new Race(5)) {
            long end = System.nanoTime() + 2 * room.subject.raceTime.toNanos();
            tallies = race.run(number -> {
                if (number == 4) {
                    ready.await();
                    while (System.nanoTime() < end) {
                        LockSupport.parkNanos(30_000);
                        victims.get(0).interrupt();
                        victims.get(1).interrupt();
                    }
                    return new Tally();
                }
                if (number < 2) {
                    victims.set(number, Thread.currentThread());
                    ready.countDown();
                }
                return increment(node(number / 2), counters.get(number), number < 2, end);
            });
        }
        for (int number = 0; number < 4; number++) {
            Tally tally = tallies.get(number);
            long stored = UpdateRacePromises.count(load(counters.get(number).key()));
            assertThat(stored)
                    .as(
                            "counter of an %s thread, after %s acknowledged and %s unknown increments",
                            number < 2 ? "interrupted" : "undisturbed", tally.acknowledged, tally.unknown)
                    .isBetween(tally.acknowledged, tally.acknowledged + tally.unknown);
            assertThat(tally.acknowledged).as("increments of thread %s", number).isPositive();
        }
    }

    private static Tally increment(SessionStore store, StoredSession counter, boolean interrupted, long end) {
        Tally tally = new Tally();
        while (System.nanoTime() < end || tally.acknowledged == 0) {
            try {
                StoredSession current = loadFrom(store, counter.key(), "the counter of one thread");
                long next = UpdateRacePromises.count(current) + 1;
                StoredSession update =
                        Draft.of(counter).payload(Long.toString(next)).make();
                assertThat(store.update(update, current.version()))
                        .as("update of a counter that only one thread writes")
                        .isEqualTo(APPLIED);
                tally.acknowledged++;
            } catch (StoreUnavailableException | OutcomeUnknownException e) {
                if (!interrupted) {
                    throw new AssertionError("a thread was disturbed by the interrupts of others", e);
                }
                tally.unknown += e instanceof OutcomeUnknownException ? 1 : 0;
                Thread.interrupted();
            }
        }
        Thread.interrupted();
        return tally;
    }

    /** What one thread knows of its counter. */
    private static final class Tally {
        long acknowledged;
        long unknown;
    }
}
