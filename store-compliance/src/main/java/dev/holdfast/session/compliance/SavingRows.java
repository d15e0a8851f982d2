package dev.holdfast.session.compliance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.SaveOutcome;
import dev.holdfast.session.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** M12: what is saved, when, and what it costs, in calls to the store. */
abstract class SavingRows extends Rows {

    SavingRows(SessionRows rows) {
        super(rows);
    }

    @Test
    @DisplayName("M12: a session is saved at any time, again and again; what is saved is seen by others at once")
    void save() {
        Session session = nodeA.open(null);
        for (int i = 0; i < 3; i++) {
            session.put("n", i);
            assertThat(session.save()).isEqualTo(i == 0 ? SaveOutcome.CREATED : SaveOutcome.UPDATED);
            assertThat(nodeB.open(session.id().value()).get("n")).isEqualTo(i);
        }
    }

    @Test
    @DisplayName("M12: create is one call, and a second save of the same request none")
    void create_costs() {
        Session session = nodeA.open(null);
        session.put("n", 1);
        assertThat(storeA.calls()).isEmpty();
        assertThat(session.save()).isEqualTo(SaveOutcome.CREATED);
        assertThat(storeA.calls()).containsExactly("create");
        session.put("n", 1);
        assertThat(session.save()).isEqualTo(SaveOutcome.UNCHANGED);
        assertThat(storeA.calls()).isEmpty();
    }

    @Test
    @DisplayName("M12: a request that reads is one call, one that writes is two, a second save none")
    void request_costs() {
        String id = stored("n", 1);
        Session reader = nodeA.open(id);
        reader.get("n");
        reader.names();
        assertThat(reader.save()).isEqualTo(SaveOutcome.UNCHANGED);
        assertThat(storeA.calls()).containsExactly("load");

        Session writer = nodeA.open(id);
        writer.put("n", 2);
        assertThat(writer.save()).isEqualTo(SaveOutcome.UPDATED);
        assertThat(writer.save()).isEqualTo(SaveOutcome.UNCHANGED);
        assertThat(storeA.calls()).containsExactly("load", "update");
    }

    @Test
    @DisplayName("M12: a request that only reads stores its access at most once in a touch interval")
    void touch_costs() {
        String id = stored("n", 1);
        int touches = 0;
        for (int second = 0; second < 600; second += 10) {
            clock.advance(Duration.ofSeconds(10));
            nodeA.open(id).save();
            List<String> calls = storeA.calls();
            touches += calls.contains("touch") ? 1 : 0;
            assertThat(calls).startsWith("load").hasSizeLessThanOrEqualTo(2);
        }
        assertThat(touches).as("in 10 minutes, with an interval of one").isEqualTo(10);
    }

    @Test
    @DisplayName("M12: a new id is two calls, with the changes, and with grace as well")
    void rotation_costs() {
        Session session = nodeA.open(stored("n", 1));
        session.put("n", 2);
        storeA.calls();
        session.rotateId();
        assertThat(storeA.calls()).containsExactly("create", "update");
        session.put("n", 3);
        session.renewId(Duration.ofSeconds(30));
        assertThat(storeA.calls()).containsExactly("create", "update");
        assertThat(session.save()).isEqualTo(SaveOutcome.UNCHANGED);
        assertThat(storeA.calls()).isEmpty();
    }

    @Test
    @DisplayName("M12: an id that can't be one, and no id at all, cost no call")
    void no_id_costs() {
        nodeA.open(null);
        nodeA.open("");
        nodeA.open("x".repeat(44));
        nodeA.find("../../etc/passwd");
        assertThat(storeA.calls()).isEmpty();
    }

    @Test
    @DisplayName("M12: a list that was changed in place is saved without another put")
    void changed_in_place() {
        String id = stored("cart", new ArrayList<>(List.of("tea")));
        Session session = nodeA.open(id);
        @SuppressWarnings("unchecked")
        List<String> cart = (List<String>) Objects.requireNonNull(session.get("cart"));
        cart.add("bread");
        assertThat(session.save()).isEqualTo(SaveOutcome.UPDATED);
        cart.add("salt");
        assertThat(session.save()).isEqualTo(SaveOutcome.UPDATED);
        assertThat(nodeB.open(id).get("cart")).isEqualTo(List.of("tea", "bread", "salt"));
    }
}
