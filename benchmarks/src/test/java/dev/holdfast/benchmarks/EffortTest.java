package dev.holdfast.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EffortTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 57, 144, 1000})
    @DisplayName("the minutes that are advised warm up long enough, and half of them do not")
    void minutes(int forks) {
        long advised = Effort.minutes(forks);
        assertThat(Effort.QUICK.warmUp(forks, Duration.ofMinutes(advised)))
                .isGreaterThanOrEqualTo(Effort.SHORTEST_WARM_UP);
        if (advised > 2) {
            assertThat(Effort.QUICK.warmUp(forks, Duration.ofMinutes(advised / 2)))
                    .isLessThan(Effort.SHORTEST_WARM_UP);
        }
    }
}
