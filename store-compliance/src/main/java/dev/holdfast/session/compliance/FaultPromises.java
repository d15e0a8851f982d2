package dev.holdfast.session.compliance;

import static dev.holdfast.session.spi.UpdateOutcome.APPLIED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.session.spi.DeclaredConsistency;
import dev.holdfast.session.spi.DeclaredConsistency.Consistency;
import dev.holdfast.session.spi.OutcomeUnknownException;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.SessionStoreException;
import dev.holdfast.session.spi.StoreUnavailableException;
import dev.holdfast.session.spi.StoredSession;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** F1 to F3: what a failing backend looks like, and that it may come back. */
@Tag("hook")
abstract class FaultPromises extends Promises {

    private static final Duration SLACK = Duration.ofSeconds(1);

    FaultPromises(SessionStoreExam exam) {
        super(exam);
    }

    private List<Fault> faults(String use) {
        assumeTrue(
                !room.subject.faults.isEmpty(),
                () -> "StoreUnderTest declares no fault, which this test needs to " + use);
        return room.subject.faults;
    }

    @Test
    @DisplayName("F1: while the backend fails every verb says so by its type, within the budget")
    final void f1EveryVerbSaysSo() throws Throwable {
        for (Fault fault : faults("break the backend")) {
            if (fault.kind() != Fault.Kind.OUTAGE) {
                continue;
            }
            StoredSession live = create(draft());
            StoredSession absent = draft().make();
            fault.begin().execute();
            try {
                for (Verb verb : Verb.of(nodeA)) {
                    if (verb.talks()) {
                        assertFails(fault, verb, live, absent);
                    }
                }
            } finally {
                fault.end().execute();
            }
            assumeTrue(recovers(fault, () -> nodeA.load(live.key())) != null, "the store did not recover, see F3");
        }
    }

    private static void assertFails(Fault fault, Verb verb, StoredSession live, StoredSession absent) {
        String what = verb.name() + " while " + fault.name();
        long start = System.nanoTime();
        Throwable failure = catchThrowable(() -> verb.call().on(live, absent));
        Duration taken = Duration.ofNanos(System.nanoTime() - start);
        assertThat(failure).as(what + " must fail, not answer").isNotNull();
        if (verb.writes()) {
            assertThat(failure)
                    .as(what)
                    .isInstanceOfAny(StoreUnavailableException.class, OutcomeUnknownException.class);
        } else {
            assertThat(failure).as(what).isInstanceOf(StoreUnavailableException.class);
        }
        assertThat(taken).as("time of " + what).isLessThan(fault.budget().plus(SLACK));
    }

    @Test
    @DisplayName("F2: what is answered is true, what is unavailable was not applied, all else is typed as unknown")
    final void f2AnswersAreTrue() throws Throwable {
        for (Fault fault : faults("break the backend")) {
            StoredSession wanted = draft().make();
            StoredSession updated = create(draft());
            StoredSession touched = create(draft());
            StoredSession deleted = create(draft());
            StoredSession next = Draft.of(updated).payload("next").make();
            Instant access = touched.lastAccessedAt().plusSeconds(5);
            fault.begin().execute();
            Optional<Boolean> create;
            Optional<Boolean> update;
            Optional<Boolean> touch;
            Optional<Boolean> delete;
            try {
                create = applied("create", () -> nodeA.create(wanted));
                update = applied("update", () -> nodeA.update(next, 1) == APPLIED);
                touch = applied("touch", () -> nodeA.touch(touched.key(), access, touched.expiresAt()));
                delete = applied("delete", () -> nodeA.delete(deleted.key()));
            } finally {
                fault.end().execute();
            }
            assumeTrue(recovers(fault, () -> nodeA.load(wanted.key())) != null, "the store did not recover, see F3");
            assertApplied("create", fault, create, nodeB.load(wanted.key()).isPresent());
            // a record that got lost is no matter of these answers, but of F3
            nodeB.load(updated.key())
                    .ifPresent(record -> assertApplied("update", fault, update, record.version() == 2));
            nodeB.load(touched.key())
                    .ifPresent(record -> assertApplied(
                            "touch", fault, touch, record.lastAccessedAt().equals(access)));
            assertApplied("delete", fault, delete, nodeB.load(deleted.key()).isEmpty());
        }
    }

    /** Returns whether a write said that it was applied, and nothing if it said that it does not know. */
    private static Optional<Boolean> applied(String verb, Supplier<Boolean> write) {
        try {
            return Optional.of(write.get());
        } catch (StoreUnavailableException e) {
            return Optional.of(false);
        } catch (OutcomeUnknownException e) {
            return Optional.empty();
        } catch (RuntimeException e) {
            throw new AssertionError(verb + " failed without saying what is known", e);
        }
    }

    private static void assertApplied(String verb, Fault fault, Optional<Boolean> said, boolean applied) {
        said.ifPresent(answer -> assertThat(applied)
                .as("%s was applied while %s, where the store said %s", verb, fault.name(), answer)
                .isEqualTo(answer));
    }

    @Test
    @DisplayName("F3: when the backend is back the same instances work, and hold what they acknowledged")
    final void f3Recovers() throws Throwable {
        Consistency consistency =
                nodeA instanceof DeclaredConsistency declared ? declared.consistency() : Consistency.STRONG;
        for (Fault fault : faults("break the backend")) {
            StoredSession session = create(draft());
            fault.begin().execute();
            for (SessionStore node : List.of(nodeA, nodeB)) {
                var unused = catchThrowable(() -> node.load(session.key()));
            }
            fault.end().execute();
            for (SessionStore node : List.of(nodeA, nodeB)) {
                Optional<StoredSession> loaded = recovers(fault, () -> node.load(session.key()));
                assertThat(loaded)
                        .as("answer to a load within %s after %s ended", fault.recovery(), fault.name())
                        .isNotNull();
                if (consistency == Consistency.STRONG) {
                    assertThat(loaded)
                            .as("record acknowledged before %s", fault.name())
                            .contains(session);
                }
                StoredSession fresh = draft().make();
                assertThat(recovers(fault, () -> node.create(fresh)))
                        .as("create after %s", fault.name())
                        .isEqualTo(true);
                assertThat(recovers(fault, () -> node.update(fresh, 1)))
                        .as("update after %s", fault.name())
                        .isEqualTo(APPLIED);
                assertThat(recovers(fault, () -> node.delete(fresh.key())))
                        .as("delete after %s", fault.name())
                        .isEqualTo(true);
            }
        }
    }

    /** Calls until the store answers, and returns its answer, or null if it does not in time. */
    private static <T> @Nullable T recovers(Fault fault, Supplier<T> verb) {
        long end = System.nanoTime() + fault.recovery().toNanos();
        do {
            try {
                return verb.get();
            } catch (SessionStoreException e) {
                LockSupport.parkNanos(5_000_000);
            }
        } while (System.nanoTime() < end);
        return null;
    }
}
