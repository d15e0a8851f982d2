package dev.holdfast.session.compliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.session.SaveOutcome;
import dev.holdfast.session.Session;
import dev.holdfast.session.SessionId;
import dev.holdfast.session.Sessions;
import dev.holdfast.session.spi.StoredSession;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** M18, R43: when sessions end, for all and for one. */
abstract class TimeRows extends Rows {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    TimeRows(SessionRows rows) {
        super(rows);
    }

    private static Duration minutes(int number) {
        return Duration.ofMinutes(number);
    }

    private StoredSession record(String id) {
        return storeA.store().load(SessionId.parse(id).orElseThrow().key()).orElseThrow();
    }

    @Test
    @DisplayName(
            "M18: a session that lies unused ends at its idle timeout, also before any purge; one that is used goes on")
    void idle() {
        String used = stored("a", 1);
        String unused = stored("a", 1);
        for (int i = 0; i < 4; i++) {
            clock.advance(minutes(10));
            assertThat(node(i).open(used).save()).isEqualTo(SaveOutcome.TOUCHED);
        }
        assertThat(nodeA.find(unused)).isEmpty();
        assertThat(nodeB.find(used)).isPresent();
        clock.advance(minutes(31));
        assertThat(nodeB.find(used)).isEmpty();
    }

    @Test
    @DisplayName("M18: one session may have an idle timeout of its own: shorter, or longer to remember its user")
    void own_idle_timeout() {
        Session remembered = nodeA.open(stored("a", 1));
        remembered.idleTimeout(Duration.ofDays(30));
        assertThat(remembered.save()).isEqualTo(SaveOutcome.UPDATED);
        Session brief = nodeA.open(stored("a", 1));
        brief.idleTimeout(MINUTE);
        brief.save();

        clock.advance(minutes(2));
        assertThat(nodeB.find(brief.id().value())).isEmpty();
        clock.advance(Duration.ofDays(29));
        Session again = nodeB.open(remembered.id().value());
        assertThat(again.idleTimeout()).isEqualTo(Duration.ofDays(30));
        assertThat(again.save()).isEqualTo(SaveOutcome.TOUCHED);
        clock.advance(Duration.ofDays(29));
        assertThat(nodeA.find(remembered.id().value())).isPresent();
        clock.advance(Duration.ofDays(2));
        assertThat(nodeA.find(remembered.id().value())).isEmpty();
    }

    @Test
    @DisplayName("M18: one session may have an absolute timeout of its own, which no use and no new id prolongs")
    void own_absolute_timeout() {
        Session session = nodeA.open(stored("a", 1));
        assertThat(session.absoluteTimeout()).isEmpty();
        session.absoluteTimeout(minutes(60));
        session.save();
        String id = session.id().value();
        for (int minute = 10; minute < 60; minute += 10) {
            clock.advance(minutes(10));
            Session used = nodeB.open(id);
            assertThat(used.absoluteTimeout()).contains(minutes(60));
            id = minute == 30 ? used.rotateId().value() : id;
            used.put("minute", minute);
            used.save();
        }
        clock.advance(minutes(10).minusMillis(1));
        assertThat(nodeA.find(id)).isPresent();
        clock.advance(Duration.ofMillis(1));
        assertThat(nodeA.find(id)).isEmpty();
    }

    @Test
    @DisplayName("M18: one session may never expire although the others do, until it is ended")
    void never() {
        Sessions limited = start(settings(storeA).absoluteTimeout(Duration.ofHours(8)));
        Session session = limited.open(null);
        session.put("a", 1);
        session.neverExpire();
        session.save();
        String id = session.id().value();
        assertThat(session.expiresAt()).isEqualTo(StoredSession.NEVER);
        assertThat(record(id).neverExpires()).isTrue();
        clock.jump(Duration.ofDays(36_500));
        Session later = limited.open(id);
        assertThat(later.isNew()).isFalse();
        later.put("a", 2);
        assertThat(later.save()).isEqualTo(SaveOutcome.UPDATED);
        assertThat(record(id).neverExpires()).isTrue();
        later.invalidate();
        assertThat(limited.find(id)).isEmpty();
    }

    @Test
    @DisplayName("M18: one session may have a touch interval of its own")
    void own_touch_interval() {
        Session session = nodeA.open(stored("a", 1));
        session.touchInterval(Duration.ZERO);
        session.save();
        String id = session.id().value();
        clock.advance(Duration.ofMillis(1));
        assertThat(nodeB.open(id).touchInterval()).isEqualTo(Duration.ZERO);
        assertThat(nodeB.open(id).save()).isEqualTo(SaveOutcome.TOUCHED);
        Session rare = nodeA.open(id);
        rare.touchInterval(minutes(2));
        rare.save();
        clock.advance(minutes(2).minusMillis(1));
        assertThat(nodeB.open(id).save()).isEqualTo(SaveOutcome.UNCHANGED);
    }

    @Test
    @DisplayName("M18: durations that make no sense are refused by name, huge ones mean for ever")
    void durations() {
        Session session = nodeA.open(null);
        Duration negative = Duration.ofMillis(-1);
        for (Duration wrong : List.of(Duration.ZERO, negative, Duration.ofNanos(999_999))) {
            assertThatThrownBy(() -> session.absoluteTimeout(wrong)).hasMessageContaining("absoluteTimeout");
            assertThatThrownBy(() -> session.idleTimeout(wrong)).hasMessageContaining("idleTimeout");
            assertThatThrownBy(() -> settings(storeA).lockLease(wrong)).hasMessageContaining("lockLease");
            assertThatThrownBy(() -> settings(storeA).renewal(wrong, MINUTE)).hasMessageContaining("interval");
            assertThatThrownBy(() -> settings(storeA).renewal(MINUTE, wrong)).hasMessageContaining("grace");
        }
        assertThatThrownBy(() -> session.touchInterval(negative)).hasMessageContaining("touchInterval");
        assertThatThrownBy(() -> settings(storeA).lockWait(negative)).hasMessageContaining("lockWait");
        Duration huge = Duration.ofSeconds(Long.MAX_VALUE);
        session.idleTimeout(huge);
        session.absoluteTimeout(huge);
        session.touchInterval(huge);
        session.put("a", 1);
        session.save();
        Session again = nodeB.open(session.id().value());
        assertThat(again.expiresAt()).isEqualTo(StoredSession.NEVER);
        assertThat(again.absoluteTimeout()).isEmpty();
    }

    @Test
    @DisplayName(
            "R43: a node whose clock jumps an hour, or a year, ends no session for the others, and prolongs none much")
    void clock_jumps() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            ids.add(stored("a", i));
        }
        Instant expiry = record(ids.get(0)).expiresAt();
        for (Duration jump :
                List.of(Duration.ofHours(1), Duration.ofHours(-1), Duration.ofDays(365), Duration.ofDays(-365))) {
            RowClock wrong = new RowClock(room.time);
            wrong.jump(jump);
            Sessions strayed = start(settings(storeB).clock(wrong).purgeInterval(Duration.ofMillis(2)));
            for (String id : ids) {
                strayed.find(id).ifPresent(session -> {
                    session.put("b", jump.toString());
                    session.save();
                });
            }
            strayed.purge();
            for (String id : ids) {
                assertThat(nodeA.find(id)).as("after a jump by %s", jump).isPresent();
                assertThat(record(id).expiresAt()).isEqualTo(expiry);
            }
        }
        clock.advance(minutes(31));
        assertThat(nodeA.find(ids.get(0))).isEmpty();
    }

    @Test
    @DisplayName("R43: touches never move a session's last access back, whatever the order in which they arrive")
    void monotonic() {
        String id = stored("a", 1);
        RowClock behind = new RowClock(room.time);
        behind.jump(minutes(-5));
        Sessions late = start(settings(storeB).clock(behind));
        clock.advance(minutes(10));
        Session earlier = nodeB.open(id);
        clock.advance(minutes(5));
        nodeA.open(id).save();
        Instant accessed = record(id).lastAccessedAt();
        earlier.save();
        late.open(id).save();
        Session writer = late.open(id);
        writer.put("b", 1);
        assertThat(writer.save()).isEqualTo(SaveOutcome.UPDATED);
        assertThat(record(id).lastAccessedAt()).isEqualTo(accessed);
    }
}
