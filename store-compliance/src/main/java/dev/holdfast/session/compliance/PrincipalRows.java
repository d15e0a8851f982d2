package dev.holdfast.session.compliance;

import static dev.holdfast.session.compliance.TwoNodes.isAlive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.session.CapPolicy;
import dev.holdfast.session.EndReason;
import dev.holdfast.session.SaveOutcome;
import dev.holdfast.session.Session;
import dev.holdfast.session.SessionEvent;
import dev.holdfast.session.TooManySessionsException;
import dev.holdfast.session.spi.PrincipalIndex;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** S26, S33: how many sessions a user has at a time, and how fresh their log-in is. */
abstract class PrincipalRows extends Rows {

    private static final int PLACES = 3;
    private static final int THREADS = 10;
    private static final int LOG_INS = 100;

    PrincipalRows(SessionRows rows) {
        super(rows);
    }

    private TwoNodes limited(CapPolicy policy) {
        ExamRoom.ability(PrincipalIndex.class, storeA.store());
        return new TwoNodes(this, settings -> settings.maxSessionsPerPrincipal(PLACES, policy));
    }

    @Test
    @Tag("race")
    @DisplayName("S33: of 100 parallel log-ins with a limit of 3 that refuses new ones exactly 3 succeed")
    void refuse_new() {
        TwoNodes nodes = limited(CapPolicy.REFUSE_NEW);
        List<Session> admitted = logInAtOnce(nodes);
        assertThat(admitted).hasSize(PLACES).allMatch(session -> isAlive(nodes.one, session));
        assertThat(nodes.two.sessionsOf("alice")).hasSize(PLACES);

        Session rotated = admitted.get(0);
        rotated.rotateId();
        Session refused = nodes.two.open(null);
        refused.principal("alice");
        assertThat(refused.save()).isEqualTo(SaveOutcome.REFUSED);
        assertThat(refused.isEnded()).isTrue();
        assertThat(isAlive(nodes.one, refused)).isFalse();
        Session alsoRefused = nodes.two.open(null);
        alsoRefused.put("cart", "tea");
        alsoRefused.save();
        alsoRefused.principal("alice");
        assertThatThrownBy(alsoRefused::rotateId).isInstanceOf(TooManySessionsException.class);
        assertThat(nodes.two.sessionsOf("alice")).hasSize(PLACES);

        rotated.invalidate();
        assertThat(isAlive(nodes.one, nodes.logIn(nodes.two, "alice")))
                .as("a place is free again")
                .isTrue();
    }

    @Test
    @Tag("race")
    @DisplayName(
            "S33: of 100 parallel log-ins with a limit of 3 that ends the oldest exactly 3 stay, and the newest is one")
    void end_oldest() {
        TwoNodes nodes = limited(CapPolicy.END_OLDEST);
        logInAtOnce(nodes);
        assertThat(nodes.two.sessionsOf("alice")).hasSize(PLACES);
        nodes.advance(Duration.ofSeconds(1));
        Session newest = nodes.logIn(nodes.two, "alice");
        assertThat(isAlive(nodes.one, newest)).isTrue();
        assertThat(nodes.one.sessionsOf("alice")).hasSize(PLACES);
        assertThat(nodes.events)
                .filteredOn(event -> event instanceof SessionEvent.Ended ended && ended.reason() == EndReason.CAPPED)
                .hasSize(LOG_INS + 1 - PLACES);
    }

    private static List<Session> logInAtOnce(TwoNodes nodes) {
        try (Race race = new Race(THREADS)) {
            return race
                    .run(number -> {
                        List<Session> admitted = new ArrayList<>();
                        for (int i = 0; i < LOG_INS / THREADS; i++) {
                            Session session = nodes.node(i).open(null);
                            session.principal("alice");
                            if (session.save() == SaveOutcome.CREATED) {
                                admitted.add(session);
                            }
                        }
                        return admitted;
                    })
                    .stream()
                    .flatMap(List::stream)
                    .toList();
        }
    }

    @Test
    @DisplayName(
            "S26: how fresh a log-in is, is kept in the session, survives a new id, and is renewed by another proof")
    void freshness() {
        TwoNodes nodes = new TwoNodes(this, UnaryOperator.identity());
        Session anonymous = nodes.one.open(null);
        assertThat(anonymous.authenticatedAt()).isEmpty();
        assertThat(anonymous.authenticatedWithin(Duration.ofDays(1))).isFalse();
        assertThatThrownBy(anonymous::reauthenticated).isInstanceOf(IllegalStateException.class);

        Session session = nodes.logIn(nodes.one, "alice");
        assertThat(session.authenticatedWithin(Duration.ofMinutes(5))).isTrue();
        assertThat(session.authenticatedWithin(Duration.ofSeconds(Long.MAX_VALUE)))
                .isTrue();
        nodes.advance(Duration.ofMinutes(10));
        Session later = nodes.two.open(session.id().value());
        assertThat(later.authenticatedWithin(Duration.ofMinutes(5))).isFalse();
        later.rotateId();
        assertThat(later.authenticatedAt()).isEqualTo(session.authenticatedAt());

        later.reauthenticated();
        later.save();
        Session after = nodes.one.open(later.id().value());
        assertThat(after.authenticatedWithin(Duration.ofMinutes(5))).isTrue();
        after.principal(null);
        after.put("cart", "tea");
        after.save();
        assertThat(nodes.two.open(after.id().value()).authenticatedAt()).isEmpty();
    }
}
