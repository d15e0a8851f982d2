package dev.holdfast.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The goals of one layer at a glance, a line a store. */
record Matrix(String title, String lead, List<String> operations, List<Line> lines) {

    record Line(String store, List<Cell> cells) {}

    /** @param kind {@code met}, {@code missed}, {@code pending}, or {@code free} of a goal */
    record Cell(String kind, String value, String goal) {}

    static Matrix of(Results results, String layer, String title, String lead, List<String> operations) {
        List<Row> rows = results.rows().stream()
                .filter(row -> !row.peer() && row.hasFloor() && row.layer().equals(layer) && row.isBase())
                .toList();
        List<Line> lines = rows.stream()
                .map(Row::store)
                .distinct()
                .map(store -> new Line(
                        store,
                        operations.stream()
                                .map(operation -> cell(rows, store, operation))
                                .toList()))
                .toList();
        return new Matrix(title, lead, operations, lines);
    }

    private static Cell cell(List<Row> rows, String store, String operation) {
        return rows.stream()
                .filter(row -> row.store().equals(store) && row.operation().equals(operation))
                .findFirst()
                .map(row -> new Cell(
                        row.goal().isEmpty() ? "free" : row.missed() ? "missed" : "met",
                        String.format(Locale.ROOT, "%.2f", row.ratio()),
                        row.goal().isEmpty()
                                ? ""
                                : String.format(
                                        Locale.ROOT, "goal %.2f", row.goal().getAsDouble())))
                .orElseGet(() -> operation.equals("gc") && expiresByItself(store)
                        ? new Cell("free", "", "–")
                        : new Cell("pending", "", "pending"));
    }

    private static boolean expiresByItself(String store) {
        return Arrays.stream(Contender.values())
                .anyMatch(contender -> contender.role() == Contender.Role.STORE
                        && contender.label().equals(store)
                        && !contender.purges());
    }

    long count(String kind) {
        return lines.stream()
                .flatMap(line -> line.cells().stream())
                .filter(cell -> cell.kind().equals(kind))
                .count();
    }
}
