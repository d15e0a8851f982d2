package dev.holdfast.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** The results as a page for people who read them beside the code. */
record MarkdownReport(Results results) {

    static final String HOW_TO_READ = "The ratio is a store's speed as a share of its floor's: what a programmer would"
            + " write by hand against the same engine, in the same round. It is the median of the rounds, with the least"
            + " and the greatest. A floor keeps fewer promises than the store beside it.";

    static final List<String> COLUMNS = List.of(
            "operation",
            "store",
            "load",
            "ops/s",
            "p50 · p99 · p99.9 µs",
            "B/op",
            "floor ops/s",
            "floor B/op",
            "ratio",
            "rounds",
            "goal",
            "× best peer");

    /** How many columns, from the left, hold words. */
    private static final int WORDS = 3;

    private static final String NONE = "–";

    String text() {
        StringBuilder text = new StringBuilder("# Measured beside the floor\n\n");
        results.environment()
                .facts()
                .forEach((name, fact) -> text.append("- ")
                        .append(name)
                        .append(": ")
                        .append(name.equals("command") ? "`" + fact + "`" : fact)
                        .append('\n'));
        text.append('\n').append(HOW_TO_READ);
        text.append(" The floor of `codec` is JDK serialization of the same attributes.\n\n");
        text.append(table())
                .append("\n## Goals that are no share of a floor\n\n")
                .append(checks());
        if (!results.sizes().isEmpty()) {
            text.append("\n## Bytes\n\n").append(sizes());
        }
        if (!results.flames().isEmpty()) {
            text.append("\n## Where the time goes\n\n");
            results.flames()
                    .forEach(page -> text.append("- [")
                            .append(page)
                            .append("](")
                            .append(page)
                            .append(")\n"));
        }
        text.append("\n## What each keeps\n\n");
        for (Contender contender : Contender.values()) {
            if (results.has(contender.engine())) {
                text.append("- ")
                        .append(name(contender))
                        .append(": ")
                        .append(contender.semantics())
                        .append('\n');
            }
        }
        return text.toString();
    }

    /** Returns the engine, and who stands there if it is not the store. */
    static String name(Contender contender) {
        return contender.role() == Contender.Role.STORE
                ? contender.label()
                : contender.engine() + ", " + contender.label();
    }

    private String table() {
        StringBuilder text = new StringBuilder();
        line(text, COLUMNS);
        text.append("|---".repeat(WORDS))
                .append("|--:".repeat(COLUMNS.size() - WORDS))
                .append("|\n");
        results.rows().forEach(row -> line(text, cells(row)));
        return text.toString();
    }

    private static void line(StringBuilder text, List<String> cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    /** Returns a row's texts, one for each of {@link #COLUMNS}. */
    List<String> cells(Row row) {
        boolean floor = row.hasFloor();
        return List.of(
                row.layer() + " " + row.operation(),
                row.peer() ? row.engine() + ", " + row.store() : row.store(),
                row.load(),
                number("%,.0f", row.own().median()),
                percentiles(row),
                number("%,.0f", row.own().bytes()),
                floor ? number("%,.0f", row.floor().median()) : NONE,
                floor ? number("%,.0f", row.floor().bytes()) : NONE,
                floor ? number("%.2f", row.ratio()) : NONE,
                floor ? range(row) : NONE,
                goal(row),
                timesBestPeer(row));
    }

    private static String number(String format, double value) {
        return Double.isNaN(value) ? NONE : String.format(Locale.ROOT, format, value);
    }

    private String timesBestPeer(Row row) {
        OptionalDouble times = results.timesBestPeer(row);
        return times.isPresent() ? number("%.1f ×", times.getAsDouble()) : NONE;
    }

    static String range(Row row) {
        List<Double> ratios = row.ratios();
        return String.format(Locale.ROOT, "%.2f – %.2f", ratios.get(0), ratios.get(ratios.size() - 1));
    }

    private static String percentiles(Row row) {
        Score.Percentiles of = row.own().percentiles();
        return of.known()
                ? String.format(Locale.ROOT, "%,.1f · %,.1f · %,.1f", of.median(), of.p99(), of.p999())
                : NONE;
    }

    static String goal(Row row) {
        OptionalDouble goal = row.goal();
        return goal.isEmpty()
                ? NONE
                : String.format(Locale.ROOT, "%.2f %s", goal.getAsDouble(), row.missed() ? "missed" : "met");
    }

    private String checks() {
        StringBuilder text = new StringBuilder("| goal | store | at most | measured | |\n|---|---|--:|--:|---|\n");
        for (Check check : Check.of(results)) {
            line(text, List.of(check.what(), check.store(), check.goal(), check.shown(), check.verdict()));
        }
        return text.toString();
    }

    private String sizes() {
        StringBuilder text = new StringBuilder("| engine | who | what | bytes |\n|---|---|---|--:|\n");
        for (Size size : results.sizes()) {
            Standing standing = Standing.of(size.contender());
            boolean stored = size.what().equals(Size.STORED);
            line(
                    text,
                    List.of(
                            stored ? "codec" : standing.engine(),
                            standing.label(),
                            size.what(),
                            number("%,.0f", size.bytes())));
        }
        return text.toString();
    }
}
