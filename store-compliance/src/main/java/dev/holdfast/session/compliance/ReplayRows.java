package dev.holdfast.session.compliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.holdfast.session.Session;
import dev.holdfast.session.SessionEndedException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** S61: an id that was used up, and is presented once more, ends its session. */
abstract class ReplayRows extends Rows {

    private static final Duration REMEMBERED = Duration.ofMinutes(15);

    ReplayRows(SessionRows rows) {
        super(rows);
    }

    private String replaced(String id) {
        return nodeA.open(id).rotateId(REMEMBERED).value();
    }

    @Test
    @DisplayName("S61: a used id that is presented once more ends the session, whichever node gave it its new one")
    void replay() {
        String old = stored("a", 1);
        String current = replaced(old);
        assertThat(nodeB.find(old)).isEmpty();
        assertThat(nodeB.find(current)).isPresent();

        assertThat(nodeB.endReplaced(old)).isTrue();
        assertThat(nodeA.find(current)).isEmpty();
        assertThat(nodeA.endReplaced(old)).as("and is forgotten").isFalse();
    }

    @Test
    @DisplayName("S61: so does one from before several new ids, and the session does not come back under any")
    void family() {
        String first = stored("a", 1);
        String second = replaced(first);
        String third = replaced(second);
        Session writer = nodeB.open(third);
        String last = replaced(third);
        assertThat(nodeB.endReplaced(first)).isTrue();
        writer.put("b", 2);
        writer.save();
        for (String id : List.of(first, second, third, last)) {
            assertThat(nodeA.find(id)).isEmpty();
            assertThat(nodeA.endReplaced(id)).isFalse();
        }
    }

    @Test
    @DisplayName("S61: a live id, an unknown one, what is no id, and one that was not remembered end nothing")
    void nothing() {
        String old = stored("a", 1);
        String current = nodeA.open(old).rotateId().value();
        for (String id : List.of(old, current, nodeA.open(null).id().value(), "x", "")) {
            assertThat(nodeB.endReplaced(id)).isFalse();
        }
        assertThat(nodeB.endReplaced(null)).isFalse();
        assertThat(nodeA.find(current)).isPresent();
    }

    @Test
    @DisplayName("S61: it is forgotten when its time is over")
    void forgotten() {
        String old = stored("a", 1);
        String current = replaced(old);
        clock.advance(REMEMBERED.plusMinutes(2));
        assertThat(nodeB.endReplaced(old)).isFalse();
        assertThat(nodeB.find(current)).isPresent();
    }

    @Test
    @DisplayName("S61: of two that use one id at once the loser can end the session")
    void together() {
        String old = stored("a", 1);
        Session client = nodeA.open(old);
        Session thief = nodeB.open(old);
        String current = thief.rotateId(REMEMBERED).value();
        assertThatThrownBy(() -> client.rotateId(REMEMBERED)).isInstanceOf(SessionEndedException.class);
        assertThat(nodeA.endReplaced(old)).isTrue();
        assertThat(nodeB.find(current)).isEmpty();
    }

    @Test
    @DisplayName("S61: one who replaces the id while it is being ended ends with it")
    void ended_while_replaced() {
        String old = stored("a", 1);
        String current = replaced(old);
        Session refreshing = nodeA.open(current);
        storeA.before("update", () -> assertThat(nodeB.endReplaced(old)).isTrue());
        assertThatThrownBy(() -> refreshing.rotateId(REMEMBERED)).isInstanceOf(SessionEndedException.class);
        assertThat(nodeB.find(refreshing.id().value())).isEmpty();
        assertThat(nodeB.find(current)).isEmpty();
    }

    @Test
    @DisplayName("S61: at whatever moment of that")
    void replaced_while_ended() {
        for (int load = 1; load <= 3; load++) {
            String old = stored("a", 1);
            String current = replaced(old);
            Session refreshing = nodeA.open(current);
            beforeLoad(load, () -> {
                Throwable tooLate = catchThrowable(() -> refreshing.rotateId(REMEMBERED));
                assertThat(tooLate == null || tooLate instanceof SessionEndedException)
                        .isTrue();
            });
            assertThat(nodeB.endReplaced(old)).isTrue();
            assertThat(nodeA.find(current)).isEmpty();
            assertThat(nodeA.find(refreshing.id().value()))
                    .as("replaced before load %d", load)
                    .isEmpty();
        }
    }

    private void beforeLoad(int number, Runnable action) {
        storeB.before("load", number == 1 ? action : () -> beforeLoad(number - 1, action));
    }

    @Test
    @DisplayName("S61: remembering costs a load and a write, and lasts 1 ms to 31 days")
    void cost() {
        Session session = nodeA.open(stored("a", 1));
        storeA.calls();
        session.rotateId(REMEMBERED);
        assertThat(storeA.calls()).containsExactly("load", "create", "create", "update");
        assertThatIllegalArgumentException().isThrownBy(() -> session.rotateId(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> session.rotateId(Duration.ofDays(32)));
    }
}
