package dev.holdfast.demo.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.session.CapPolicy;
import dev.holdfast.session.EndReason;
import dev.holdfast.session.SaveOutcome;
import dev.holdfast.session.Session;
import dev.holdfast.session.SessionEvent;
import dev.holdfast.session.SessionSummary;
import dev.holdfast.session.Sessions;
import dev.holdfast.session.SessionsBuilder;
import dev.holdfast.session.TooManySessionsException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The sessions of a user: listed, ended, limited, and how fresh their log-in is. */
@ParameterizedClass
@EnumSource(EachStore.class)
class PrincipalRowsTest {

    private final EachStore kind;

    @TempDir
    private Path directory;

    PrincipalRowsTest(EachStore kind) {
        this.kind = kind;
    }

    private TwoNodes nodes(UnaryOperator<SessionsBuilder> settings) {
        return new TwoNodes(kind, directory, settings);
    }

    private TwoNodes nodes() {
        return nodes(UnaryOperator.identity());
    }

    private static Session logIn(Sessions node, String user) {
        Session session = node.open(null);
        session.principal(user);
        assertThat(session.save()).isEqualTo(SaveOutcome.CREATED);
        return session;
    }

    private static boolean isAlive(Sessions node, Session session) {
        return node.find(session.id().value()).isPresent();
    }

    private static <T> List<T> inParallel(int threads, Callable<T> task) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            CyclicBarrier start = new CyclicBarrier(threads);
            List<Future<T>> results = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                results.add(pool.submit(() -> {
                    start.await(60, TimeUnit.SECONDS);
                    return task.call();
                }));
            }
            List<T> values = new ArrayList<>();
            for (Future<T> result : results) {
                values.add(result.get(60, TimeUnit.SECONDS));
            }
            return values;
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    @DisplayName("S29: logging a user out everywhere ends their sessions on every node, and nobody else's")
    void endAll() {
        try (TwoNodes nodes = nodes()) {
            Session phone = logIn(nodes.one, "alice");
            Session desk = logIn(nodes.two, "alice");
            Session bob = logIn(nodes.two, "bob");

            assertThat(nodes.one.endAll("alice")).isEqualTo(2);

            assertThat(isAlive(nodes.two, phone)).isFalse();
            assertThat(isAlive(nodes.two, desk)).isFalse();
            assertThat(isAlive(nodes.one, bob)).isTrue();
            assertThat(nodes.one.sessionsOf("alice")).isEmpty();
            desk.put("late", true);
            assertThat(desk.save()).isEqualTo(SaveOutcome.GONE);
        }
    }

    @Test
    @DisplayName("S29: a log-in that was under way when the user was logged out everywhere comes to nothing")
    void lateLogIn() {
        try (TwoNodes nodes = nodes()) {
            Session fresh = nodes.one.open(null);
            Session known = nodes.one.open(null);
            known.put("cart", "tea");
            known.save();
            Session rotating = nodes.one.open(null);
            rotating.put("cart", "tea");
            rotating.save();
            rotating = nodes.one.open(rotating.id().value());

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

            assertThat(isAlive(nodes.two, logIn(nodes.one, "alice")))
                    .as("a log-in after it")
                    .isTrue();
        }
    }

    @Test
    @DisplayName("S29: in a storm of log-ins on two nodes none that began before the revocation survives it")
    void logInStorm() throws Exception {
        try (TwoNodes nodes = nodes()) {
            AtomicBoolean revoking = new AtomicBoolean();
            CountDownLatch storm = new CountDownLatch(60);
            Queue<Session> before = new ConcurrentLinkedQueue<>();
            AtomicBoolean revoked = new AtomicBoolean();
            List<Boolean> done = inParallel(5, () -> {
                if (revoking.compareAndSet(false, true)) {
                    storm.await(60, TimeUnit.SECONDS);
                    revoking.set(false);
                    nodes.one.endAll("alice");
                    revoked.set(true);
                    return true;
                }
                int more = 20;
                for (int i = 0; more > 0; i++) {
                    Session session = (i % 2 == 0 ? nodes.one : nodes.two).open(null);
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
                return true;
            });
            assertThat(done).hasSize(5);
            assertThat(before).hasSizeGreaterThan(10).allSatisfy(session -> {
                assertThat(isAlive(nodes.one, session)).isFalse();
                assertThat(isAlive(nodes.two, session)).isFalse();
            });
            assertThat(nodes.one.sessionsOf("alice"))
                    .as("those that began after it")
                    .isNotEmpty();
        }
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
    void endOthers() {
        try (TwoNodes nodes = nodes()) {
            Session phone = logIn(nodes.one, "alice");
            Session desk = logIn(nodes.two, "alice");
            Session here = logIn(nodes.one, "alice");
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
    }

    @Test
    @DisplayName(
            "S31: a list of sessions shows handles and times; a handle is no id, and ends only that user's session")
    void handles() {
        try (TwoNodes nodes = nodes()) {
            Session session = logIn(nodes.one, "alice");
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
    }

    @Test
    @DisplayName("S32: all sessions end at once, here at once and on other nodes within the delay that was set")
    void endEverySession() {
        try (TwoNodes nodes = nodes(settings -> settings.globalRevocation(Duration.ofMillis(1)))) {
            Session alice = logIn(nodes.one, "alice");
            Session nobody = nodes.two.open(null);
            nobody.put("cart", "tea");
            nobody.save();
            assertThat(isAlive(nodes.two, alice)).isTrue();
            nodes.clock.advance(Duration.ofMillis(1));

            nodes.one.endEverySession();

            assertThat(isAlive(nodes.one, alice)).isFalse();
            assertThat(isAlive(nodes.one, nobody)).isFalse();
            long end = System.nanoTime() + 1_000_000;
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            assertThat(isAlive(nodes.two, alice)).isFalse();
            assertThat(nodes.two.sessionsOf("alice")).isEmpty();

            nodes.clock.advance(Duration.ofMillis(1));
            assertThat(isAlive(nodes.two, logIn(nodes.one, "alice"))).isTrue();
        }
    }

    @Test
    @DisplayName("S33: of 100 parallel log-ins with a limit of 3 that refuses new ones exactly 3 succeed")
    void refuseNew() throws Exception {
        try (TwoNodes nodes = nodes(settings -> settings.maxSessionsPerPrincipal(3, CapPolicy.REFUSE_NEW))) {
            List<Session> admitted = logInAtOnce(nodes, 10, 10);
            assertThat(admitted).hasSize(3).allMatch(session -> isAlive(nodes.one, session));
            assertThat(nodes.two.sessionsOf("alice")).hasSize(3);

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
            assertThat(nodes.two.sessionsOf("alice")).hasSize(3);

            rotated.invalidate();
            assertThat(isAlive(nodes.one, logIn(nodes.two, "alice")))
                    .as("a place is free again")
                    .isTrue();
        }
    }

    @Test
    @DisplayName(
            "S33: of 100 parallel log-ins with a limit of 3 that ends the oldest exactly 3 stay, and the newest is one")
    void endOldest() throws Exception {
        try (TwoNodes nodes = nodes(settings -> settings.maxSessionsPerPrincipal(3, CapPolicy.END_OLDEST))) {
            logInAtOnce(nodes, 10, 10);
            assertThat(nodes.two.sessionsOf("alice")).hasSize(3);
            nodes.clock.advance(Duration.ofSeconds(1));
            Session newest = logIn(nodes.two, "alice");
            assertThat(isAlive(nodes.one, newest)).isTrue();
            assertThat(nodes.one.sessionsOf("alice")).hasSize(3);
            assertThat(nodes.events)
                    .filteredOn(
                            event -> event instanceof SessionEvent.Ended ended && ended.reason() == EndReason.CAPPED)
                    .hasSize(98);
        }
    }

    private static List<Session> logInAtOnce(TwoNodes nodes, int threads, int each) throws Exception {
        return inParallel(threads, () -> {
                    List<Session> admitted = new ArrayList<>();
                    for (int i = 0; i < each; i++) {
                        Session session = (i % 2 == 0 ? nodes.one : nodes.two).open(null);
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

    @Test
    @DisplayName(
            "S26: how fresh a log-in is, is kept in the session, survives a new id, and is renewed by another proof")
    void freshness() {
        try (TwoNodes nodes = nodes()) {
            Session anonymous = nodes.one.open(null);
            assertThat(anonymous.authenticatedAt()).isEmpty();
            assertThat(anonymous.authenticatedWithin(Duration.ofDays(1))).isFalse();
            assertThatThrownBy(anonymous::reauthenticated).isInstanceOf(IllegalStateException.class);

            Session session = logIn(nodes.one, "alice");
            assertThat(session.authenticatedWithin(Duration.ofMinutes(5))).isTrue();
            nodes.clock.advance(Duration.ofMinutes(10));
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
}
