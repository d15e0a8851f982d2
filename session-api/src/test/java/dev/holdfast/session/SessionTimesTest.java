package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.session.memory.MemorySessionStore;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoredSession;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** When sessions end; MISSION row M18. */
class SessionTimesTest {

    private static final Duration MILLI = Duration.ofMillis(1);

    private final FakeClock clock = new FakeClock();
    private final SessionStore store = MemorySessionStore.builder().clock(clock).build();

    private SessionsBuilder sessions() {
        return Sessions.builder(store).clock(clock).purgeInterval(Duration.ZERO).touchInterval(Duration.ZERO);
    }

    private static String stored(Sessions sessions) {
        Session session = sessions.open(null);
        session.put("a", 1);
        session.save();
        return session.id().value();
    }

    @Test
    @DisplayName("S19: the idle limit counts from the stored access, to the millisecond")
    void idle() {
        Sessions sessions = sessions().idleTimeout(Duration.ofMinutes(10)).build();
        String id = stored(sessions);
        clock.advance(Duration.ofMinutes(10).minus(MILLI));
        assertThat(sessions.open(id).save()).isEqualTo(SaveOutcome.TOUCHED);
        clock.advance(Duration.ofMinutes(10).minus(MILLI));
        assertThat(sessions.find(id)).isPresent();
        clock.advance(MILLI);
        assertThat(sessions.find(id)).isEmpty();
        clock.advance(MILLI);
        assertThat(sessions.find(id)).isEmpty();
    }

    @Test
    @DisplayName("S20: the absolute limit survives touch, save and a rotated id")
    void absolute() {
        Sessions sessions = sessions()
                .idleTimeout(Duration.ofMinutes(10))
                .absoluteTimeout(Duration.ofMinutes(30))
                .build();
        String id = stored(sessions);
        for (int minute = 5; minute < 30; minute += 5) {
            clock.advance(Duration.ofMinutes(5));
            Session session = sessions.open(id);
            switch (minute % 15) {
                case 0 -> session.put("minute", minute);
                case 5 -> id = session.rotateId().value();
                default -> session.get("a");
            }
            session.save();
            assertThat(session.expiresAt())
                    .isBeforeOrEqualTo(session.createdAt().plus(Duration.ofMinutes(30)));
        }
        clock.advance(Duration.ofMinutes(5).minus(MILLI));
        assertThat(sessions.find(id)).isPresent();
        clock.advance(MILLI);
        assertThat(sessions.find(id)).isEmpty();
    }

    @Test
    @DisplayName("S21: expiry is decided at read, also on a store whose own clock is late")
    void decided_at_read() {
        FakeClock late = new FakeClock();
        try (SessionStore neverExpiring =
                MemorySessionStore.builder().clock(late).build()) {
            Sessions sessions = Sessions.builder(neverExpiring)
                    .clock(clock)
                    .purgeInterval(Duration.ZERO)
                    .build();
            String id = stored(sessions);
            clock.advance(Duration.ofHours(1));
            assertThat(neverExpiring.load(SessionId.parse(id).orElseThrow().key()))
                    .isPresent();
            assertThat(sessions.find(id)).isEmpty();
        }
    }

    @Test
    @DisplayName("S22: only this side decides how long a session lives: a late, older touch prolongs nothing")
    void client_cannot_extend() {
        Sessions sessions = sessions().idleTimeout(Duration.ofMinutes(10)).build();
        String id = stored(sessions);
        Session slow = sessions.open(id);
        clock.advance(Duration.ofMinutes(5));
        sessions.open(id).save();
        Instant expiry = store.load(slow.id().key()).orElseThrow().expiresAt();
        slow.put("b", 2);
        slow.save();
        assertThat(store.load(slow.id().key()).orElseThrow().expiresAt()).isEqualTo(expiry);
    }

    @Test
    @DisplayName("S23: zero and negative durations are refused, huge ones mean never")
    void durations() {
        for (Duration none : new Duration[] {Duration.ZERO, Duration.ofMillis(-1), Duration.ofNanos(999_999)}) {
            assertThatThrownBy(() -> sessions().idleTimeout(none))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("idleTimeout");
            assertThatThrownBy(() -> sessions().absoluteTimeout(none)).isInstanceOf(IllegalArgumentException.class);
            Session session = sessions().build().open(null);
            assertThatThrownBy(() -> session.idleTimeout(none)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> sessions().touchInterval(MILLI.negated()))
                .isInstanceOf(IllegalArgumentException.class);
        for (Duration huge : new Duration[] {
            Duration.ofSeconds(Long.MAX_VALUE), Duration.ofMillis(Long.MAX_VALUE), StoredSession.NO_IDLE_TIMEOUT
        }) {
            Sessions sessions =
                    sessions().idleTimeout(huge).absoluteTimeout(huge).build();
            String id = stored(sessions);
            clock.advance(Duration.ofDays(365_000));
            assertThat(sessions.open(id).expiresAt()).isEqualTo(StoredSession.NEVER);
            assertThat(sessions.open(id).save()).isEqualTo(SaveOutcome.TOUCHED);
            assertThat(store.load(SessionId.parse(id).orElseThrow().key())
                            .orElseThrow()
                            .neverExpires())
                    .isTrue();
            sessions.open(id).invalidate();
            assertThat(sessions.find(id)).isEmpty();
        }
    }

    @Test
    @DisplayName("S24: clocks that are 5 minutes apart shift the end of a session by 5 minutes at most")
    void skew() {
        FakeClock ahead = new FakeClock();
        ahead.advance(Duration.ofMinutes(5));
        FakeClock behind = new FakeClock();
        behind.advance(Duration.ofMinutes(-5));
        for (FakeClock other : new FakeClock[] {ahead, behind}) {
            Sessions here = sessions().idleTimeout(Duration.ofMinutes(30)).build();
            Sessions there =
                    sessions().idleTimeout(Duration.ofMinutes(30)).clock(other).build();
            String id = stored(here);
            Instant straight = store.load(SessionId.parse(id).orElseThrow().key())
                    .orElseThrow()
                    .expiresAt();
            Session session = there.open(id);
            session.put("b", 2);
            assertThat(session.save()).isEqualTo(SaveOutcome.UPDATED);
            Instant skewed = store.load(SessionId.parse(id).orElseThrow().key())
                    .orElseThrow()
                    .expiresAt();
            assertThat(Duration.between(straight, skewed).abs()).isLessThanOrEqualTo(Duration.ofMinutes(5));
            assertThat(here.find(id)).isPresent();
        }
    }

    @Test
    @DisplayName("S25: throttled touches never shorten the idle limit, nor lengthen it by more than the interval")
    void throttle() {
        long seed = System.nanoTime();
        System.out.println("SessionTimesTest.throttle seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            Duration idle = Duration.ofMillis(1 + random.nextInt(3_600_000));
            Duration interval = Duration.ofMillis(random.nextInt(300_000));
            Sessions sessions =
                    sessions().idleTimeout(idle).touchInterval(interval).build();
            String id = stored(sessions);
            for (int request = 0; request < 10; request++) {
                clock.advance(Duration.ofMillis(random.nextLong(idle.toMillis())));
                assertThat(sessions.find(id))
                        .as("idle %s, interval %s", idle, interval)
                        .isPresent();
                sessions.open(id).save();
            }
            clock.advance(idle.minus(MILLI));
            assertThat(sessions.find(id))
                    .as("idle %s, interval %s", idle, interval)
                    .isPresent();
            clock.advance(interval.plus(MILLI));
            assertThat(sessions.find(id))
                    .as("idle %s, interval %s", idle, interval)
                    .isEmpty();
        }
    }

    @Test
    @DisplayName("a session's own idle timeout counts from its next save on, longer or shorter")
    void own_idle_timeout() {
        Sessions sessions = sessions().idleTimeout(Duration.ofMinutes(30)).build();
        String id = stored(sessions);
        Session session = sessions.open(id);
        session.idleTimeout(Duration.ofMinutes(1));
        assertThat(session.save()).isEqualTo(SaveOutcome.UPDATED);
        clock.advance(Duration.ofMinutes(1).minus(MILLI));
        assertThat(sessions.open(id).idleTimeout()).isEqualTo(Duration.ofMinutes(1));
        clock.advance(MILLI);
        assertThat(sessions.find(id)).isEmpty();
    }
}
