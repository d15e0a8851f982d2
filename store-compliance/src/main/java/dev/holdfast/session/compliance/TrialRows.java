package dev.holdfast.session.compliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.session.Concurrency;
import dev.holdfast.session.SaveOutcome;
import dev.holdfast.session.Session;
import dev.holdfast.session.spi.StoredSession;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** M14: changes are dropped, a session is seen afresh, or only read. */
abstract class TrialRows extends Rows {

    TrialRows(SessionRows rows) {
        super(rows);
    }

    @Test
    @DisplayName("M14: discard drops what this request changed, and asks no store")
    void discard() {
        String id = stored("a", 1);
        Session session = nodeA.open(id);
        storeA.calls();
        session.put("a", 2);
        session.put("b", 2);
        session.compute("c", old -> 3);
        session.neverExpire();
        session.discard();
        assertThat(session.names()).containsExactly("a");
        assertThat(session.get("a")).isEqualTo(1);
        assertThat(session.expiresAt()).isNotEqualTo(StoredSession.NEVER);
        assertThat(session.save()).isEqualTo(SaveOutcome.UNCHANGED);
        assertThat(storeA.calls()).isEmpty();
    }

    @Test
    @DisplayName("M14: reload shows what is stored now, and finds out that the session has ended")
    void reload() {
        String id = stored("a", 1);
        Session session = nodeA.open(id);
        session.put("b", 2);
        Session other = nodeB.open(id);
        other.put("a", 3);
        other.save();
        storeA.calls();
        session.reload();
        assertThat(storeA.calls()).containsExactly("load");
        assertThat(session.get("a")).isEqualTo(3);
        assertThat(session.contains("b")).isFalse();

        other.invalidate();
        session.reload();
        assertThat(session.isEnded()).isTrue();
    }

    @Test
    @DisplayName("M14: a session that was opened read-only changes nothing but its last access")
    void read_only() {
        String id = stored("a", 1);
        clock.advance(Duration.ofMinutes(2));
        Session reader = nodeA.open(id, Concurrency.READ_ONLY);
        assertThat(reader.get("a")).isEqualTo(1);
        assertThatThrownBy(() -> reader.put("a", 2)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> reader.compute("a", old -> 2)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(reader::rotateId).isInstanceOf(IllegalStateException.class);
        assertThat(reader.save()).isEqualTo(SaveOutcome.TOUCHED);
        assertThat(nodeB.open(id).get("a")).isEqualTo(1);
    }
}
