package dev.holdfast.session.compliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.holdfast.session.SaveOutcome;
import dev.holdfast.session.Session;
import dev.holdfast.session.SessionEvent;
import dev.holdfast.session.SessionListener;
import dev.holdfast.session.Sessions;
import dev.holdfast.session.StoreAnswer;
import dev.holdfast.session.StoreDownPolicy;
import dev.holdfast.session.StoreVerb;
import dev.holdfast.session.spi.OutcomeUnknownException;
import dev.holdfast.session.spi.SessionStoreException;
import dev.holdfast.session.spi.StoreUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** S73, R53: what a request does while the backend is down, in each way that the store's author has declared. */
abstract class OutageRows extends Rows {

    private final Queue<StoreAnswer> answers = new ConcurrentLinkedQueue<>();

    OutageRows(SessionRows rows) {
        super(rows);
    }

    /** What happens in the midst of an outage. */
    private interface Body {
        void run() throws Exception;
    }

    /** Runs a body once for each declared outage, and waits each time until the backend is back. */
    private void inEachOutage(Body before, Body during, Body after) throws Throwable {
        List<Fault> outages = room.subject.faults.stream()
                .filter(fault -> fault.kind() == Fault.Kind.OUTAGE)
                .toList();
        assumeFalse(outages.isEmpty(), "StoreUnderTest declares no fault, which this test needs to break the backend");
        for (Fault outage : outages) {
            before.run();
            outage.begin().execute();
            try {
                during.run();
            } finally {
                outage.end().execute();
            }
            awaitBackend(outage);
            after.run();
        }
    }

    private void awaitBackend(Fault outage) {
        long end = System.nanoTime() + outage.recovery().toNanos();
        boolean back = false;
        while (!back) {
            try {
                nodeA.find(nodeA.open(null).id().value());
                nodeB.find(nodeB.open(null).id().value());
                back = true;
            } catch (SessionStoreException e) {
                assertThat(System.nanoTime()).as("%s: recovery", outage.name()).isLessThan(end);
                LockSupport.parkNanos(10_000_000);
            }
        }
    }

    private SessionListener listener() {
        return new SessionListener() {
            @Override
            public void on(SessionEvent event) {}

            @Override
            public void onStoreCall(StoreVerb verb, StoreAnswer answer, Duration took) {
                answers.add(answer);
            }
        };
    }

    private void assertFailsTyped(Throwable thrown) {
        assertThat(thrown).isInstanceOfAny(StoreUnavailableException.class, OutcomeUnknownException.class);
        assertThat(answers)
                .as("what the listeners hear")
                .containsAnyOf(StoreAnswer.UNAVAILABLE, StoreAnswer.OUTCOME_UNKNOWN);
    }

    @Test
    @DisplayName("S73: by default a request whose session can't be loaded fails, and no other session takes its place")
    void request_fails() throws Throwable {
        Sessions sessions = start(settings(storeB).listener(listener()));
        String id = stored("a", 1);
        inEachOutage(
                answers::clear,
                () -> {
                    assertFailsTyped(catchThrowable(() -> sessions.open(id)));
                    assertFailsTyped(catchThrowable(() -> sessions.find(id)));
                },
                () -> assertThat(sessions.open(id).get("a")).isEqualTo(1));
    }

    @Test
    @DisplayName("S73: or it goes on without a session: empty, never stored, and nothing can be put into it")
    void goes_on() throws Throwable {
        Sessions sessions = start(settings(storeB).storeDown(StoreDownPolicy.readOnlyWithoutSession()));
        String id = stored("a", 1);
        inEachOutage(
                () -> {},
                () -> {
                    Session session = sessions.open(id);
                    assertThat(session.isDetached()).isTrue();
                    assertThat(session.names()).isEmpty();
                    assertThat(session.principal()).isEmpty();
                    assertThatThrownBy(() -> session.put("a", 2)).isInstanceOf(StoreUnavailableException.class);
                    assertThatThrownBy(() -> session.principal("mallory"))
                            .isInstanceOf(StoreUnavailableException.class);
                    assertThatThrownBy(session::rotateId).isInstanceOf(StoreUnavailableException.class);
                    assertThatThrownBy(session::invalidate).isInstanceOf(StoreUnavailableException.class);
                    assertThat(session.save()).isEqualTo(SaveOutcome.UNCHANGED);
                    assertThat(session.id().value()).isNotEqualTo(id);
                },
                () -> assertThat(sessions.open(id).get("a")).isEqualTo(1));
    }

    @Test
    @DisplayName("R53: a save, a log-out and a new id that don't reach the store say so, and can be tried again")
    void save_fails() throws Throwable {
        Sessions sessions = start(settings(storeB)
                .storeDown(StoreDownPolicy.readOnlyWithoutSession())
                .listener(listener()));
        Session[] held = new Session[2];
        inEachOutage(
                () -> {
                    answers.clear();
                    held[0] = sessions.open(stored("a", 1));
                    held[0].put("b", 2);
                    held[1] = sessions.open(stored("a", 1));
                },
                () -> {
                    Session fresh = sessions.open(null);
                    fresh.put("a", 1);
                    assertFailsTyped(catchThrowable(fresh::save));
                    assertFailsTyped(catchThrowable(held[0]::save));
                    assertFailsTyped(catchThrowable(held[1]::rotateId));
                    assertFailsTyped(catchThrowable(held[1]::invalidate));
                },
                () -> {
                    assertThat(held[0].save()).isEqualTo(SaveOutcome.UPDATED);
                    assertThat(nodeA.open(held[0].id().value()).get("b")).isEqualTo(2);
                    held[1].invalidate();
                    assertThat(nodeA.find(held[1].id().value())).isEmpty();
                });
    }
}
