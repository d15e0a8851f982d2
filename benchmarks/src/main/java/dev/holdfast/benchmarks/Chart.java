package dev.holdfast.benchmarks;

import java.util.List;

/** The parts of the page, as its template takes them. */
final class Chart {

    private Chart() {}

    record Section(String title, String lead, List<Card> cards) {}

    /** What stands together in a frame, mostly an engine. */
    record Card(String title, String note, List<Group> groups) {}

    /** What is compared, mostly an operation. */
    record Group(String title, String note, List<Bar> bars) {}
}
