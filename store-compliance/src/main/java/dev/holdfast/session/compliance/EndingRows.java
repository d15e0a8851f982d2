package dev.holdfast.session.compliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.session.GonePolicy;
import dev.holdfast.session.SaveOutcome;
import dev.holdfast.session.Session;
import dev.holdfast.session.SessionEndedException;
import dev.holdfast.session.SessionId;
import dev.holdfast.session.Sessions;
import dev.holdfast.session.spi.Payload;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** M10, S27, S28: what is ended stays ended. */
abstract class EndingRows extends Rows {

    EndingRows(SessionRows rows) {
        super(rows);
    }

    @Test
    @DisplayName("M10: invalidate deletes the record in one call, and the object is of no use any more")
    void invalidate() {
        String id = stored("a", 1);
        Session session = nodeA.open(id);
        storeA.calls();
        session.invalidate();
        session.invalidate();
        assertThat(storeA.calls()).containsExactly("delete");
        assertThat(session.isEnded()).isTrue();
        assertThat(session.save()).isEqualTo(SaveOutcome.GONE);
        assertThatThrownBy(() -> session.get("a")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> session.put("a", 1)).isInstanceOf(IllegalStateException.class);
        assertThat(nodeA.find(id)).isEmpty();
    }

    @Test
    @DisplayName("S27: after a log-out on one node every other node finds nothing, at once")
    void everywhere() {
        String id = stored("a", 1);
        assertThat(nodeB.find(id)).isPresent();
        nodeA.open(id).invalidate();
        assertThat(nodeB.find(id)).isEmpty();
        assertThat(nodeB.open(id).isNew()).isTrue();
    }

    @Test
    @DisplayName("S28: a save, a touch, a new id after another request's log-out are GONE, and write nothing")
    void nothing_resurrects() {
        String id = stored("a", 1);
        Session writer = nodeB.open(id);
        writer.put("a", 2);
        Session rotator = nodeB.open(id);
        clock.advance(Duration.ofMinutes(2));
        Session reader = nodeB.open(id);
        nodeA.open(id).invalidate();

        assertThat(writer.save()).isEqualTo(SaveOutcome.GONE);
        assertThat(reader.save()).isEqualTo(SaveOutcome.GONE);
        assertThatThrownBy(rotator::rotateId).isInstanceOf(SessionEndedException.class);
        assertThat(writer.isEnded() && reader.isEnded() && rotator.isEnded()).isTrue();
        assertThat(writer.id().value()).isEqualTo(id);
        assertThat(nodeA.find(id)).isEmpty();
        assertThat(nodeA.find(rotator.id().value())).isEmpty();
    }

    @Test
    @DisplayName("S28: an application may rather have an error than an outcome when its changes came too late")
    void gone_is_an_error() {
        Sessions failing = start(settings(storeB).gone(GonePolicy.FAIL));
        String id = stored("a", 1);
        Session writer = failing.open(id);
        writer.put("a", 2);
        clock.advance(Duration.ofMinutes(2));
        Session reader = failing.open(id);
        nodeA.open(id).invalidate();

        assertThatThrownBy(writer::save).isInstanceOf(SessionEndedException.class);
        assertThat(writer.save()).isEqualTo(SaveOutcome.GONE);
        assertThat(reader.save()).as("nothing of it was lost").isEqualTo(SaveOutcome.GONE);
        assertThat(nodeA.find(id)).isEmpty();
    }

    @Test
    @DisplayName(
            "S67: a session that can't be read counts as absent, and ends all the same by the id that is presented")
    void unreadable_ends() {
        for (boolean byTheId : new boolean[] {true, false}) {
            String id = stored("a", 1);
            SessionKey key = SessionId.parse(id).orElseThrow().key();
            StoredSession session = storeA.store().load(key).orElseThrow();
            Payload foreign = Payload.wrap(new byte[] {(byte) 200, 1, 2, 3});
            assertThat(storeA.store().update(session.withPayload(foreign), session.version()))
                    .isEqualTo(UpdateOutcome.APPLIED);

            assertThat(nodeB.find(id)).isEmpty();
            assertThat(storeA.store().load(key)).as("a newer node may read it").isPresent();
            storeB.calls();
            if (byTheId) {
                assertThat(nodeB.end(id)).isTrue();
                assertThat(nodeB.end(id)).isFalse();
            } else {
                Session fresh = nodeB.open(id);
                assertThat(fresh.isNew()).isTrue();
                assertThat(fresh.id().value()).isNotEqualTo(id);
                fresh.invalidate();
                assertThat(storeB.calls()).containsExactly("load", "load", "delete");
            }
            assertThat(storeA.store().load(key)).isEmpty();
        }
    }

    @Test
    @DisplayName("M10: a session is ended by its id without being opened; what is no id ends nothing")
    void end_by_id() {
        String id = stored("a", 1);
        assertThat(nodeB.end(id)).isTrue();
        assertThat(nodeA.find(id)).isEmpty();
        assertThat(nodeB.end(id)).isFalse();
        storeB.calls();
        assertThat(nodeB.end(null)).isFalse();
        for (String none : new String[] {"", "../x", "x".repeat(43) + "="}) {
            assertThat(nodeB.end(none)).isFalse();
        }
        assertThat(storeB.calls()).isEmpty();
    }
}
