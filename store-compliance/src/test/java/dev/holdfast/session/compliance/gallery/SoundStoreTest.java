package dev.holdfast.session.compliance.gallery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the exam says of stores that keep their promises. */
final class SoundStoreTest {

    /** Each promise of the contract, and S05 of the security catalogue. */
    static Set<String> promises() {
        Set<String> promises = new TreeSet<>();
        Stream.of("L6", "C4", "U6", "T5", "D1", "P5", "X3", "Z1", "F6", "I4", "W1", "K4", "E1", "N1")
                .forEach(last -> IntStream.rangeClosed(1, last.charAt(1) - '0')
                        .forEach(number -> promises.add(last.substring(0, 1) + number)));
        promises.add("S05");
        return promises;
    }

    @Test
    @DisplayName("a sound store with all hooks passes each promise; only an engine's own expiry is skipped")
    void soundStorePasses() {
        Gallery.Report report = Gallery.examine(() -> new SoundBackend().with(SoundStore::new));
        Set<String> expected = promises();
        expected.remove("P5");
        assertThat(report.failures).isEmpty();
        assertThat(report.passed).isEqualTo(expected);
        assertThat(report.skips).hasSize(1);
        assertThat(report.skipped).containsExactly("P5");
    }
}
