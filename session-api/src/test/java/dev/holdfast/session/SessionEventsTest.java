package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.memory.MemorySessionStore;
import dev.holdfast.session.spi.Payload;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a listener hears, in order. */
class SessionEventsTest {

    private static final byte[] TAG_KEY = new byte[16];

    private final FakeClock clock = new FakeClock();
    private final MemorySessionStore store =
            MemorySessionStore.builder().clock(clock).build();
    private final List<SessionEvent> heard = new CopyOnWriteArrayList<>();
    private final Sessions sessions = settings().listener(heard::add).build();

    private SessionsBuilder settings() {
        return Sessions.builder(store).clock(clock).purgeInterval(Duration.ZERO).tagKey(TAG_KEY);
    }

    @AfterEach
    void close() {
        sessions.close();
        store.close();
    }

    private static SessionTag tag(SessionId id) {
        return new SessionTag(new TagKey(TAG_KEY), id.key());
    }

    private List<SessionEvent> heard() {
        List<SessionEvent> result = List.copyOf(heard);
        heard.clear();
        return result;
    }

    @Test
    @DisplayName("S78: a life from log-in to log-out is told, event by event")
    void life() {
        Session session = sessions.open(null);
        session.put("cart", "tea");
        session.save();
        SessionTag anonymous = tag(session.id());
        int bytes = store.load(session.id().key()).orElseThrow().payload().size();
        assertThat(heard()).containsExactly(new SessionEvent.Created(anonymous, null, bytes));

        session.principal("alice");
        session.rotateId();
        SessionTag rotated = tag(session.id());
        assertThat(heard())
                .containsExactly(
                        new SessionEvent.Renewed(rotated, anonymous),
                        new SessionEvent.Ended(anonymous, EndReason.REPLACED, "alice"));

        session.put("cart", "bread");
        session.save();
        session.save();
        assertThat(heard()).singleElement().isInstanceOfSatisfying(SessionEvent.Saved.class, saved -> {
            assertThat(saved.session()).isEqualTo(rotated);
            assertThat(saved.outcome()).isEqualTo(SaveOutcome.UPDATED);
            assertThat(saved.principal()).isEqualTo("alice");
            assertThat(saved.merged()).isFalse();
        });

        clock.advance(Duration.ofMinutes(5));
        Session later = sessions.open(session.id().value());
        later.save();
        assertThat(heard())
                .singleElement()
                .isInstanceOfSatisfying(
                        SessionEvent.Saved.class,
                        saved -> assertThat(saved.outcome()).isEqualTo(SaveOutcome.TOUCHED));

        later.invalidate();
        later.invalidate();
        assertThat(heard()).containsExactly(new SessionEvent.Ended(rotated, EndReason.INVALIDATED, "alice"));
    }

    @Test
    @DisplayName("S78: an id of no live session is told, and one that can't be an id is not")
    void unknown() {
        Session never = sessions.open(null);
        sessions.open(never.id().value());
        sessions.open("what the client likes");
        sessions.open(null);
        assertThat(heard()).containsExactly(new SessionEvent.UnknownId(tag(never.id())));
    }

    @Test
    @DisplayName("S78: a conflict is told, and whether both changes were stored")
    void conflicts() {
        Session session = sessions.open(null);
        session.put("a", 1);
        session.save();
        String id = session.id().value();
        Session strict = sessions.open(id, Concurrency.STRICT);
        session.put("b", 2);
        session.save();
        heard.clear();

        strict.put("c", 3);
        assertThat(strict.save()).isEqualTo(SaveOutcome.CONFLICT);
        assertThat(heard())
                .hasSize(2)
                .contains(new SessionEvent.Conflict(tag(session.id()), false))
                .last()
                .isInstanceOfSatisfying(
                        SessionEvent.Saved.class,
                        saved -> assertThat(saved.outcome()).isEqualTo(SaveOutcome.CONFLICT));

        Session merging = sessions.open(id);
        session.put("d", 4);
        session.save();
        heard.clear();
        merging.put("e", 5);
        merging.save();
        assertThat(heard())
                .hasSize(2)
                .last()
                .isInstanceOfSatisfying(
                        SessionEvent.Saved.class,
                        saved -> assertThat(saved.merged()).isTrue());
    }

    @Test
    @DisplayName("S78: an expired session is told when the store finds out")
    void expired() {
        Session session = sessions.open(null);
        session.put("a", 1);
        session.save();
        heard.clear();
        clock.advance(Duration.ofHours(1));
        assertThat(sessions.purge()).isOne();
        assertThat(heard())
                .hasSize(2)
                .startsWith(new SessionEvent.Ended(tag(session.id()), EndReason.EXPIRED, null))
                .last()
                .isInstanceOf(SessionEvent.Purged.class);
    }

    @Test
    @DisplayName("S78: a session that another ended is told as revoked")
    void revoked() {
        Session session = sessions.open(null);
        session.principal("alice");
        session.save();
        String handle = sessions.sessionsOf("alice").get(0).handle();
        heard.clear();
        assertThat(sessions.end("bob", handle)).isFalse();
        assertThat(sessions.end("alice", handle)).isTrue();
        assertThat(sessions.end("alice", handle)).isFalse();
        assertThat(heard()).containsExactly(new SessionEvent.Ended(tag(session.id()), EndReason.REVOKED, "alice"));
        assertThat(tag(session.id()).handle()).isEqualTo(handle);
    }

    @Test
    @DisplayName("S67: a payload that can't be read is told, and counts as absent")
    void undecodable() {
        Session session = sessions.open(null);
        session.put("a", 1);
        session.save();
        StoredSession stored = store.load(session.id().key()).orElseThrow();
        store.update(
                new StoredSession(
                        stored.key(),
                        1,
                        stored.createdAt(),
                        stored.lastAccessedAt(),
                        stored.expiresAt(),
                        stored.idleTimeout(),
                        null,
                        Payload.wrap(new byte[] {99, 1, 2})),
                1);
        heard.clear();
        assertThat(sessions.find(session.id().value())).isEmpty();
        assertThat(heard()).first().isInstanceOfSatisfying(SessionEvent.Undecodable.class, event -> {
            assertThat(event.session()).isEqualTo(tag(session.id()));
            assertThat(event.attribute()).isNull();
        });
    }

    @Test
    @DisplayName("a listener that throws breaks no request, and the next one still hears")
    void throwing() {
        List<SessionEvent> second = new CopyOnWriteArrayList<>();
        try (Sessions faulty = settings()
                .listener(event -> {
                    throw new IllegalStateException("listener");
                })
                .listener(event -> {
                    throw new NoClassDefFoundError("listener");
                })
                .listener(second::add)
                .build()) {
            Session session = faulty.open(null);
            session.put("a", 1);
            assertThat(session.save()).isEqualTo(SaveOutcome.CREATED);
            assertThat(second).hasSize(1);
        }
    }

    @Test
    @DisplayName("S78: an event's text holds a short keyed hash, neither the id nor the key")
    void tags() {
        SessionId id = sessions.newId();
        SessionKey key = id.key();
        String text = tag(id).toString();
        assertThat(text).matches("s-[0-9a-f]{16}").isEqualTo(tag(id).toString());
        assertThat(key.toString()).doesNotContain(text.substring(2));
        assertThat(new SessionTag(TagKey.random(), key).toString()).isNotEqualTo(text);
        assertThat(new SessionEvent.UnknownId(tag(id)).toString()).contains(text);
    }
}
