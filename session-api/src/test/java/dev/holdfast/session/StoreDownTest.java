package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.session.memory.MemorySessionStore;
import dev.holdfast.session.spi.OutcomeUnknownException;
import dev.holdfast.session.spi.StoreUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a request does while the store is down. */
class StoreDownTest {

    private final CountingStore store = new CountingStore(MemorySessionStore.create());
    private final List<String> heard = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        store.failure = null;
        store.close();
    }

    private Sessions sessions(StoreDownPolicy policy) {
        return Sessions.builder(store)
                .purgeInterval(Duration.ZERO)
                .storeDown(policy)
                .listener(new SessionListener() {
                    @Override
                    public void on(SessionEvent event) {
                        heard.add(event.toString());
                    }

                    @Override
                    public void onStoreCall(StoreVerb verb, StoreAnswer answer, Duration took) {
                        heard.add(verb + " " + answer);
                    }
                })
                .build();
    }

    private static String stored(Sessions sessions) {
        Session session = sessions.open(null);
        session.put("a", 1);
        session.save();
        return session.id().value();
    }

    @Test
    @DisplayName("S73: by default the request fails")
    void fails() {
        try (Sessions sessions = sessions(StoreDownPolicy.failRequest())) {
            String id = stored(sessions);
            store.failure = new StoreUnavailableException("load", null);
            assertThatThrownBy(() -> sessions.open(id)).isSameAs(store.failure);
            assertThatThrownBy(() -> sessions.find(id)).isSameAs(store.failure);
            assertThat(heard).endsWith("load UNAVAILABLE", "load UNAVAILABLE");
        }
    }

    @Test
    @DisplayName("S73: or it goes on without a session: empty, not to be changed, and never stored")
    void goesOn() {
        try (Sessions sessions = sessions(StoreDownPolicy.readOnlyWithoutSession())) {
            String id = stored(sessions);
            store.failure = new OutcomeUnknownException("load", null);
            Session session = sessions.open(id);
            assertThat(session.isDetached()).isTrue();
            assertThat(session.isNew()).isFalse();
            assertThat(session.isStored()).isFalse();
            assertThat(session.names()).isEmpty();
            assertThat(session.principal()).isEmpty();
            assertThat(session.id().value()).isNotEqualTo(id);
            for (Runnable change : List.<Runnable>of(
                    () -> session.put("a", 2),
                    () -> session.remove("a"),
                    session::clear,
                    () -> session.principal("alice"),
                    session::rotateId,
                    session::invalidate)) {
                assertThatThrownBy(change::run)
                        .isInstanceOf(StoreUnavailableException.class)
                        .hasCause(store.failure);
            }
            store.calls();
            assertThat(session.save()).isEqualTo(SaveOutcome.UNCHANGED);
            assertThat(store.calls()).isEmpty();
            assertThatThrownBy(() -> sessions.find(id)).isSameAs(store.failure);

            store.failure = null;
            assertThat(sessions.open(id).get("a")).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("R53: a save that fails is an exception under each policy, and may be tried again")
    void saveFails() {
        try (Sessions sessions = sessions(StoreDownPolicy.readOnlyWithoutSession())) {
            Session session = sessions.open(stored(sessions));
            session.put("b", 2);
            store.failure = new StoreUnavailableException("update", null);
            assertThatThrownBy(session::save).isSameAs(store.failure);
            store.failure = null;
            assertThat(session.save()).isEqualTo(SaveOutcome.UPDATED);
            assertThat(sessions.open(session.id().value()).get("b")).isEqualTo(2);
        }
    }

    @Test
    @DisplayName("R53: a log-in whose check fails is undone")
    void logInFails() {
        MemorySessionStore memory = (MemorySessionStore) store.delegate();
        try (Sessions sessions = Sessions.builder(new FailingCheck(memory))
                .purgeInterval(Duration.ZERO)
                .build()) {
            Session session = sessions.open(null);
            session.principal("alice");
            assertThatThrownBy(session::save).isInstanceOf(StoreUnavailableException.class);
            assertThat(session.isEnded()).isTrue();
            assertThat(memory.findByPrincipal("alice", null, 10)).isEmpty();
        }
    }

    @Test
    @DisplayName("F1: with a time budget a store that hangs is unavailable in time")
    void hangs() throws Exception {
        // long enough for the call to begin in it also on a machine that has no time for us
        Duration budget = Duration.ofSeconds(1);
        CountDownLatch hang = new CountDownLatch(1);
        try (Sessions sessions =
                sessions(StoreDownPolicy.readOnlyWithoutSession().within(budget))) {
            String id = stored(sessions);
            Session session = sessions.open(id);
            session.put("b", 2);
            store.beforeUpdate = () -> {
                try {
                    hang.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            };
            assertThatThrownBy(session::save).isInstanceOf(OutcomeUnknownException.class);
            hang.countDown();
            assertThat(sessions.open(id).get("a")).isEqualTo(1);
        }
    }
}
