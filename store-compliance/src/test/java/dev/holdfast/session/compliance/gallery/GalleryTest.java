package dev.holdfast.session.compliance.gallery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TimeZone;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Each broken store fails on exactly the promises it breaks, and the exam says what is wrong. */
@Tag("once")
final class GalleryTest {

    private static final TimeZone ZONE = TimeZone.getDefault();

    @BeforeAll
    static void useUtc() {
        // so that a store that keeps local times breaks the promise on time zones only
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    }

    @AfterAll
    static void restoreZone() {
        TimeZone.setDefault(ZONE);
    }

    static List<Broken> stores() {
        return Stream.of(
                        BrokenRoundTrips.stores(),
                        BrokenReads.stores(),
                        BrokenWrites.stores(),
                        BrokenTouches.stores(),
                        BrokenPurges.stores(),
                        BrokenFaults.stores(),
                        BrokenManners.stores(),
                        BrokenIndexes.stores(),
                        BrokenEvents.stores(),
                        BrokenLocks.stores())
                .flatMap(List::stream)
                .toList();
    }

    @TestFactory
    Stream<DynamicTest> eachFailsOnWhatItBreaks() {
        String only = System.getProperty("gallery", "");
        return stores().stream()
                .filter(broken -> broken.name().contains(only))
                .map(broken -> DynamicTest.dynamicTest(broken.toString(), () -> assertFails(broken)));
    }

    private static void assertFails(Broken broken) {
        Gallery.Report report = Gallery.examine(broken::subject);
        assertThat(report.broken()).as("promises failed: %s", report.failures).isEqualTo(broken.breaks());
        assertThat(report.failures.values().stream().flatMap(List::stream))
                .as("what the exam says of a store with " + broken.name())
                .anyMatch(failure -> failure.contains(broken.says()));
    }
}
