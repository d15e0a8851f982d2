package dev.holdfast.session.compliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.session.Concurrency;
import dev.holdfast.session.SaveOutcome;
import dev.holdfast.session.Session;
import dev.holdfast.session.SessionConflictException;
import dev.holdfast.session.SessionEndedException;
import dev.holdfast.session.spi.OutcomeUnknownException;
import dev.holdfast.session.spi.PrincipalIndex;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** M11, S14, S15, S16, S18: a new id at log-in, and no stale session is left. */
abstract class RotationRows extends Rows {

    RotationRows(SessionRows rows) {
        super(rows);
    }

    /** A process that dies: nobody catches it. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;

        Killed() {
            super("killed", null, false, false);
        }
    }

    @Test
    @DisplayName("S14: rotateId moves the session with its changes in two calls, and the old id is dead on all nodes")
    void rotate() {
        String old = stored("a", 1);
        Session session = nodeA.open(old);
        session.put("b", 2);
        storeA.calls();
        String current = session.rotateId().value();

        assertThat(storeA.calls()).containsExactly("create", "update");
        assertThat(current).isNotEqualTo(old);
        assertThat(nodeA.find(old)).isEmpty();
        assertThat(nodeB.find(old)).isEmpty();
        assertThat(nodeB.open(current).names()).containsExactlyInAnyOrder("a", "b");
        assertThat(session.save()).isEqualTo(SaveOutcome.UNCHANGED);
        session.put("c", 3);
        assertThat(session.save()).isEqualTo(SaveOutcome.UPDATED);
        assertThat(nodeB.open(current).createdAt()).isEqualTo(session.createdAt());
    }

    @Test
    @DisplayName("S16: a request that still holds the old id is told that the session is gone, and can't bring it back")
    void late_writers() {
        String old = stored("a", 1);
        clock.advance(Duration.ofMinutes(2));
        Session writer = nodeB.open(old);
        writer.put("b", 2);
        Session strict = nodeB.open(old, Concurrency.STRICT);
        strict.put("b", 2);
        Session reader = nodeB.open(old);
        Session rotator = nodeB.open(old);
        String current = nodeA.open(old).rotateId().value();
        clock.advance(Duration.ofMillis(1));

        assertThat(writer.save()).isEqualTo(SaveOutcome.GONE);
        assertThat(strict.save()).isEqualTo(SaveOutcome.GONE);
        assertThatThrownBy(rotator::rotateId).isInstanceOf(SessionEndedException.class);
        reader.save();
        assertThat(nodeB.find(old)).isEmpty();
        assertThat(nodeB.find(rotator.id().value())).isEmpty();
        assertThat(nodeA.open(current).names()).containsExactly("a");
    }

    @Test
    @DisplayName(
            "S15: a write that was acknowledged under the old id in the midst of rotateId is there under the new one")
    void acknowledged_write_in_between() {
        String old = stored("a", 1);
        Session parallel = nodeB.open(old);
        parallel.put("b", 2);
        Session session = nodeA.open(old);
        session.put("c", 3);
        storeA.before("update", () -> assertThat(parallel.save()).isEqualTo(SaveOutcome.UPDATED));
        String current = session.rotateId().value();

        assertThat(nodeB.open(current).names()).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(nodeB.find(old)).isEmpty();
    }

    @Test
    @DisplayName("S15: a node that dies in the midst of rotateId leaves the session whole under the old id")
    void killed_in_between() {
        String old = stored("a", 1);
        Session session = nodeA.open(old);
        session.put("b", 2);
        storeA.before("update", () -> {
            throw new Killed();
        });
        assertThatThrownBy(session::rotateId).isInstanceOf(Killed.class);

        assertThat(nodeB.open(old).names()).containsExactly("a");
        assertThat(nodeB.open(old).rotateId().value()).isNotEqualTo(old);
        assertThat(nodeA.find(old)).isEmpty();
    }

    @Test
    @DisplayName("S15: a log-out in the midst of rotateId wins: neither id leads anywhere")
    void ended_in_between() {
        String old = stored("a", 1);
        Session session = nodeA.open(old);
        storeA.before("update", () -> nodeB.open(old).invalidate());
        assertThatThrownBy(session::rotateId).isInstanceOf(SessionEndedException.class);

        assertThat(session.isEnded()).isTrue();
        assertThat(nodeB.find(old)).isEmpty();
        assertThat(nodeB.find(session.id().value())).isEmpty();
    }

    @Test
    @Tag("race")
    @DisplayName("S15: readers see a session that changes its id 10^4 times whole or not at all")
    void readers() {
        String first = stored("n", 0);
        AtomicReference<String> id = new AtomicReference<>(first);
        AtomicBoolean done = new AtomicBoolean();
        BooleanSupplier more = atMost(10_000, room.subject.rowTime);
        try (Race race = new Race(3, room.subject.rowTime)) {
            List<Integer> counts = race.run(number -> {
                int count = 0;
                if (number == 0) {
                    try {
                        while (more.getAsBoolean()) {
                            Session session = nodeA.open(id.get());
                            count++;
                            session.put("n", count);
                            session.put("m", count);
                            id.set(session.rotateId().value());
                        }
                    } finally {
                        done.set(true);
                    }
                } else {
                    while (!done.get()) {
                        Optional<Session> seen = nodeB.find(id.get());
                        if (seen.isPresent() && seen.get().get("m") != null) {
                            assertThat(seen.get().get("n")).isEqualTo(seen.get().get("m"));
                            count++;
                        }
                    }
                }
                return count;
            });
            assertThat(nodeB.open(id.get()).get("n")).isEqualTo(counts.get(0));
            assertThat(nodeB.find(first)).isEmpty();
        }
    }

    @Test
    @DisplayName("S14: of two log-ins at once one gets the session, and no id but its own leads to it")
    void two_at_once() {
        String old = stored("a", 1);
        Session one = nodeA.open(old);
        Session two = nodeB.open(old);
        storeA.before("update", () -> two.rotateId());
        assertThatThrownBy(one::rotateId).isInstanceOf(SessionEndedException.class);
        assertThat(nodeA.find(two.id().value())).isPresent();
        assertThat(nodeA.find(one.id().value())).isEmpty();
        assertThat(nodeA.find(old)).isEmpty();
    }

    @Test
    @DisplayName(
            "S16: strict: rotateId reports another request's change instead of mixing with it, and the old id stays")
    void strict() {
        String old = stored("a", 1);
        Session session = nodeA.open(old, Concurrency.STRICT);
        session.put("a", 2);
        Session other = nodeB.open(old);
        other.put("a", 3);
        other.save();
        assertThatThrownBy(session::rotateId).isInstanceOf(SessionConflictException.class);
        assertThat(session.get("a")).isEqualTo(2);
        assertThat(session.id().value()).isEqualTo(old);
        session.reload();
        session.put("a", 4);
        String current = session.rotateId().value();
        assertThat(nodeB.open(current).get("a")).isEqualTo(4);
    }

    @Test
    @DisplayName("S18: what was there before log-in is kept by rotateId, dropped by clear and rotateId")
    void planted() {
        String planted = stored("planted", "by someone else");
        Session keeping = nodeA.open(planted);
        String kept = keeping.rotateId().value();
        assertThat(nodeB.open(kept).names()).containsExactly("planted");

        Session dropping = nodeB.open(kept);
        dropping.clear();
        dropping.principal("alice");
        dropping.put("user", "alice");
        String clean = dropping.rotateId().value();
        assertThat(nodeA.open(clean).names()).containsExactly("user");
        assertThat(nodeA.find(kept)).isEmpty();
        assertThat(nodeA.find(planted)).isEmpty();
    }

    private String loggedIn() {
        Session session = nodeA.open(null);
        session.principal("alice");
        session.save();
        return session.id().value();
    }

    @Test
    @DisplayName("S14: a log-out that began before another request's new id ends the session under that one")
    void log_out_after_rotation() {
        ExamRoom.ability(PrincipalIndex.class, storeA.store());
        String old = loggedIn();
        Session leaving = nodeB.open(old);
        String current = nodeA.open(old).rotateId().value();
        leaving.invalidate();
        assertThat(leaving.isEnded()).isTrue();
        assertThat(nodeA.find(current)).isEmpty();

        String second = loggedIn();
        Session alsoLeaving = nodeB.open(second);
        Session rotating = nodeA.open(second);
        storeB.before("delete", rotating::rotateId);
        alsoLeaving.invalidate();
        assertThat(nodeA.find(rotating.id().value())).isEmpty();
        assertThat(nodeA.sessionsOf("alice")).isEmpty();
    }

    @Test
    @Tag("race")
    @DisplayName("S14: of a log-out and a new id at once the log-out wins, whichever comes first")
    void log_out_meets_rotation() {
        ExamRoom.ability(PrincipalIndex.class, storeA.store());
        BooleanSupplier more = atMost(200, room.subject.rowTime);
        try (Race race = new Race(3, room.subject.rowTime)) {
            while (more.getAsBoolean()) {
                String old = loggedIn();
                List<Session> held = List.of(nodeA.open(old), nodeB.open(old), nodeA.open(old));
                List<String> ids = race.run(number -> {
                    Session session = held.get(number);
                    if (number == 0) {
                        session.invalidate();
                        return old;
                    }
                    try {
                        return session.rotateId().value();
                    } catch (SessionEndedException e) {
                        return old;
                    }
                });
                assertThat(ids).allMatch(id -> nodeB.find(id).isEmpty());
                assertThat(nodeB.sessionsOf("alice")).isEmpty();
            }
        }
    }

    @Test
    @DisplayName("S15: a new id of which nobody knows whether it came to be leaves no second record behind")
    void unknown_outcome() {
        String old = loggedIn();
        Session session = nodeA.open(old);
        storeA.calls();
        storeA.before("update", () -> {
            throw new OutcomeUnknownException("update", null);
        });
        assertThatThrownBy(session::rotateId).isInstanceOf(OutcomeUnknownException.class);
        assertThat(storeA.calls()).containsExactly("create", "update", "delete");
        assertThat(session.id().value()).isEqualTo(old);
        assertThat(nodeB.open(old).principal()).contains("alice");
        assertThat(session.rotateId().value()).isNotEqualTo(old);
    }
}
