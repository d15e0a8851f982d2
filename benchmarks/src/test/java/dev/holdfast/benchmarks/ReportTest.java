package dev.holdfast.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page and the table of made-up results. */
class ReportTest {

    @TempDir
    Path folder;

    private final List<String> entries = new ArrayList<>();

    private void rate(String benchmark, String contender, String params, int threads, double perSecond) {
        entries.add(String.format(Locale.ROOT, """
                {"benchmark": "dev.holdfast.benchmarks.%s", "mode": "thrpt", "threads": %d,
                 "params": {"contender": "%s"%s},
                 "primaryMetric": {"score": %f, "scoreUnit": "ops/s"},
                 "secondaryMetrics": {"gc.alloc.rate.norm": {"score": %f}}}""", benchmark, threads, contender, params, perSecond, 1e6 / perSecond));
    }

    private void times(String benchmark, String contender, String params, double p50, double p99) {
        entries.add(String.format(Locale.ROOT, """
                {"benchmark": "dev.holdfast.benchmarks.%s", "mode": "sample", "threads": 1,
                 "params": {"contender": "%s"%s},
                 "primaryMetric": {"score": %f, "scoreUnit": "us/op",
                   "scorePercentiles": {"50.0": %f, "99.0": %f, "99.9": %f}}}""", benchmark, contender, params, p50, p50, p99, 2 * p99));
    }

    private Results written() throws IOException {
        new Environment(Map.of("commit", "abc<1>", "forks", "3, one in each round")).write(folder);
        round(1);
        return Results.read(folder);
    }

    private void round(int number) throws IOException {
        Files.writeString(folder.resolve("round-" + number + "-made-up.json"), "[" + String.join(",", entries) + "]");
        entries.clear();
    }

    @Test
    @DisplayName("a store meets its floor and its peers within a round: a slow round of the machine is nobody's")
    void paired() throws Exception {
        double[] pace = {1, 0.1, 10};
        for (int round = 1; round <= pace.length; round++) {
            // only the store is slow in the first round, so that medians of all rounds would tell another story
            rate("RequestBenchmark.read", "POSTGRESQL", "", 1, 900 * pace[round - 1]);
            rate("RequestBenchmark.read", "POSTGRESQL_FLOOR", "", 1, 1000 * (round == 1 ? 5 : pace[round - 1]));
            rate("RequestBenchmark.read", "POSTGRESQL_SPRING", "", 1, 100 * (round == 1 ? 5 : pace[round - 1]));
            rate("RequestBenchmark.read", "POSTGRESQL_JETTY", "", 1, 300 * (round == 1 ? 3 : pace[round - 1]));
            round(round);
        }
        new Environment(Map.of("commit", "abc")).write(folder);
        Results results = Results.read(folder);
        Row row =
                results.rows().stream().filter(each -> !each.peer()).findFirst().orElseThrow();
        assertThat(row.ratio()).isEqualTo(0.9);
        assertThat(row.ratios()).containsExactly(0.18, 0.9, 0.9);
        assertThat(results.timesBestPeer(row)).as("Jetty is the best").hasValue(3);
    }

    @Test
    @DisplayName("every chart shows what was measured, and says what was not")
    void charts() throws Exception {
        rate("RequestBenchmark.read", "REDIS", "", 1, 8000);
        rate("RequestBenchmark.read", "REDIS_FLOOR", "", 1, 10_000);
        rate("RequestBenchmark.read", "REDIS", "", 4, 16_000);
        rate("RequestBenchmark.read", "REDIS_FLOOR", "", 4, 16_000);
        times("RequestBenchmark.read", "REDIS", "", 100, 400);
        rate("RequestBenchmark.hot", "REDIS", "", 8, 3000);
        rate("RequestBenchmark.write", "REDIS", "", 8, 6000);
        rate("RequestBenchmark.read", "POSTGRESQL", "", 1, 950);
        rate("RequestBenchmark.read", "POSTGRESQL_FLOOR", "", 1, 1000);
        rate("RequestBenchmark.read", "POSTGRESQL_SPRING", "", 1, 100);
        rate("CodecBenchmark.decode", "Sessions", ", \"attributes\": \"10\"", 1, 500_000);
        rate("CodecBenchmark.decode", "JDK serialization", ", \"attributes\": \"10\"", 1, 25_000);
        rate("PurgeBenchmark.gcAmongLive", "POSTGRESQL", ", \"live\": \"10000\"", 1, 3000);
        rate("PurgeBenchmark.gcAmongLive", "POSTGRESQL", ", \"live\": \"1000000\"", 1, 1000);
        times("ForegroundBenchmark.loadBeside", "POSTGRESQL", ", \"purging\": \"false\"", 100, 200);
        times("ForegroundBenchmark.loadBeside", "POSTGRESQL", ", \"purging\": \"true\"", 100, 220);
        Size.write(
                List.of(
                        new Size(Coding.SESSIONS, Size.STORED, 900),
                        new Size(Coding.JDK, Size.STORED, 2000),
                        new Size("REDIS", Size.AT_REST, 1234),
                        new Size("REDIS", Size.WIRE + "read", 1100)),
                folder);
        Results results = written();

        assertThat(Check.of(results))
                .extracting(check -> check.store() + " " + check.shown() + " " + check.verdict())
                .containsExactly(
                        "postgresql pending ",
                        "postgresql 3.00 missed",
                        "postgresql 1.10 met",
                        "redis 2.00 met",
                        "redis 1.25 met",
                        "any 0.45 met");
        assertThat(new HtmlReport(results).text())
                .contains("9.5 × the best peer", "20.0 × as fast")
                .contains("100 · 400 · 800", "1,234 B", "1,100 B")
                .contains("1,000 expired among 1,000,000 live")
                .contains("<td class=\"missed\"><b>0.80</b><small>goal 0.85</small></td>")
                .contains("<td class=\"met\"><b>0.95</b><small>goal 0.90</small></td>")
                .contains("<td class=\"pending\"><small>pending</small></td>")
                .contains("abc&lt;1&gt;")
                .doesNotContain("{{", "http://", "https://", "<script", "NaN", "<link", "url(");
        assertThat(new MarkdownReport(results).text())
                .contains("| sessions read | redis | ten attributes, 1 thread | 8,000 | 100.0 · 400.0 · 800.0 | 125 |"
                        + " 10,000 | 100 | 0.80 | 0.80 – 0.80 | 0.85 missed | – |")
                .contains("| redis | redis | at rest | 1,234 |")
                .doesNotContain("NaN");
    }

    @Test
    @DisplayName("what was not measured at all is pending in every chart")
    void pending() throws Exception {
        rate("StoreBenchmark.load", "MEMORY", ", \"payloadBytes\": \"1024\"", 1, 100);
        Results results = written();
        assertThat(new HtmlReport(results).text())
                .contains("How long one takes", "More threads, larger sessions", "What it takes up")
                .contains("Not measured in this run.")
                .doesNotContain("NaN", "{{");
        assertThat(Check.of(results)).noneMatch(Check::measured);
    }
}
