package dev.holdfast.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * A goal that is no share of a floor.
 *
 * @param value what was measured, not a number if nothing was
 * @param most what it should be at most
 */
record Check(String what, String store, double value, double most) {

    /** Three tenths of the speed. */
    private static final double HOT_MOST = 3.33;

    private static final double HEAP_MOST = 1.3 * Footprint.PAYLOAD_BYTES + 200;

    /** Returns the goals of what took part in a comparison. */
    static List<Check> of(Results results) {
        List<Check> checks = new ArrayList<>();
        for (Contender store : Contender.values()) {
            if (store.role() == Contender.Role.STORE && results.has(store.engine())) {
                checks.add(new Check(
                        "writes of many sessions ÷ of one hot session, by 8 threads: operations a second",
                        store.label(),
                        writes(results, store, "write") / writes(results, store, "hot"),
                        HOT_MOST));
            }
            if (store.role() == Contender.Role.STORE && store.purges() && results.has(store.engine())) {
                checks.add(new Check(
                        "purging 1,000 expired among 1,000,000 live ÷ among 10,000: time",
                        store.label(),
                        of(results, store, "1,000 expired among 1,000,000 live", Check::time)
                                / of(results, store, "1,000 expired among 10,000 live", Check::time),
                        1.5));
                checks.add(new Check(
                        "a load beside a purge ÷ beside none: p99",
                        store.label(),
                        of(results, store, Load.PURGING, Check::p99) / of(results, store, Load.NOT_PURGING, Check::p99),
                        1.5));
            }
        }
        if (results.has("redis")) {
            checks.add(new Check(
                    "a read through Sessions ÷ the floor's: bytes allocated",
                    "redis",
                    first(
                            results,
                            row -> row.engine().equals("redis")
                                    && !row.peer()
                                    && row.layer().equals("sessions")
                                    && row.operation().equals("read")
                                    && row.isBase(),
                            row -> row.own().bytes() / row.floor().bytes()),
                    3));
        }
        if (results.has("memory")) {
            checks.add(new Check(
                    "heap of an idle session with " + Footprint.PAYLOAD_BYTES + " bytes: bytes",
                    "memory",
                    size(results, Contender.MEMORY.name(), Size.HEAP),
                    HEAP_MOST));
        }
        checks.add(new Check(
                "ten attributes ÷ JDK serialization's: bytes",
                "any",
                size(results, Coding.SESSIONS, Size.STORED) / size(results, Coding.JDK, Size.STORED),
                0.6));
        return checks;
    }

    private static double of(Results results, Contender store, String load, ToDoubleFunction<Row> value) {
        return first(
                results,
                row -> !row.peer()
                        && row.layer().equals("store")
                        && row.engine().equals(store.engine())
                        && row.load().equals(load),
                value);
    }

    private static double writes(Results results, Contender store, String operation) {
        return first(
                results,
                row -> !row.peer()
                        && row.layer().equals("sessions")
                        && row.engine().equals(store.engine())
                        && row.operation().equals(operation)
                        && row.load().equals("ten attributes, 8 threads"),
                row -> row.own().median());
    }

    private static double first(Results results, Predicate<Row> which, ToDoubleFunction<Row> value) {
        return results.rows().stream()
                .filter(which)
                .mapToDouble(value)
                .findFirst()
                .orElse(Double.NaN);
    }

    private static double size(Results results, String contender, String what) {
        return results.sizes().stream()
                .filter(size ->
                        size.contender().equals(contender) && size.what().equals(what))
                .mapToDouble(Size::bytes)
                .findFirst()
                .orElse(Double.NaN);
    }

    private static double time(Row row) {
        return 1 / row.own().median();
    }

    private static double p99(Row row) {
        return row.own().percentiles().p99();
    }

    boolean measured() {
        return !Double.isNaN(value);
    }

    boolean missed() {
        return value > most;
    }

    /** Returns what was measured as a text, or that it is pending. */
    String shown() {
        return measured() ? shown(value) : "pending";
    }

    /** Returns the goal as a text. */
    String goal() {
        return "≤ " + shown(most);
    }

    /** Returns {@code met}, {@code missed}, or nothing while it is pending. */
    String verdict() {
        return !measured() ? "" : missed() ? "missed" : "met";
    }

    private static String shown(double number) {
        return String.format(Locale.ROOT, number >= 100 ? "%,.0f" : "%.2f", number);
    }
}
