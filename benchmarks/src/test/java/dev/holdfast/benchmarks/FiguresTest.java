package dev.holdfast.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FiguresTest {

    private static final Path PROJECT = Path.of("..");
    private static final Path RESULTS = PROJECT.resolve("benchmarks/results");

    @Test
    @DisplayName("the README's figures are those of the raw results that it names")
    void readme() throws Exception {
        String readme = Files.readString(PROJECT.resolve("README.md"));
        assertThat(Figures.count(readme)).isEqualTo(2);
        assertThat(readme)
                .as("renew them: mvn -q -Pcompare -pl benchmarks -am compile -Dargs='figures ../README.md'")
                .isEqualTo(new Figures(PROJECT).renewed(readme));
    }

    @Test
    @DisplayName("the pages beside the raw results are rendered from them")
    void pages() throws Exception {
        try (Stream<Path> folders = Files.list(RESULTS)) {
            for (Path folder : (Iterable<Path>) folders.filter(Files::isDirectory)::iterator) {
                Results results = Results.read(folder);
                assertThat(folder.resolve("README.md")).hasContent(new MarkdownReport(results).text());
                assertThat(folder.resolve("index.html")).hasContent(new HtmlReport(results).text());
            }
        }
    }

    @Test
    @DisplayName("a figure that was not measured is pending")
    void pending() {
        Results.Row row = new Results.Row(
                "store",
                "load",
                "file",
                "file",
                false,
                "1 KiB, 1 thread",
                List.of(50.0),
                List.of(100.0),
                Score.Percentiles.NONE);
        String summary = new MarkdownReport(new Results(new Environment(Map.of()), List.of(row)))
                .summary("store", List.of("load", "update"));
        assertThat(summary).contains("| file | 0.50 / 0.80 | pending |");
    }
}
