package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** R43: a node whose clock is wrong. */
class ClockJumpsTest {

    private final FakeClock wall = new FakeClock();
    private final AtomicLong nanos = new AtomicLong();
    private final ClockJumps jumps = new ClockJumps(wall, nanos::get);

    private void pass(Duration duration) {
        wall.advance(duration);
        nanos.addAndGet(duration.toNanos());
    }

    @Test
    @DisplayName("R43: time that passes, however long, is no jump, nor is a small correction")
    void steady() {
        assertThat(jumps.isAhead()).isFalse();
        pass(Duration.ofDays(30));
        assertThat(jumps.isAhead()).isFalse();
        wall.advance(Duration.ofSeconds(5));
        assertThat(jumps.isAhead()).isFalse();
        wall.advance(Duration.ofSeconds(-5));
        assertThat(jumps.isAhead()).isFalse();
    }

    @Test
    @DisplayName("R43: a jump of an hour or a year ahead is noticed, and believed after an hour")
    void ahead() {
        for (Duration jump : new Duration[] {Duration.ofHours(1), Duration.ofDays(365)}) {
            wall.advance(jump);
            assertThat(jumps.isAhead()).isTrue();
            pass(Duration.ofMinutes(59));
            assertThat(jumps.isAhead()).isTrue();
            pass(Duration.ofMinutes(1));
            assertThat(jumps.isAhead()).isFalse();
        }
    }

    @Test
    @DisplayName("R43: a jump that is taken back is over, and one back alone does no harm")
    void back() {
        wall.advance(Duration.ofHours(1));
        assertThat(jumps.isAhead()).isTrue();
        wall.advance(Duration.ofHours(-1));
        assertThat(jumps.isAhead()).isFalse();
        wall.advance(Duration.ofDays(-365));
        assertThat(jumps.isAhead()).isFalse();
    }
}
