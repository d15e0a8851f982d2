package dev.holdfast.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodingTest {

    @ParameterizedTest
    @ValueSource(ints = {10, 100})
    @DisplayName("Sessions and JDK serialization store the same attributes, Sessions in fewer bytes")
    void same(int attributes) {
        Coding ours = Coding.of(Coding.SESSIONS, attributes);
        Coding theirs = Coding.of(Coding.JDK, attributes);
        assertThat(ours.decode()).isEqualTo(1).isEqualTo(theirs.decode());
        assertThat(ours.recode()).hasToString("UPDATED");
        assertThat(((byte[]) theirs.recode()).length).isBetween(theirs.storedBytes(), theirs.storedBytes() + 10);
        assertThat(ours.encode()).hasToString("CREATED");
        assertThat(ours.storedBytes()).isBetween(60 * attributes, 75 * attributes);
        assertThat(ours.storedBytes()).isLessThan(theirs.storedBytes());
    }
}
