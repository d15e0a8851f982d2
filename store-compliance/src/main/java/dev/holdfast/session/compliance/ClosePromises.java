package dev.holdfast.session.compliance;

import static dev.holdfast.session.spi.UpdateOutcome.APPLIED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.SessionStoreException;
import dev.holdfast.session.spi.StoredSession;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** F5: a close ends what the store opened, and no more. */
abstract class ClosePromises extends Promises {

    ClosePromises(SessionStoreExam exam) {
        super(exam);
    }

    @Test
    @DisplayName("F5: after close every verb throws IllegalStateException")
    final void f5UseAfterClose() {
        StoredSession live = create(draft());
        StoredSession absent = draft().make();
        List<Verb> verbs = Verb.of(nodeA);
        nodeA.close();
        for (Verb verb : verbs) {
            assertThatThrownBy(() -> verb.call().on(live, absent))
                    .as("%s after close", verb.name())
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    @DisplayName("F5: close is idempotent, also for several threads at once")
    final void f5CloseIsIdempotent() {
        nodeA.close();
        assertThatCode(nodeA::close).as("a second close").doesNotThrowAnyException();
        try (Race race = new Race(4)) {
            race.run(number -> {
                nodeB.close();
                return number;
            });
        }
        assertThatCode(nodeB::close).as("a close after simultaneous ones").doesNotThrowAnyException();
    }

    @Test
    @DisplayName("F5: an unused store closes")
    final void f5UnusedCloses() {
        assertThatCode(() -> room.open().close()).as("close of an unused store").doesNotThrowAnyException();
    }

    @Test
    @DisplayName("F5: a close leaves the other instances and their records alone")
    final void f5OthersGoOn() {
        StoredSession session = create(draft());
        nodeA.close();
        assertHolds(nodeB, session, "a record after the close of the instance that created it");
        assertThat(nodeB.update(session, 1))
                .as("update after the close of another instance")
                .isEqualTo(APPLIED);
        SessionStore late = room.open();
        assertHolds(late, session.withVersion(2), "a record on an instance opened after another's close");
        nodeB.close();
        assertHolds(late, session.withVersion(2), "a record on the last open instance");
    }

    @Test
    @DisplayName("F5: each of 20 instances that were used frees all it opened")
    final void f5NothingIsLeft() {
        StoredSession session = create(draft());
        Leaks leaks = new Leaks(room.subject);
        for (int i = 0; i < 20; i++) {
            try (SessionStore store = room.open()) {
                StoredSession absent = draft().make();
                for (Verb verb : Verb.of(store)) {
                    if (!verb.name().equals("delete")) {
                        verb.call().on(store.load(session.key()).orElseThrow(), absent);
                    }
                }
            }
        }
        leaks.assertNone();
    }

    @Test
    @DisplayName("F5: what the store was handed it leaves open")
    final void f5LeavesWhatItWasHanded() {
        assumeFalse(room.subject.handedIn.isEmpty(), "StoreUnderTest declares nothing that the store is handed");
        create(draft());
        nodeA.close();
        nodeB.close();
        for (StoreUnderTest.HandedIn handed : room.subject.handedIn) {
            assertThat(handed.usable().getAsBoolean())
                    .as("%s works after close", handed.name())
                    .isTrue();
        }
    }

    @Test
    @Tag("race")
    @DisplayName("F5: a close that meets verbs lets them finish or refuses them, and answers nothing wrong")
    final void f5CloseMeetsVerbs() {
        StoredSession session = create(draft());
        CountDownLatch busy = new CountDownLatch(3);
        try (Race race = new Race(4)) {
            race.run(number -> {
                if (number == 0) {
                    busy.await();
                    nodeA.close();
                    return number;
                }
                long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
                while (System.nanoTime() < end) {
                    try {
                        assertThat(nodeA.load(session.key()))
                                .as("a live record during close")
                                .isPresent();
                        assertThat(nodeA.touch(session.key(), session.lastAccessedAt(), session.expiresAt()))
                                .as("touch of a live record during close")
                                .isTrue();
                    } catch (IllegalStateException e) {
                        return number;
                    } catch (SessionStoreException e) {
                        // the backend's connection went away under the verb: the next one must be refused
                    }
                    busy.countDown();
                }
                throw new AssertionError("verbs go on after close");
            });
        }
        assertHolds(nodeB, session, "a record that was in use during close");
    }
}
