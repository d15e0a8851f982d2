package dev.holdfast.benchmarks;

import com.samskivert.mustache.Mustache;
import dev.holdfast.benchmarks.Chart.Section;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The results as a page that needs no other file: no script, no font, no picture from elsewhere. */
record HtmlReport(Results results) {

    record Tile(String title, String value) {}

    record Keeps(String name, String keeps) {}

    record Fact(String name, String fact) {}

    record Line(String kind, List<String> cells) {}

    String text() {
        RateCharts rates = new RateCharts(results);
        CostCharts costs = new CostCharts(results);
        List<Matrix> matrices = matrices();
        List<Check> checks = Check.of(results);
        List<Section> sections = List.of(
                rates.besideFloor(
                        "sessions",
                        "Requests through Sessions",
                        "Ten attributes, one thread; ids, codec and dirty detection included. A bar is the share of the"
                                + " floor's speed, the figure the operations a second."),
                rates.besideFloor(
                        "store", "Stores on opaque bytes", "The verbs of the store alone, on 1 KiB, with one thread."),
                costs.latencies(),
                rates.scaling(),
                rates.purges(),
                rates.codec(),
                costs.bytes());
        MarkdownReport words = new MarkdownReport(results);
        return Mustache.compiler()
                .emptyStringIsFalse(true)
                .compile(resource("page.html"))
                .execute(Map.ofEntries(
                        Map.entry("style", resource("page.css")),
                        Map.entry("howToRead", MarkdownReport.HOW_TO_READ),
                        Map.entry("tiles", tiles(matrices, checks)),
                        Map.entry("matrices", matrices),
                        Map.entry(
                                "sections",
                                sections.stream()
                                        .filter(section -> !section.cards().isEmpty())
                                        .toList()),
                        Map.entry("checks", checks),
                        Map.entry("contenders", contenders()),
                        Map.entry("flames", results.flames()),
                        Map.entry(
                                "facts",
                                results.environment().facts().entrySet().stream()
                                        .map(fact -> new Fact(fact.getKey(), fact.getValue()))
                                        .toList()),
                        Map.entry("count", results.rows().size()),
                        Map.entry("columns", MarkdownReport.COLUMNS),
                        Map.entry(
                                "rows",
                                results.rows().stream()
                                        .map(row -> new Line(
                                                row.missed() ? "missed" : row.peer() ? "peer" : "store",
                                                words.cells(row)))
                                        .toList())));
    }

    private List<Matrix> matrices() {
        return List.of(
                        Matrix.of(
                                results,
                                "sessions",
                                "Through Sessions, as a share of the floor",
                                "What an application sees, with ten attributes and one thread.",
                                List.of("read", "write", "touch", "request", "create", "rotate")),
                        Matrix.of(
                                results,
                                "store",
                                "The store alone, as a share of the floor",
                                "On 1 KiB of opaque bytes, with one thread.",
                                List.of("load", "update", "touch", "create", "delete", "gc")))
                .stream()
                .filter(matrix -> !matrix.lines().isEmpty())
                .toList();
    }

    private List<Tile> tiles(List<Matrix> matrices, List<Check> checks) {
        List<Row> ofOthers = results.rows().stream()
                .filter(row -> !row.isBase() || row.layer().equals("codec"))
                .filter(row -> row.goal().isPresent())
                .toList();
        long missed = count(matrices, "missed")
                + checks.stream().filter(Check::missed).count()
                + ofOthers.stream().filter(Row::missed).count();
        long met = count(matrices, "met")
                + checks.stream()
                        .filter(check -> check.measured() && !check.missed())
                        .count()
                + ofOthers.stream().filter(row -> !row.missed()).count();
        long pending = count(matrices, "pending")
                + checks.stream().filter(check -> !check.measured()).count();
        return List.of(
                new Tile("goals met", Long.toString(met)),
                new Tile("goals missed", Long.toString(missed)),
                new Tile("pending: not measured", Long.toString(pending)),
                new Tile(
                        "forks",
                        results.environment().facts().getOrDefault("forks", "–").replaceFirst(",.*", "")));
    }

    private static long count(List<Matrix> matrices, String kind) {
        return matrices.stream().mapToLong(matrix -> matrix.count(kind)).sum();
    }

    private List<Keeps> contenders() {
        return Arrays.stream(Contender.values())
                .filter(contender -> results.has(contender.engine()))
                .map(contender -> new Keeps(MarkdownReport.name(contender), contender.semantics()))
                .toList();
    }

    private static String resource(String name) {
        try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
