package dev.holdfast.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The tables of figures in a Markdown text, each between {@code <!-- figures KIND from FOLDER,…: OPERATION,… -->} and
 * {@code <!-- end of figures -->}: nobody types a figure. The kind is a layer, for shares of the floor, or {@code peers}, for
 * multiples of the best peer. Of a store that is in several folders, each figure is the last one's that has it. Folders whose results
 * are not there yet are left out.
 *
 * @param project what the folders are relative to
 */
record Figures(Path project) {

    private static final Pattern TABLE = Pattern.compile(
            "(?<start><!-- figures (?<kind>\\w+) from (?<folders>[\\w./,-]+): (?<operations>[\\w,]+) -->\\n)"
                    + ".*?(?<end><!-- end of figures -->)",
            Pattern.DOTALL);
    private static final String PEERS = "peers";

    /** Returns the text with each table as the raw results say. */
    String renewed(String markdown) {
        Matcher table = TABLE.matcher(markdown);
        return table.replaceAll(
                found -> Matcher.quoteReplacement(table.group("start") + rendered(table) + table.group("end")));
    }

    private String rendered(Matcher table) {
        List<String> operations = List.of(table.group("operations").split(",", -1));
        List<String> folders = Arrays.stream(table.group("folders").split(",", -1))
                .filter(folder -> Environment.in(project.resolve(folder)))
                .toList();
        if (folders.isEmpty()) {
            return "Pending: not measured yet.\n";
        }
        return "| store | " + String.join(" | ", operations) + " |\n|---|" + "--:|".repeat(operations.size()) + '\n'
                + folders.stream()
                        .flatMap(folder -> lines(table.group("kind"), results(folder), operations))
                        .collect(
                                Collectors.toMap(Line::store, Function.identity(), Line::renewedBy, LinkedHashMap::new))
                        .values()
                        .stream()
                        .map(Line::markdown)
                        .collect(Collectors.joining())
                + folders.stream()
                        .map(folder -> String.format("[%1$s](%1$s/README.md)", folder))
                        .collect(Collectors.joining(", ", "\nAll of it: ", "\n"));
    }

    private Results results(String folder) {
        try {
            return Results.read(project.resolve(folder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Line> lines(String kind, Results results, List<String> operations) {
        return kind.equals(PEERS) ? peers(results, operations) : shares(kind, results, operations);
    }

    private static Stream<Line> shares(String layer, Results results, List<String> operations) {
        return Matrix.of(results, layer, "", "", operations).lines().stream()
                .map(line -> line(
                        line.store(),
                        line.cells().stream()
                                .map(cell -> cell.value() + cell.goal().replace("goal", " /"))));
    }

    private static Stream<Line> peers(Results results, List<String> operations) {
        return results.rows().stream()
                .filter(row -> results.timesBestPeer(row).isPresent())
                .map(Row::store)
                .distinct()
                .map(store -> line(store, operations.stream().map(operation -> times(results, store, operation))));
    }

    private static String times(Results results, String store, String operation) {
        return results.rows().stream()
                .filter(row -> row.isBase()
                        && row.store().equals(store)
                        && row.operation().equals(operation)
                        && results.timesBestPeer(row).isPresent())
                .map(results::timesBestPeer)
                .flatMapToDouble(OptionalDouble::stream)
                .mapToObj(times -> String.format(Locale.ROOT, "%.1f ×", times))
                .findFirst()
                .orElse("–");
    }

    private static Line line(String store, Stream<String> cells) {
        return new Line(store, cells.toList());
    }

    private record Line(String store, List<String> cells) {

        Line renewedBy(Line later) {
            return new Line(
                    store,
                    IntStream.range(0, cells.size())
                            .mapToObj(i -> later.hasFigure(i) ? later.cells.get(i) : cells.get(i))
                            .toList());
        }

        private boolean hasFigure(int cell) {
            return cells.get(cell).matches("\\d.*");
        }

        String markdown() {
            return "| " + store + " | " + String.join(" | ", cells) + " |\n";
        }
    }
}
