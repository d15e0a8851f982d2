package dev.holdfast.session.compliance;

import static dev.holdfast.session.compliance.TwoNodes.isAlive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.session.EndReason;
import dev.holdfast.session.SaveOutcome;
import dev.holdfast.session.Session;
import dev.holdfast.session.SessionEvent;
import dev.holdfast.session.SessionSummary;
import dev.holdfast.session.Sessions;
import dev.holdfast.session.SessionsBuilder;
import dev.holdfast.session.spi.PrincipalIndex;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** M10, S29 to S32: the sessions of a user are listed and ended, one, all, all but one; and everybody's. */
abstract class RevocationRows extends Rows {

    RevocationRows(SessionRows rows) {
        super(rows);
    }

    private TwoNodes nodes(UnaryOperator<SessionsBuilder> settings) {
        ExamRoom.ability(PrincipalIndex.class, storeA.store());
        return new TwoNodes(this, settings);
    }

    private TwoNodes nodes() {
        return nodes(UnaryOperator.identity());
    }

    @Test
    @DisplayName("S29: logging a user out everywhere ends their sessions on every node, and nobody else's")
    void end_all() {
        TwoNodes nodes = nodes();
        Session phone = nodes.logIn(nodes.one, "alice");
        Session desk = nodes.logIn(nodes.two, "alice");
        Session bob = nodes.logIn(nodes.two, "bob");

        assertThat(nodes.one.endAll("alice")).isEqualTo(2);

        assertThat(isAlive(nodes.two, phone)).isFalse();
        assertThat(isAlive(nodes.two, desk)).isFalse();
        assertThat(isAlive(nodes.one, bob)).isTrue();
        assertThat(nodes.one.sessionsOf("alice")).isEmpty();
        desk.put("late", true);
        assertThat(desk.save()).isEqualTo(SaveOutcome.GONE);
    }

    @Test
    @DisplayName("S29: a log-in that was under way when the user was logged out everywhere comes to nothing")
    void late_log_in() {
        TwoNodes nodes = nodes();
        Session fresh = nodes.one.open(null);
        Session known = nodes.one.open(null);
        known.put("cart", "tea");
        known.save();
        Session rotating = nodes.one.open(stored(nodes.one, "cart", "tea"));

        nodes.two.endAll("alice");

        fresh.principal("alice");
        assertThat(fresh.save()).isEqualTo(SaveOutcome.GONE);
        assertThat(isAlive(nodes.two, fresh)).isFalse();
        known.principal("alice");
        assertThat(known.save()).isEqualTo(SaveOutcome.GONE);
        assertThat(isAlive(nodes.two, known)).isFalse();
        rotating.principal("alice");
        assertThatThrownBy(rotating::rotateId).isInstanceOf(IllegalStateException.class);
        assertThat(rotating.isEnded()).isTrue();
        assertThat(nodes.one.sessionsOf("alice")).isEmpty();

        assertThat(isAlive(nodes.two, nodes.logIn(nodes.one, "alice")))
                .as("a log-in after it")
                .isTrue();
    }

    @Test
    @Tag("race")
    @DisplayName("S29: in a storm of log-ins on two nodes none that began before the revocation survives it")
    void log_in_storm() {
        TwoNodes nodes = nodes();
        CountDownLatch storm = new CountDownLatch(60);
        AtomicBoolean revoking = new AtomicBoolean(true);
        AtomicBoolean revoked = new AtomicBoolean();
        Queue<Session> before = new ConcurrentLinkedQueue<>();
        try (Race race = new Race(5)) {
            race.run(number -> {
                if (number == 0) {
                    assertThat(storm.await(30, TimeUnit.SECONDS)).isTrue();
                    revoking.set(false);
                    try {
                        return nodes.one.endAll("alice");
                    } finally {
                        revoked.set(true);
                    }
                }
                int more = 20;
                for (int i = 0; more > 0; i++) {
                    Session session = nodes.node(i).open(null);
                    boolean began = revoking.get();
                    session.principal("alice");
                    if (i % 3 == 0) {
                        session.put("cart", "tea");
                        session.save();
                    }
                    rotateUnlessRefused(session);
                    if (began) {
                        before.add(session);
                    }
                    storm.countDown();
                    more -= revoked.get() ? 1 : 0;
                }
                return 0;
            });
        }
        assertThat(before).hasSizeGreaterThan(10).allSatisfy(session -> {
            assertThat(isAlive(nodes.one, session)).isFalse();
            assertThat(isAlive(nodes.two, session)).isFalse();
        });
        assertThat(nodes.one.sessionsOf("alice"))
                .as("those that began after it")
                .isNotEmpty();
    }

    private static void rotateUnlessRefused(Session session) {
        try {
            session.rotateId();
            session.save();
        } catch (IllegalStateException e) {
            assertThat(session.isEnded()).isTrue();
        }
    }

    @Test
    @DisplayName("S30: ending all others keeps this session, also when it is new, and gets a new id")
    void end_others() {
        TwoNodes nodes = nodes();
        Session phone = nodes.logIn(nodes.one, "alice");
        Session desk = nodes.logIn(nodes.two, "alice");
        Session here = nodes.logIn(nodes.one, "alice");
        assertThat(nodes.one.endOthers(here)).isEqualTo(2);
        assertThat(isAlive(nodes.two, phone)).isFalse();
        assertThat(isAlive(nodes.two, desk)).isFalse();
        assertThat(isAlive(nodes.two, here)).isTrue();
        here.rotateId();
        assertThat(isAlive(nodes.two, here)).isTrue();

        Session unsaved = nodes.two.open(null);
        unsaved.principal("alice");
        assertThat(nodes.two.endOthers(unsaved)).isOne();
        assertThat(unsaved.save()).isEqualTo(SaveOutcome.CREATED);
        assertThat(isAlive(nodes.one, unsaved)).isTrue();
        assertThat(isAlive(nodes.one, here)).isFalse();
        assertThat(nodes.one.endOthers(nodes.one.open(null))).isZero();
    }

    @Test
    @DisplayName(
            "S31: a list of sessions shows handles and times; a handle is no id, and ends only that user's session")
    void handles() {
        TwoNodes nodes = nodes();
        Session session = nodes.logIn(nodes.one, "alice");
        SessionSummary listed = nodes.two.sessionsOf("alice").get(0);
        assertThat(listed.toString()).doesNotContain(session.id().value());
        assertThat(session.isHandle(listed.handle())).isTrue();
        assertThat(nodes.one.find(listed.handle())).isEmpty();
        assertThat(nodes.two.end("bob", listed.handle())).isFalse();
        assertThat(nodes.two.end("alice", session.id().value())).isFalse();
        assertThat(nodes.two.end("alice", listed.handle())).isTrue();
        assertThat(isAlive(nodes.one, session)).isFalse();
        assertThat(nodes.events)
                .filteredOn(SessionEvent.Ended.class::isInstance)
                .singleElement()
                .isInstanceOfSatisfying(SessionEvent.Ended.class, ended -> {
                    assertThat(ended.reason()).isEqualTo(EndReason.REVOKED);
                    assertThat(ended.principal()).isEqualTo("alice");
                    assertThat(ended.session().handle()).isEqualTo(listed.handle());
                });
    }

    @Test
    @DisplayName("S32: all sessions end at once, here at once and on other nodes within the delay that was set")
    void end_every_session() {
        TwoNodes nodes = nodes(settings -> settings.globalRevocation(Duration.ofMillis(1)));
        Session alice = nodes.logIn(nodes.one, "alice");
        Session nobody = nodes.two.open(stored(nodes.two, "cart", "tea"));
        assertThat(isAlive(nodes.two, alice)).isTrue();
        nodes.advance(Duration.ofMillis(1));

        nodes.one.endEverySession();

        assertThat(List.of(alice, nobody)).noneMatch(session -> isAlive(nodes.one, session));
        long end = System.nanoTime() + 1_000_000;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(isAlive(nodes.two, alice)).isFalse();
        assertThat(nodes.two.sessionsOf("alice")).isEmpty();

        nodes.advance(Duration.ofMillis(1));
        Sessions fresh = nodes.two;
        assertThat(isAlive(fresh, nodes.logIn(nodes.one, "alice"))).isTrue();
    }
}
