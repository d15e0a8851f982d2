package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.session.codec.UndecodableValueException;
import dev.holdfast.session.codec.json.JsonCodec;
import dev.holdfast.session.memory.MemorySessionStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.node.ObjectNode;

/** Values whose class is gone, as after a deployment: the sessions after it have no codec for carts any more. */
class UndecodableTest {

    record Cart(List<String> items) {}

    private final CountingStore store = new CountingStore(MemorySessionStore.create());
    private final List<Sessions> opened = new ArrayList<>();
    private final List<SessionEvent> heard = new ArrayList<>();
    private final Sessions before = sessions(Undecodable.DROP_ATTRIBUTE, true);

    private Sessions sessions(Undecodable policy, boolean knowsCarts) {
        SessionsBuilder builder = Sessions.builder(store)
                .undecodable(policy)
                .purgeInterval(Duration.ZERO)
                .listener(heard::add);
        if (knowsCarts) {
            builder.codec(JsonCodec.builder().type("cart", Cart.class).build());
        }
        Sessions sessions = builder.build();
        opened.add(sessions);
        return sessions;
    }

    private Sessions after(Undecodable policy) {
        return sessions(policy, false);
    }

    private String stored() {
        Session session = before.open(null);
        session.put("cart", new Cart(List.of("tea")));
        session.put("carts", Map.of("later", List.of(new Cart(List.of("bread")))));
        session.put("user", "alice");
        session.save();
        store.calls();
        return session.id().value();
    }

    @AfterEach
    void close() {
        opened.forEach(Sessions::close);
        store.close();
    }

    @Test
    @DisplayName("S67: DROP_ATTRIBUTE: the attribute seems absent, all others are there, and nothing is written")
    void drop_attribute() {
        String id = stored();
        Session session = after(Undecodable.DROP_ATTRIBUTE).open(id);
        assertThat(session.get("cart")).isNull();
        assertThat(session.get("carts")).isNull();
        assertThat(session.get("user")).isEqualTo("alice");
        assertThat(session.contains("cart")).isFalse();
        assertThat(session.names()).containsExactly("user");
        assertThat(session.save()).isEqualTo(SaveOutcome.UNCHANGED);
        assertThat(store.calls()).containsExactly("load");
    }

    @Test
    @DisplayName(
            "R48: a node without the class leaves the value's bytes alone, also when it writes, for those that have it")
    void untouched() {
        String id = stored();
        Session session = after(Undecodable.DROP_ATTRIBUTE).open(id);
        session.get("cart");
        session.put("user", "bob");
        assertThat(session.save()).isEqualTo(SaveOutcome.UPDATED);

        Session again = before.open(id);
        assertThat(again.get("cart")).isEqualTo(new Cart(List.of("tea")));
        assertThat(again.get("user")).isEqualTo("bob");
    }

    @ParameterizedTest
    @EnumSource(
            value = Undecodable.class,
            names = {"DROP_ATTRIBUTE", "THROW"})
    @DisplayName("S67: an attribute that can't be read can be put and removed, and its session ends like any other")
    void never_undeletable(Undecodable policy) {
        String id = stored();
        Sessions after = after(policy);
        Session session = after.open(id);
        session.put("cart", "new");
        session.remove("carts");
        assertThat(session.save()).isEqualTo(SaveOutcome.UPDATED);
        assertThat(after.open(id).get("cart")).isEqualTo("new");
        assertThat(after.open(id).names()).containsExactlyInAnyOrder("cart", "user");

        String other = stored();
        after.open(other).invalidate();
        assertThat(before.find(other)).isEmpty();
        String cleared = stored();
        Session emptied = after.open(cleared);
        emptied.clear();
        emptied.save();
        assertThat(before.open(cleared).names()).isEmpty();
        String rotated = stored();
        assertThat(before.find(after.open(rotated).rotateId().value())
                        .orElseThrow()
                        .get("cart"))
                .isEqualTo(new Cart(List.of("tea")));
    }

    @Test
    @DisplayName("S67: THROW: reading the attribute throws the typed exception, and only that")
    void policy_throw() {
        Session session = after(Undecodable.THROW).open(stored());
        assertThatThrownBy(() -> session.get("cart"))
                .isInstanceOf(UndecodableValueException.class)
                .hasMessageContaining("format 2")
                .hasMessageNotContaining("tea");
        assertThatThrownBy(() -> session.get("cart")).isInstanceOf(UndecodableValueException.class);
        assertThat(session.get("user")).isEqualTo("alice");
        assertThat(session.contains("cart")).isTrue();
    }

    @Test
    @DisplayName("S67: DROP_SESSION: the session is deleted when it is opened, and the client gets a new one")
    void drop_session() {
        String id = stored();
        Sessions after = after(Undecodable.DROP_SESSION);
        Session session = after.open(id);
        assertThat(session.isNew()).isTrue();
        assertThat(session.names()).isEmpty();
        assertThat(session.id().value()).isNotEqualTo(id);
        assertThat(store.calls()).containsExactly("load", "delete");
        assertThat(heard)
                .filteredOn(SessionEvent.Ended.class::isInstance)
                .singleElement()
                .extracting(ended -> ((SessionEvent.Ended) ended).reason())
                .isEqualTo(EndReason.UNDECODABLE);
        assertThat(before.find(id)).isEmpty();

        Session fresh = after.open(null);
        fresh.put("user", "carol");
        fresh.save();
        assertThat(after.open(fresh.id().value()).get("user")).isEqualTo("carol");
    }

    record CartOfTwo(List<String> items, String currency) {}

    @Test
    @DisplayName(
            "R48: old and new nodes side by side: the new one upgrades what it reads, and stores that only with a change")
    void rolling_upgrade() {
        String id = stored();
        JsonCodec newCarts = JsonCodec.builder()
                .type("cart", CartOfTwo.class, List.of(cart -> ((ObjectNode) cart).put("currency", "EUR")))
                .build();
        try (Sessions newNode = Sessions.builder(store)
                .codec(newCarts)
                .purgeInterval(Duration.ZERO)
                .build()) {
            Session reader = newNode.open(id);
            assertThat(reader.get("cart")).isEqualTo(new CartOfTwo(List.of("tea"), "EUR"));
            assertThat(reader.save()).isEqualTo(SaveOutcome.UNCHANGED);
            assertThat(before.open(id).get("cart")).isEqualTo(new Cart(List.of("tea")));

            Session writer = newNode.open(id);
            writer.put("cart", new CartOfTwo(List.of("tea"), "USD"));
            writer.save();
            Session old = before.open(id);
            assertThat(old.get("cart")).isNull();
            old.put("user", "bob");
            old.save();
            assertThat(newNode.open(id).get("cart")).isEqualTo(new CartOfTwo(List.of("tea"), "USD"));
        }
    }
}
