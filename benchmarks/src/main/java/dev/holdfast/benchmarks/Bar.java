package dev.holdfast.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A line of a chart, as the page's template takes it: positions are percentages of the chart's width.
 *
 * @param kind {@code store}, {@code missed}, {@code peer} or {@code floor}
 * @param width how long it is, or nothing for no bar
 * @param value what it shows, in words
 * @param more what stands beside it in grey
 */
record Bar(
        String kind,
        String label,
        String width,
        List<Range> range,
        List<Mark> marks,
        List<Mark> dots,
        String value,
        String more) {

    /** The least and the greatest of the rounds. */
    record Range(String from, String width) {}

    record Mark(String kind, String at, String title) {}

    static Bar of(String kind, String label, double share, String value, String more) {
        return new Bar(kind, label, percent(share), List.of(), List.of(), List.of(), value, more);
    }

    static Bar pending(String label) {
        return new Bar("peer", label, "", List.of(), List.of(), List.of(), "pending", "");
    }

    /** Returns a line without a bar: points on a scale. */
    static Bar points(String kind, String label, List<Mark> dots, String value, String more) {
        return new Bar(kind, label, "", List.of(), List.of(), dots, value, more);
    }

    Bar ranging(double from, double to) {
        double start = clipped(from);
        return new Bar(
                kind,
                label,
                width,
                List.of(new Range(percent(start), percent(clipped(to) - start))),
                marks,
                dots,
                value,
                more);
    }

    Bar marked(String mark, double share, String title) {
        List<Mark> all = new ArrayList<>(marks);
        all.add(new Mark(mark, percent(share), title));
        return new Bar(kind, label, width, range, all, dots, value, more);
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f", 100 * clipped(share));
    }

    private static double clipped(double share) {
        return Math.max(0, Math.min(1, share));
    }
}
