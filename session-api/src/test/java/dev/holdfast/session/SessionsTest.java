package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.session.codec.UnencodableValueException;
import dev.holdfast.session.memory.MemorySessionStore;
import dev.holdfast.session.spi.PayloadTooLargeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a session does for one request after the other; MISSION rows M6 to M14. */
class SessionsTest {

    private final FakeClock clock = new FakeClock();
    private CountingStore store;
    private Sessions sessions;

    @BeforeEach
    void open() {
        store = new CountingStore(MemorySessionStore.builder().clock(clock).build());
        sessions = Sessions.builder(store)
                .clock(clock)
                .purgeInterval(Duration.ZERO)
                .build();
    }

    @AfterEach
    void close() {
        sessions.close();
        store.close();
    }

    private String stored(String name, Object value) {
        Session session = sessions.open(null);
        session.put(name, value);
        assertThat(session.save()).isEqualTo(SaveOutcome.CREATED);
        store.calls();
        return session.id().value();
    }

    @Test
    @DisplayName("M6: open loads the session of the presented id, or begins a new one")
    void open_or_new() {
        String id = stored("visits", 1);

        Session known = sessions.open(id);
        assertThat(known.isNew()).isFalse();
        assertThat(known.get("visits", Integer.class)).isEqualTo(1);

        Session unknown = sessions.open(null);
        assertThat(unknown.isNew()).isTrue();
        assertThat(unknown.isStored()).isFalse();
        assertThat(unknown.names()).isEmpty();
        assertThat(sessions.find(unknown.id().value())).isEmpty();
    }

    @Test
    @DisplayName("M8: attributes are put, read by type, tested, listed and removed")
    void attributes() {
        Session session = sessions.open(null);
        session.put("user", "alice");
        session.put("cart", List.of("tea", "bread"));
        session.put("id", UUID.fromString("00000000-0000-0000-0000-000000000001"));
        session.save();

        Session again = sessions.open(session.id().value());
        assertThat(again.names()).containsExactlyInAnyOrder("user", "cart", "id");
        assertThat(again.contains("user")).isTrue();
        assertThat(again.get("user", String.class)).isEqualTo("alice");
        assertThat(again.get("cart")).isEqualTo(List.of("tea", "bread"));
        assertThat(again.get("nothing")).isNull();
        assertThatThrownBy(() -> again.get("user", Integer.class))
                .isInstanceOf(ClassCastException.class)
                .hasMessageContaining("'user'")
                .hasMessageContaining("java.lang.String")
                .hasMessageContaining("java.lang.Integer");

        again.remove("user");
        again.put("cart", null);
        assertThat(again.contains("user")).isFalse();
        again.save();
        assertThat(sessions.open(session.id().value()).names()).containsExactly("id");
    }

    @Test
    @DisplayName("M9: clear removes every attribute, and the session goes on")
    void clear() {
        String id = stored("a", 1);
        Session session = sessions.open(id);
        session.clear();
        assertThat(session.isEmpty()).isTrue();
        session.put("b", 2);
        assertThat(session.save()).isEqualTo(SaveOutcome.UPDATED);
        assertThat(sessions.open(id).names()).containsExactly("b");
    }

    @Test
    @DisplayName("M10: invalidate deletes the record, and nothing brings it back")
    void invalidate() {
        String id = stored("a", 1);
        Session parallel = sessions.open(id);
        parallel.put("b", 2);

        Session session = sessions.open(id);
        session.invalidate();
        assertThat(session.isEnded()).isTrue();
        assertThat(session.save()).isEqualTo(SaveOutcome.GONE);
        assertThatThrownBy(() -> session.get("a")).isInstanceOf(IllegalStateException.class);
        session.invalidate();

        assertThat(parallel.save()).isEqualTo(SaveOutcome.GONE);
        assertThat(parallel.isEnded()).isTrue();
        assertThat(sessions.find(id)).isEmpty();
    }

    @Test
    @DisplayName("M11: rotateId moves the session to a new id, and the old one is dead")
    void rotate() {
        String old = stored("a", 1);
        Session session = sessions.open(old);
        session.put("b", 2);
        String current = session.rotateId().value();

        assertThat(store.calls()).containsExactly("load", "create", "update");
        assertThat(current).isNotEqualTo(old);
        assertThat(sessions.find(old)).isEmpty();
        assertThat(sessions.open(current).names()).containsExactlyInAnyOrder("a", "b");
        assertThat(session.save()).isEqualTo(SaveOutcome.UNCHANGED);
        session.put("c", 3);
        assertThat(session.save()).isEqualTo(SaveOutcome.UPDATED);
    }

    @Test
    @DisplayName("M11: a write under the old id that comes between the two steps of rotateId is moved too")
    void rotate_takes_a_parallel_write_along() {
        String old = stored("a", 1);
        Session parallel = sessions.open(old);
        parallel.put("b", 2);
        Session session = sessions.open(old);
        store.beforeUpdate = () -> assertThat(parallel.save()).isEqualTo(SaveOutcome.UPDATED);
        String current = session.rotateId().value();

        assertThat(sessions.open(current).names()).containsExactlyInAnyOrder("a", "b");
        assertThat(sessions.find(old)).isEmpty();
        parallel.put("late", true);
        assertThat(parallel.save()).isEqualTo(SaveOutcome.GONE);
    }

    @Test
    @DisplayName("M11: a session that is ended while its id is rotated stays ended, under both ids")
    void rotate_loses_against_invalidate() {
        String old = stored("a", 1);
        Session session = sessions.open(old);
        store.beforeUpdate = () -> sessions.open(old).invalidate();
        assertThatThrownBy(session::rotateId).isInstanceOf(IllegalStateException.class);
        assertThat(session.isEnded()).isTrue();
        assertThat(sessions.find(old)).isEmpty();
        assertThat(((MemorySessionStore) store.delegate()).scan()).isEmpty();
    }

    @Test
    @DisplayName("M12: saving twice costs once; an unchanged session costs nothing within the touch interval")
    void save_costs() {
        Session session = sessions.open(null);
        session.put("a", 1);
        session.save();
        assertThat(session.save()).isEqualTo(SaveOutcome.UNCHANGED);
        assertThat(store.calls()).containsExactly("create");

        clock.advance(Duration.ofSeconds(59));
        Session reader = sessions.open(session.id().value());
        reader.get("a");
        reader.put("a", 1);
        assertThat(reader.save()).isEqualTo(SaveOutcome.UNCHANGED);
        assertThat(store.calls()).containsExactly("load");

        clock.advance(Duration.ofSeconds(1));
        Session later = sessions.open(session.id().value());
        assertThat(later.save()).isEqualTo(SaveOutcome.TOUCHED);
        assertThat(later.save()).isEqualTo(SaveOutcome.UNCHANGED);
        assertThat(store.calls()).containsExactly("load", "touch");
    }

    @Test
    @DisplayName("M12: a value changed in place is saved without another put")
    void dirty_by_bytes() {
        String id = stored("cart", new ArrayList<>(List.of("tea")));
        Session session = sessions.open(id);
        @SuppressWarnings("unchecked")
        List<String> cart = (List<String>) Objects.requireNonNull(session.get("cart"));
        cart.add("bread");
        assertThat(session.save()).isEqualTo(SaveOutcome.UPDATED);
        cart.add("salt");
        assertThat(session.save()).isEqualTo(SaveOutcome.UPDATED);
        assertThat(sessions.open(id).get("cart")).isEqualTo(List.of("tea", "bread", "salt"));
    }

    @Test
    @DisplayName("M14: discard forgets this request's changes, reload shows what is stored, read-only changes nothing")
    void discard_reload_read_only() {
        String id = stored("a", 1);
        Session session = sessions.open(id);
        session.put("a", 2);
        session.put("b", 2);
        session.idleTimeout(Duration.ofHours(9));
        session.discard();
        assertThat(session.get("a")).isEqualTo(1);
        assertThat(session.contains("b")).isFalse();
        assertThat(session.save()).isEqualTo(SaveOutcome.UNCHANGED);

        Session other = sessions.open(id);
        other.put("a", 3);
        other.save();
        session.reload();
        assertThat(session.get("a")).isEqualTo(3);

        Session reader = sessions.open(id, Concurrency.READ_ONLY);
        assertThat(reader.get("a")).isEqualTo(3);
        assertThatThrownBy(() -> reader.put("a", 4)).isInstanceOf(IllegalStateException.class);

        other.invalidate();
        session.reload();
        assertThat(session.isEnded()).isTrue();
    }

    @Test
    @DisplayName("a session that is empty or was only looked at is never stored")
    void nothing_for_nothing() {
        Session session = sessions.open(null);
        session.get("a");
        session.put("a", 1);
        session.remove("a");
        assertThat(session.save()).isEqualTo(SaveOutcome.UNCHANGED);
        session.rotateId();
        session.invalidate();
        assertThat(store.calls()).isEmpty();
    }

    @Test
    @DisplayName("merge: parallel requests that change different attributes lose nothing")
    void merge() {
        String id = stored("a", 1);
        Session one = sessions.open(id);
        Session two = sessions.open(id);
        one.put("one", 1);
        one.remove("a");
        two.put("two", 2);
        two.get("a");
        assertThat(one.save()).isEqualTo(SaveOutcome.UPDATED);
        store.calls();
        assertThat(two.save()).isEqualTo(SaveOutcome.UPDATED);
        assertThat(store.calls()).containsExactly("update", "load", "update");
        assertThat(sessions.open(id).names()).containsExactlyInAnyOrder("one", "two");
        assertThat(two.get("a"))
                .as("what was read before the merge is not kept")
                .isNull();
    }

    @Test
    @DisplayName("strict: the later save reports the conflict and keeps its changes until reload")
    void strict() {
        String id = stored("a", 1);
        Session one = sessions.open(id, Concurrency.STRICT);
        Session two = sessions.open(id, Concurrency.STRICT);
        one.put("a", 2);
        two.put("a", 3);
        assertThat(one.save()).isEqualTo(SaveOutcome.UPDATED);
        assertThat(two.save()).isEqualTo(SaveOutcome.CONFLICT);
        assertThat(two.get("a")).isEqualTo(3);
        assertThat(sessions.open(id).get("a")).isEqualTo(2);
        two.reload();
        two.put("a", 3);
        assertThat(two.save()).isEqualTo(SaveOutcome.UPDATED);
    }

    @Test
    @DisplayName("a principal's sessions are listed by handle, and ended one by one, or all but this")
    void principals() {
        Session one = loggedIn("alice");
        clock.advance(Duration.ofSeconds(1));
        Session two = loggedIn("alice");
        clock.advance(Duration.ofSeconds(1));
        Session three = loggedIn("alice");
        Session bob = loggedIn("bob");
        Sessions direct = Sessions.builder(store.delegate())
                .clock(clock)
                .purgeInterval(Duration.ZERO)
                .build();

        List<SessionSummary> summaries = direct.sessionsOf("alice");
        assertThat(summaries).hasSize(3);
        assertThat(three.isHandle(summaries.get(0).handle())).isTrue();
        assertThat(summaries.toString())
                .doesNotContain(one.id().value(), two.id().value(), three.id().value());
        assertThat(direct.find(summaries.get(0).handle()))
                .as("a handle is no id")
                .isEmpty();

        assertThat(direct.end("bob", summaries.get(2).handle())).isFalse();
        assertThat(direct.end("alice", summaries.get(2).handle())).isTrue();
        assertThat(direct.end("alice", summaries.get(2).handle())).isFalse();
        assertThat(direct.end("alice", "../../etc/passwd")).isFalse();
        assertThat(sessions.find(one.id().value())).isEmpty();

        assertThat(direct.endOthers(three)).isEqualTo(1);
        assertThat(direct.sessionsOf("alice")).hasSize(1);
        assertThat(direct.endAll("alice")).isEqualTo(1);
        assertThat(sessions.find(three.id().value())).isEmpty();
        assertThat(sessions.find(bob.id().value())).isPresent();
        assertThatThrownBy(() -> sessions.sessionsOf("alice"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("CountingStore");
    }

    private Session loggedIn(String principal) {
        Session session = sessions.open(null);
        session.principal(principal);
        session.put("who", principal);
        session.save();
        assertThat(sessions.open(session.id().value()).principal()).contains(principal);
        return session;
    }

    @Test
    @DisplayName("S68: names, number and bytes of attributes are capped before any store call")
    void caps() {
        Sessions small = Sessions.builder(store)
                .maxAttributes(2)
                .maxPayloadBytes(100)
                .purgeInterval(Duration.ZERO)
                .build();
        Session session = small.open(null);
        session.put("n".repeat(256), 1);
        assertThatThrownBy(() -> session.put("n".repeat(257), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("256")
                .hasMessageContaining("257");
        assertThatThrownBy(() -> session.put("\uD800", 1)).isInstanceOf(IllegalArgumentException.class);
        session.clear();
        session.put("a", 1);
        session.put("b", 1);
        session.put("b", 2);
        assertThatThrownBy(() -> session.put("c", 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("at most 2");
        session.put("b", "x".repeat(100));
        assertThatThrownBy(session::save).isInstanceOfSatisfying(PayloadTooLargeException.class, tooLarge -> {
            assertThat(tooLarge.limit()).isEqualTo(100);
            assertThat(tooLarge.size()).isGreaterThan(100);
        });
        assertThat(store.calls()).isEmpty();
        session.put("b", 1);
        assertThat(session.save()).isEqualTo(SaveOutcome.CREATED);
    }

    @Test
    @DisplayName("S69: no attribute name reaches what the session keeps about itself")
    void reserved_names() {
        Session session = sessions.open(null);
        Map<String, Object> odd = Map.of("", 1, "__x", 2, "id", 3, "principal", "eve", "expiresAt", 5, "\u0000", 6);
        odd.forEach(session::put);
        session.principal("alice");
        session.save();
        Session again = sessions.open(session.id().value());
        assertThat(again.names()).isEqualTo(odd.keySet());
        odd.forEach((name, value) -> assertThat(again.get(name)).isEqualTo(value));
        assertThat(again.principal()).contains("alice");
    }

    @Test
    @DisplayName("a type that no codec stores is refused at put, naming the line to add")
    void unregistered_type() {
        Session session = sessions.open(null);
        assertThatThrownBy(() -> session.put("cart", new Thread()))
                .isInstanceOf(UnencodableValueException.class)
                .hasMessageContaining("java.lang.Thread")
                .hasMessageContaining("Sessions.builder(store).codec(");
        assertThat(session.contains("cart")).isFalse();
    }
}
