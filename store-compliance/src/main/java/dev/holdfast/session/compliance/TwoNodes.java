package dev.holdfast.session.compliance;

import dev.holdfast.session.SaveOutcome;
import dev.holdfast.session.Session;
import dev.holdfast.session.SessionEvent;
import dev.holdfast.session.Sessions;
import dev.holdfast.session.SessionsBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/** Two nodes with the same settings, on a clock that goes on by a microsecond each time it is read, and what they tell. */
final class TwoNodes implements InstantSource {

    final List<SessionEvent> events = new CopyOnWriteArrayList<>();
    final Sessions one;
    final Sessions two;

    private final RowClock clock;
    private final AtomicLong ticks = new AtomicLong();

    TwoNodes(Rows rows, UnaryOperator<SessionsBuilder> settings) {
        clock = rows.clock;
        one = start(rows, rows.storeA, settings);
        two = start(rows, rows.storeB, settings);
    }

    private Sessions start(Rows rows, WatchedStore store, UnaryOperator<SessionsBuilder> settings) {
        return rows.start(settings.apply(rows.settings(store).clock(this).listener(events::add)));
    }

    @Override
    public Instant instant() {
        return clock.instant().plusNanos(1_000 * ticks.incrementAndGet());
    }

    void advance(Duration duration) {
        clock.advance(duration);
    }

    /** Returns one node and the other in turn. */
    Sessions node(int number) {
        return number % 2 == 0 ? one : two;
    }

    /** Stores a new session of a user. */
    Session logIn(Sessions node, String user) {
        Session session = node.open(null);
        session.principal(user);
        SaveOutcome outcome = session.save();
        if (outcome != SaveOutcome.CREATED) {
            throw new AssertionError("a log-in came to " + outcome);
        }
        return session;
    }

    static boolean isAlive(Sessions node, Session session) {
        return node.find(session.id().value()).isPresent();
    }
}
