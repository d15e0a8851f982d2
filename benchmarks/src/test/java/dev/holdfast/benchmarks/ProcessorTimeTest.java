package dev.holdfast.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ProcessorTimeTest {

    @Test
    @DisplayName("what the host takes is a share of all the time that the processors had meanwhile")
    void share() {
        ProcessorTime start =
                ProcessorTime.of("cpu  100 0 50 800 10 0 5 35 7 0").orElseThrow();
        ProcessorTime end =
                ProcessorTime.of("cpu  600 0 150 1000 10 0 5 235 9 0").orElseThrow();
        assertThat(start).isEqualTo(new ProcessorTime(35, 1000));
        assertThat(end.since(start)).isEqualTo("20.0 % of the processors' time");
        assertThat(end.since(end)).isEqualTo("0.0 % of the processors' time");
        assertThat(ProcessorTime.of("intr 1 2 3")).isEmpty();
        assertThat(ProcessorTime.of("cpu  1 2 3 4")).as("an old kernel").isEmpty();
    }
}
