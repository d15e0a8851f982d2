package dev.holdfast.session.compliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.session.SaveOutcome;
import dev.holdfast.session.Session;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** M6, M8, M9: a session is opened, filled, read and emptied. */
abstract class BeginningRows extends Rows {

    BeginningRows(SessionRows rows) {
        super(rows);
    }

    @Test
    @DisplayName(
            "M6: open finds the session of an id on every node, or begins a new one; an unknown id is never adopted")
    void open() {
        String id = stored("visits", 1);
        assertThat(nodeB.open(id).get("visits")).isEqualTo(1);
        assertThat(nodeB.open(id).isNew()).isFalse();
        nodeA.open(id).invalidate();

        Session session = nodeB.open(id);
        assertThat(session.isNew()).isTrue();
        assertThat(session.id().value()).isNotEqualTo(id);
        session.put("visits", 1);
        session.save();
        assertThat(nodeA.find(id)).isEmpty();
        assertThat(nodeA.find(session.id().value())).isPresent();
    }

    @Test
    @DisplayName("M6: a session that nobody filled leaves nothing in the store")
    void nothing_for_nothing() {
        Session session = nodeA.open(null);
        session.get("visits");
        session.put("visits", 1);
        session.remove("visits");
        assertThat(session.save()).isEqualTo(SaveOutcome.UNCHANGED);
        assertThat(session.isStored()).isFalse();
        assertThat(storeA.calls()).isEmpty();
    }

    @Test
    @DisplayName("M8: attributes are put, read by their type, tested, listed and removed")
    void attributes() {
        Session session = nodeA.open(null);
        session.put("name", "Ann");
        session.put("cart", List.of("tea", Map.of("bread", 2)));
        session.save();

        Session again = nodeB.open(session.id().value());
        assertThat(again.names()).containsExactlyInAnyOrder("name", "cart");
        assertThat(again.get("name", String.class)).isEqualTo("Ann");
        assertThat(again.get("cart")).isEqualTo(List.of("tea", Map.of("bread", 2)));
        assertThat(again.contains("name")).isTrue();
        assertThat(again.contains("age")).isFalse();
        assertThat(again.get("age")).isNull();
        assertThatThrownBy(() -> again.get("name", Integer.class)).isInstanceOf(ClassCastException.class);
        again.remove("name");
        assertThat(again.contains("name")).isFalse();
        again.save();
        assertThat(nodeA.open(session.id().value()).names()).containsExactly("cart");
    }

    @Test
    @DisplayName("M9: clear empties the session, which goes on under its id")
    void clear() {
        String id = stored("a", 1);
        Session session = nodeB.open(id);
        session.clear();
        assertThat(session.isEmpty()).isTrue();
        assertThat(session.save()).isEqualTo(SaveOutcome.UPDATED);
        assertThat(nodeA.open(id).isNew()).isFalse();
        assertThat(nodeA.open(id).names()).isEmpty();
    }

    @Test
    @DisplayName("S69: no attribute's name reaches what a session keeps about itself")
    void reserved_names() {
        Session session = nodeA.open(null);
        List<String> names = List.of("", "__x", "principal", "LOGIN", "AUTHENTICATED_AT", "\u0006", "\u0001\u0000");
        names.forEach(name -> session.put(name, "mallory"));
        session.save();
        String id = session.id().value();
        Session later = nodeB.open(id);
        assertThat(later.principal()).isEmpty();
        assertThat(later.authenticatedAt()).isEmpty();
        assertThat(later.names()).containsExactlyInAnyOrderElementsOf(names);
        later.clear();
        later.principal("alice");
        later.save();
        Session loggedIn = nodeA.open(id);
        assertThat(loggedIn.names()).isEmpty();
        loggedIn.clear();
        loggedIn.save();
        assertThat(nodeB.open(id).authenticatedAt()).isPresent();
    }
}
