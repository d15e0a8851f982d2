package dev.holdfast.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FiguresTest {

    private static final Path PROJECT = Path.of("..");
    private static final Path RESULTS = PROJECT.resolve("benchmarks/results");

    @TempDir
    Path project;

    @Test
    @DisplayName("the README's figures are those of the raw results that it names")
    void readme() throws Exception {
        String readme = Files.readString(PROJECT.resolve("README.md"));
        assertThat(readme)
                .as("renew them: mvn -q -Pcompare -pl benchmarks -am compile -Dargs='figures ../README.md'")
                .contains("<!-- figures ")
                .isEqualTo(new Figures(PROJECT).renewed(readme));
    }

    @Test
    @DisplayName("the pages beside the raw results are rendered from them")
    void pages() throws Exception {
        for (Path folder : committed()) {
            Results results = Results.read(folder);
            assertThat(folder.resolve("README.md"))
                    .as("render them: mvn -q -Pcompare -pl benchmarks -am compile -Dargs='report %s'", folder)
                    .hasContent(new MarkdownReport(results).text());
            assertThat(folder.resolve("index.html")).hasContent(new HtmlReport(results).text());
        }
    }

    /** Returns the folders of results, but those of a comparison that nobody has named yet. */
    private static List<Path> committed() throws IOException {
        if (!Files.isDirectory(RESULTS)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(RESULTS)) {
            return folders.filter(folder -> !folder.getFileName().toString().matches("\\d{4}-\\d\\d-\\d\\d-\\d{4}"))
                    .filter(Environment::in)
                    .toList();
        }
    }

    @Test
    @DisplayName("each table is written from the folder it names, and is pending while that is not there")
    void tables() throws Exception {
        Path measured = Files.createDirectories(project.resolve("measured/v1.0"));
        new Environment(Map.of("commit", "abc")).write(measured);
        Files.writeString(measured.resolve("round-1-verbs-threads-1.json"), """
                [%s, %s]""".formatted(
                        load("FILE", 50), load("FILE_FLOOR", 100)));
        Path second = Files.createDirectories(project.resolve("measured/v1.1"));
        new Environment(Map.of("commit", "def")).write(second);
        Files.writeString(second.resolve("round-1-requests-threads-1.json"), """
                [%s, %s, %s]""".formatted(
                        read("REDIS", 40), read("REDIS_FLOOR", 50), read("REDIS_SPRING", 10)));
        String text = """
                before
                <!-- figures store from measured/v1.0: load,touch -->
                | typed by hand |
                <!-- end of figures -->
                between $1
                <!-- figures sessions from measured/none: read -->
                <!-- end of figures -->
                <!-- figures peers from measured/v1.0,measured/v1.1,measured/none: read,write -->
                <!-- end of figures -->
                """;
        String renewed = new Figures(project).renewed(text);
        assertThat(renewed).isEqualTo("""
                before
                <!-- figures store from measured/v1.0: load,touch -->
                | store | load | touch |
                |---|--:|--:|
                | file | 0.50 / 0.80 | pending |

                All of it: [measured/v1.0](measured/v1.0/README.md)
                <!-- end of figures -->
                between $1
                <!-- figures sessions from measured/none: read -->
                Pending: not measured yet.
                <!-- end of figures -->
                <!-- figures peers from measured/v1.0,measured/v1.1,measured/none: read,write -->
                | store | read | write |
                |---|--:|--:|
                | redis | 4.0 × | – |

                All of it: [measured/v1.0](measured/v1.0/README.md), [measured/v1.1](measured/v1.1/README.md)
                <!-- end of figures -->
                """);
        assertThat(new Figures(project).renewed(renewed)).isEqualTo(renewed);
    }

    @Test
    @DisplayName("of a store that several folders have, each figure is the last one's that has it")
    void last() throws Exception {
        measured("first", load("FILE", 80), load("FILE_FLOOR", 100), touch("FILE", 70), touch("FILE_FLOOR", 100));
        measured("second", load("FILE", 50), load("FILE_FLOOR", 100));
        assertThat(new Figures(project).renewed("""
                <!-- figures store from measured/first,measured/second: load,touch -->
                <!-- end of figures -->
                """))
                .contains("| file | 0.50 / 0.80 | 0.70 / 0.60 |")
                .containsOnlyOnce("| file |");
    }

    private void measured(String folder, String... benchmarks) throws IOException {
        Path results = Files.createDirectories(project.resolve("measured").resolve(folder));
        new Environment(Map.of("commit", "abc")).write(results);
        Files.writeString(results.resolve("round-1-verbs-threads-1.json"), "[" + String.join(", ", benchmarks) + "]");
    }

    private static String touch(String contender, int perSecond) {
        return load(contender, perSecond).replace("StoreBenchmark.load", "StoreBenchmark.touch");
    }

    private static String read(String contender, int perSecond) {
        return """
                {"benchmark": "dev.holdfast.benchmarks.RequestBenchmark.read", "mode": "thrpt", "threads": 1,
                 "params": {"contender": "%s"},
                 "primaryMetric": {"score": %d, "scoreUnit": "ops/s"}}""".formatted(contender, perSecond);
    }

    private static String load(String contender, int perSecond) {
        return """
                {"benchmark": "dev.holdfast.benchmarks.StoreBenchmark.load", "mode": "thrpt", "threads": 1,
                 "params": {"contender": "%s", "payloadBytes": "1024"},
                 "primaryMetric": {"score": %d, "scoreUnit": "ops/s"}}""".formatted(contender, perSecond);
    }
}
