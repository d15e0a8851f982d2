package dev.holdfast.session.compliance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.SaveOutcome;
import dev.holdfast.session.Session;
import dev.holdfast.session.Sessions;
import dev.holdfast.session.SessionsBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the groups of rows share: two nodes of one application, each with an instance of the store on one backend. */
abstract class Rows {

    private final SessionRows rows;
    private final List<Sessions> opened = new ArrayList<>();

    ExamRoom room;
    RowClock clock;
    WatchedStore storeA;
    WatchedStore storeB;

    /** The nodes with default settings. */
    Sessions nodeA;

    Sessions nodeB;

    Rows(SessionRows rows) {
        this.rows = rows;
    }

    @BeforeEach
    final void enter() {
        room = rows.room();
        clock = new RowClock(room.time);
        storeA = new WatchedStore(room.open());
        storeB = new WatchedStore(room.open());
        nodeA = start(settings(storeA));
        nodeB = start(settings(storeB));
    }

    @AfterEach
    final void stop() {
        opened.forEach(Sessions::close);
    }

    /** Returns the settings of a node: the test's clock, and no purge but by hand. */
    final SessionsBuilder settings(WatchedStore store) {
        return Sessions.builder(store.store()).clock(clock).purgeInterval(Duration.ZERO);
    }

    final Sessions start(SessionsBuilder settings) {
        Sessions sessions = settings.build();
        opened.add(sessions);
        return sessions;
    }

    /** Stores a session with one attribute, and returns its id. */
    final String stored(Sessions node, String name, Object value) {
        Session session = node.open(null);
        session.put(name, value);
        assertThat(session.save()).isEqualTo(SaveOutcome.CREATED);
        storeA.calls();
        storeB.calls();
        return session.id().value();
    }

    final String stored(String name, Object value) {
        return stored(nodeA, name, value);
    }

    final Sessions node(int number) {
        return number % 2 == 0 ? nodeA : nodeB;
    }

    /** Returns an answer that stays true for so many asks, and for so long. */
    static BooleanSupplier atMost(int rounds, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        int[] asked = {0};
        return () -> asked[0]++ < rounds && System.nanoTime() < end;
    }
}
