package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.holdfast.session.memory.MemorySessionStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The moments in which a session could slip through a revocation or a limit. */
class PrincipalSweepTest {

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    private final InstantSource ticking = () -> now.updateAndGet(last -> last.plusMillis(1));
    private final HookedIndex store = new HookedIndex(MemorySessionStore.create());
    private final Sessions sessions =
            Sessions.builder(store).clock(ticking).purgeInterval(Duration.ZERO).build();

    private static Session logIn(Sessions sessions) {
        Session session = sessions.open(null);
        session.principal("alice");
        session.save();
        return session;
    }

    @Test
    @DisplayName("S29: a session that gets a new id behind the back of a sweep is found by the next one")
    void rotatesBehindTheSweep() {
        Session session = logIn(sessions);
        store.hideOnce = session::rotateId;
        assertThat(sessions.endAll("alice")).isEqualTo(1);
        assertThat(sessions.find(session.id().value())).isEmpty();
    }

    @Test
    @DisplayName("S29: a log-in that is stored after the last sweep finds the revocation that began after it")
    void storedAfterTheSweep() {
        Session late = sessions.open(null);
        late.principal("alice");
        sessions.endAll("alice");
        assertThat(late.save()).isEqualTo(SaveOutcome.GONE);
        assertThat(store.delegate().findByPrincipal("alice", null, 10)).isEmpty();
    }

    @Test
    @DisplayName("S29: log-ins that go on for ever don't keep a revocation from ending")
    void endlessLogIns() {
        logIn(sessions);
        List<Session> during = new ArrayList<>();
        store.beforeFind = () -> during.add(logIn(sessions));
        assertThat(sessions.endAll("alice")).isPositive();
        assertThat(during).hasSizeLessThan(10);
    }

    @Test
    @DisplayName("S30: this session stays though it gets a new id while the others are ended")
    void keptThoughRotated() {
        Session other = logIn(sessions);
        Session keep = logIn(sessions);
        Session parallel = sessions.open(keep.id().value());
        store.beforeFind = () -> {
            store.beforeFind = () -> {};
            parallel.rotateId();
        };
        assertThat(sessions.endOthers(keep)).isEqualTo(1);
        assertThat(sessions.find(other.id().value())).isEmpty();
        assertThat(sessions.find(parallel.id().value())).isPresent();
    }

    @Test
    @DisplayName("S33: a place whose note was lost is still held by the session that lives")
    void lostNote() {
        try (Sessions limited = Sessions.builder(store)
                .clock(ticking)
                .purgeInterval(Duration.ZERO)
                .maxSessionsPerPrincipal(1, CapPolicy.REFUSE_NEW)
                .build()) {
            Session first = logIn(limited);
            store.delegate().delete(Notes.key("principal:alice"));
            assertThat(logIn(limited).isEnded()).isTrue();
            assertThat(limited.find(first.id().value())).isPresent();
            first.reauthenticated();
            first.principal("alice");
            assertThat(first.save()).as("the same log-in keeps its place").isEqualTo(SaveOutcome.UPDATED);
        }
    }

    @Test
    @DisplayName("S33: a limit needs a store that finds sessions by principal, and at least one place")
    void settings() {
        CountingStore plain = new CountingStore(store);
        assertThatIllegalStateException()
                .isThrownBy(() -> Sessions.builder(plain)
                        .maxSessionsPerPrincipal(1, CapPolicy.END_OLDEST)
                        .build())
                .withMessageContaining("CountingStore");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sessions.builder(store).maxSessionsPerPrincipal(0, CapPolicy.END_OLDEST));
    }

    @Test
    @DisplayName("what is noted about a principal is no session, whoever meets it")
    void notes() {
        logIn(sessions);
        sessions.endAll("alice");
        assertThat(store.delegate().load(Notes.key("principal:alice"))).isPresent();
        assertThat(store.delegate().scan()).hasSize(1);
        assertThat(sessions.sessionsOf("alice")).isEmpty();
        assertThat(sessions.find("holdfast:principal:alice")).isEmpty();
    }

    @Test
    @DisplayName(
            "S29, S33: what a log-in costs: one look at the note, and for a limit one at the sessions and at the places")
    void roundTrips() {
        assertThat(callsOf(null)).containsExactly("create", "load");
        assertThat(callsOf(CapPolicy.END_OLDEST)).containsExactly("create", "load", "findByPrincipal");
        assertThat(callsOf(CapPolicy.REFUSE_NEW))
                .containsExactly("create", "load", "load", "findByPrincipal", "create");
    }

    /** Returns the store calls of a log-in, and sees that what follows it costs no more than without one. */
    private static List<String> callsOf(@Nullable CapPolicy policy) {
        List<String> calls = new ArrayList<>();
        SessionsBuilder settings = Sessions.builder(MemorySessionStore.create())
                .purgeInterval(Duration.ZERO)
                .listener(new SessionListener() {
                    @Override
                    public void on(SessionEvent event) {}

                    @Override
                    public void onStoreCall(StoreVerb verb, StoreAnswer answer, Duration took) {
                        calls.add(verb.toString());
                    }
                });
        if (policy != null) {
            settings.maxSessionsPerPrincipal(3, policy);
        }
        try (Sessions counted = settings.build()) {
            Session session = logIn(counted);
            List<String> ofLogIn = List.copyOf(calls);
            calls.clear();
            session.put("cart", "tea");
            session.save();
            session.rotateId();
            assertThat(calls).containsExactly("update", "create", "update");
            return ofLogIn;
        }
    }
}
