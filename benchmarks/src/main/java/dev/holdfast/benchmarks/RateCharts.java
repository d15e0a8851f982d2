package dev.holdfast.benchmarks;

import dev.holdfast.benchmarks.Chart.Card;
import dev.holdfast.benchmarks.Chart.Group;
import dev.holdfast.benchmarks.Chart.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** How fast: the charts of operations a second. */
record RateCharts(Results results) {

    /** Each engine's operations in one layer, a bar for the store and one for each peer, as shares of the floor. */
    Section besideFloor(String layer, String title, String lead) {
        Predicate<Row> shown = row -> row.layer().equals(layer) && row.isBase();
        return new Section(
                title,
                lead,
                engines(shown)
                        .map(engine -> new Card(
                                engine,
                                "",
                                groups(rows(shown.and(row -> row.engine().equals(engine))))))
                        .toList());
    }

    private List<Group> groups(List<Row> rows) {
        double whole = 1.05
                * Math.max(
                        1,
                        rows.stream()
                                .filter(Row::hasFloor)
                                .mapToDouble(
                                        row -> row.ratios().get(row.ratios().size() - 1))
                                .max()
                                .orElse(1));
        List<Group> groups = new ArrayList<>();
        for (String operation : rows.stream().map(Row::operation).distinct().toList()) {
            List<Row> same = rows.stream()
                    .filter(row -> row.operation().equals(operation))
                    .toList();
            groups.add(new Group(
                    operation,
                    note(same.get(0)),
                    same.stream().map(row -> bar(row, whole, same)).toList()));
        }
        return groups;
    }

    private String note(Row row) {
        List<String> said = new ArrayList<>();
        if (row.hasFloor()) {
            said.add("floor " + perSecond(row.floor().median()));
        }
        OptionalDouble times = results.timesBestPeer(row);
        times.ifPresent(value -> said.add(String.format(Locale.ROOT, "%.1f × the best peer", value)));
        return String.join(" · ", said);
    }

    private static Bar bar(Row row, double whole, List<Row> same) {
        String rate = perSecond(row.own().median());
        if (!row.hasFloor()) {
            double most = same.stream()
                    .mapToDouble(other -> other.own().median())
                    .max()
                    .orElse(1);
            return Bar.of(kind(row), row.store(), row.own().median() / most, rate, "");
        }
        List<Double> ratios = row.ratios();
        Bar bar = Bar.of(
                        kind(row),
                        row.store(),
                        row.ratio() / whole,
                        rate,
                        String.format(Locale.ROOT, "%.2f", row.ratio()))
                .ranging(ratios.get(0) / whole, ratios.get(ratios.size() - 1) / whole)
                .marked("floor", 1 / whole, "the floor");
        return row.goal().isPresent()
                ? bar.marked(
                        "goal",
                        row.goal().getAsDouble() / whole,
                        "goal " + row.goal().getAsDouble())
                : bar;
    }

    /** How rates change with threads and with the size of sessions; a card says so if nothing of that was measured. */
    Section scaling() {
        List<Card> cards = new ArrayList<>();
        Predicate<Row> shown = row ->
                !row.peer() && row.load().contains("thread") && !row.layer().equals("codec");
        for (String engine : engines(shown).toList()) {
            List<Group> groups = new ArrayList<>();
            List<Row> all = rows(shown.and(row -> row.engine().equals(engine)));
            for (String name : all.stream().map(RateCharts::name).distinct().toList()) {
                List<Row> loads = all.stream()
                        .filter(row -> name(row).equals(name))
                        .sorted(RateCharts::byLoad)
                        .toList();
                if (loads.size() > 1) {
                    groups.add(new Group(
                            name,
                            "",
                            loads.stream().map(row -> load(row, loads)).toList()));
                }
            }
            if (!groups.isEmpty()) {
                cards.add(new Card(engine, "", groups));
            }
        }
        return new Section(
                "More threads, larger sessions",
                "Operations a second of all threads together. The dashed mark is the floor under the same load.",
                cards.isEmpty() ? List.of(new Card("Pending", "Not measured in this run.", List.of())) : cards);
    }

    private static Bar load(Row row, List<Row> loads) {
        double most = loads.stream()
                .mapToDouble(other -> Math.max(
                        other.own().median(), other.hasFloor() ? other.floor().median() : 0))
                .max()
                .orElse(1);
        List<Double> rates = row.own().perSecond().stream().sorted().toList();
        Bar bar = Bar.of(
                        kind(row),
                        row.load(),
                        row.own().median() / most,
                        perSecond(row.own().median()),
                        row.hasFloor() ? String.format(Locale.ROOT, "%.2f", row.ratio()) : "")
                .ranging(rates.get(0) / most, rates.get(rates.size() - 1) / most);
        return row.hasFloor() ? bar.marked("floor", row.floor().median() / most, "the floor") : bar;
    }

    /** The attributes' way to bytes and back, beside JDK serialization. */
    Section codec() {
        List<Row> rows = rows(row -> row.layer().equals("codec"));
        List<Group> groups = new ArrayList<>();
        for (Row row : rows) {
            double most = Math.max(row.own().median(), row.floor().median());
            Bar ours = Bar.of(
                    kind(row),
                    row.store(),
                    row.own().median() / most,
                    micros(row.own().median()),
                    allocated(row.own()));
            groups.add(new Group(
                    row.operation() + ", " + row.load(),
                    row.hasFloor() ? String.format(Locale.ROOT, "%.1f × as fast", row.ratio()) : "",
                    List.of(
                            row.goal().isPresent() && row.hasFloor()
                                    ? ours.marked(
                                            "goal",
                                            row.goal().getAsDouble()
                                                    * row.floor().median()
                                                    / most,
                                            "goal " + row.goal().getAsDouble() + " ×")
                                    : ours,
                            row.hasFloor()
                                    ? Bar.of(
                                            "peer",
                                            Coding.JDK,
                                            row.floor().median() / most,
                                            micros(row.floor().median()),
                                            allocated(row.floor()))
                                    : Bar.pending(Coding.JDK))));
        }
        return new Section(
                "Attributes to bytes and back",
                "decode: one attribute of a stored session; recode: one changed and all stored again; encode: a new session."
                        + " Without a store, beside JDK serialization of the same map; bars are operations a second, figures"
                        + " the time and the bytes allocated by one.",
                List.of(
                        groups.isEmpty()
                                ? new Card("Pending", "Not measured in this run.", List.of())
                                : new Card("Through Sessions", "", groups)));
    }

    /** How fast expired sessions are removed among more and more live ones. */
    Section purges() {
        List<Card> cards = new ArrayList<>();
        Predicate<Row> shown = row -> row.operation().equals("gcAmongLive");
        for (String engine : engines(shown).toList()) {
            List<Row> loads = rows(shown.and(row -> row.engine().equals(engine))).stream()
                    .sorted(RateCharts::byLoad)
                    .toList();
            cards.add(new Card(
                    engine,
                    "",
                    List.of(new Group(
                            "expired sessions removed",
                            "",
                            loads.stream().map(row -> load(row, loads)).toList()))));
        }
        return new Section(
                "Purging follows the expired",
                "1,000 expired sessions are removed among 10,000, 100,000 and 1,000,000 live ones: the rate should stay.",
                cards.isEmpty() ? List.of(new Card("Pending", "Not measured in this run.", List.of())) : cards);
    }

    private List<Row> rows(Predicate<Row> shown) {
        return results.rows().stream().filter(shown).toList();
    }

    private Stream<String> engines(Predicate<Row> shown) {
        return results.rows().stream().filter(shown).map(Row::engine).distinct();
    }

    private static String name(Row row) {
        return row.layer() + " " + row.operation();
    }

    /** Compares by the first number in which two loads differ. */
    private static int byLoad(Row one, Row other) {
        List<Integer> numbers = numbers(one);
        List<Integer> others = numbers(other);
        for (int i = 0; i < Math.min(numbers.size(), others.size()); i++) {
            int difference = numbers.get(i).compareTo(others.get(i));
            if (difference != 0) {
                return difference;
            }
        }
        return one.load().compareTo(other.load());
    }

    private static List<Integer> numbers(Row row) {
        return Stream.of(row.load().replace(",", "").split("\\D+", -1))
                .filter(digits -> !digits.isEmpty())
                .map(Integer::valueOf)
                .toList();
    }

    private static String kind(Row row) {
        return row.missed() ? "missed" : row.peer() ? "peer" : "store";
    }

    private static String perSecond(double rate) {
        return String.format(Locale.ROOT, rate < 100 ? "%,.1f/s" : "%,.0f/s", rate);
    }

    private static String micros(double rate) {
        return String.format(Locale.ROOT, "%,.1f µs", 1e6 / rate);
    }

    private static String allocated(Measured measured) {
        return Double.isNaN(measured.bytes()) ? "" : String.format(Locale.ROOT, "%,.0f B", measured.bytes());
    }
}
