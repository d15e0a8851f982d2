package dev.holdfast.benchmarks;

import dev.holdfast.benchmarks.Results.Row;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** The results as a page for people who read them beside the code. */
record MarkdownReport(Results results) {

    static final String HOW_TO_READ = "The ratio is a store's speed as a share of its floor's: what a programmer would"
            + " write by hand against the same engine, in the same round. It is the median of the rounds, with the least"
            + " and the greatest. A floor keeps fewer promises than the store beside it.";

    String text() {
        StringBuilder text = new StringBuilder("# Measured beside the floor\n\n");
        results.environment()
                .facts()
                .forEach((name, fact) -> text.append("- ")
                        .append(name)
                        .append(": ")
                        .append(name.equals("command") ? "`" + fact + "`" : fact)
                        .append('\n'));
        text.append('\n').append(HOW_TO_READ).append("\n\n").append(table()).append("\nWhat each keeps:\n\n");
        for (Contender contender : Contender.values()) {
            if (results.rows().stream().anyMatch(row -> row.engine().equals(contender.engine()))) {
                text.append("- ")
                        .append(name(contender))
                        .append(": ")
                        .append(contender.semantics())
                        .append('\n');
            }
        }
        return text.toString();
    }

    /** Returns the ratios of one layer with one thread and the smallest sessions, a line a store, as the README shows them. */
    String summary(String layer, List<String> operations) {
        List<Row> shown = results.rows().stream()
                .filter(row -> !row.peer() && row.hasFloor() && row.layer().equals(layer) && isBase(row.load()))
                .toList();
        StringBuilder text = new StringBuilder(
                "| store | " + String.join(" | ", operations) + " |\n|---|" + "--:|".repeat(operations.size()) + '\n');
        for (String store : shown.stream().map(Row::store).distinct().toList()) {
            text.append("| ").append(store).append(" |");
            for (String operation : operations) {
                text.append(' ')
                        .append(shown.stream()
                                .filter(row -> row.store().equals(store)
                                        && row.operation().equals(operation))
                                .findFirst()
                                .map(MarkdownReport::ratioAndGoal)
                                .orElse("pending"))
                        .append(" |");
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static boolean isBase(String load) {
        return load.equals("1 KiB, 1 thread") || load.equals("ten attributes, 1 thread");
    }

    private static String ratioAndGoal(Row row) {
        String ratio = String.format(Locale.ROOT, "%.2f", row.ratio());
        return row.goal().isEmpty()
                ? ratio
                : ratio + String.format(Locale.ROOT, " / %.2f", row.goal().getAsDouble());
    }

    /** Returns the engine, and who stands there if it is not the store. */
    static String name(Contender contender) {
        return contender.role() == Contender.Role.STORE
                ? contender.label()
                : contender.engine() + ", " + contender.label();
    }

    String table() {
        StringBuilder text =
                new StringBuilder("| operation | store | load | ops/s | p50 · p99 · p99.9 µs | floor ops/s |"
                        + " ratio | rounds | goal | × best peer |\n|---|---|---|--:|--:|--:|--:|--:|--:|--:|\n");
        for (Row row : results.rows()) {
            text.append(String.format(
                    Locale.ROOT,
                    "| %s %s | %s | %s | %,.0f | %s | %s | %s | %s | %s | %s |%n",
                    row.layer(),
                    row.operation(),
                    row.peer() ? row.engine() + ", " + row.store() : row.store(),
                    row.load(),
                    row.median(),
                    percentiles(row),
                    row.hasFloor() ? String.format(Locale.ROOT, "%,.0f", row.floorMedian()) : "–",
                    row.hasFloor() ? String.format(Locale.ROOT, "%.2f", row.ratio()) : "–",
                    row.hasFloor() ? range(row) : "–",
                    goal(row),
                    timesBestPeer(row)));
        }
        return text.toString();
    }

    String timesBestPeer(Row row) {
        OptionalDouble times = results.timesBestPeer(row);
        return times.isPresent() ? String.format(Locale.ROOT, "%.1f ×", times.getAsDouble()) : "–";
    }

    static String range(Row row) {
        return String.format(
                Locale.ROOT,
                "%.2f – %.2f",
                row.ratios().get(0),
                row.ratios().get(row.ratios().size() - 1));
    }

    static String percentiles(Row row) {
        return row.percentiles().known()
                ? String.format(
                        Locale.ROOT,
                        "%,.1f · %,.1f · %,.1f",
                        row.percentiles().median(),
                        row.percentiles().p99(),
                        row.percentiles().p999())
                : "–";
    }

    static String goal(Row row) {
        OptionalDouble goal = row.goal();
        if (goal.isEmpty() || !row.hasFloor()) {
            return "–";
        }
        String met = row.ratio() >= goal.getAsDouble() ? "met" : "missed";
        return String.format(Locale.ROOT, "%.2f %s", goal.getAsDouble(), met);
    }
}
