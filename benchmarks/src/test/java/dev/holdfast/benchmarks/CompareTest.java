package dev.holdfast.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

@Tag("once")
class CompareTest {

    @TempDir
    Path folder;

    private final StringWriter said = new StringWriter();

    private int run(String... arguments) {
        return new CommandLine(new Compare())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(said, true))
                .setErr(new PrintWriter(said, true))
                .execute(arguments);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--stores oracle | there is no store 'oracle' here; there are memory, file, file-fsync, h2, postgresql, mariadb, redis, hazelcast, hazelcast-client",
                "--own nosuch:x | no session store opens 'nosuch:' URIs",
                "--own java.lang.String | java.lang.String must be a SessionStore",
                "--rounds 0 | --rounds must be at least 1",
                "--threads 1,0 | --threads must be at least 1",
                "--peers shiro | --peers shiro: there is no such peer here",
                "--server file=x:y | --server file: only these run in a server",
                "slow | expected one of",
            })
    @DisplayName("a wrong argument is one message that says what is right, and exit code 2; nothing is written")
    void wrong(String arguments, String message) throws Exception {
        List<Path> before = results();
        assertThat(run(arguments.split(" "))).isEqualTo(2);
        assertThat(said.toString()).contains(message);
        assertThat(results()).isEqualTo(before);
    }

    private static List<Path> results() throws IOException {
        Path usual = Path.of("results");
        if (!Files.isDirectory(usual)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(usual)) {
            return folders.sorted().toList();
        }
    }

    @Test
    @DisplayName("a store is measured beside its floor, one from outside beside nothing, and the page says so")
    void whole() throws Exception {
        Path out = folder.resolve("out");
        assertThat(run(
                        "--stores",
                        "memory",
                        "--own",
                        "memory:mine",
                        "--no-peers",
                        "--operations",
                        "load",
                        "--rounds",
                        "1",
                        "--directory",
                        folder.toString(),
                        "--out",
                        out.toString()))
                .isZero();
        Results results = Results.read(out);
        assertThat(results.rows()).extracting(Row::store).containsExactly("memory", "memory:mine");
        assertThat(results.rows()).extracting(Row::hasFloor).containsExactly(true, false);
        assertThat(results.rows().get(0).own().median()).isPositive();
        assertThat(results.rows().get(0).own().bytes()).isPositive();
        assertThat(results.environment().facts())
                .containsKeys("command", "commit", "JDK", "machine", "forks", "warm-up", "libraries");
        if (ProcessorTime.now().isPresent()) {
            assertThat(results.environment().facts()).containsKey("taken by the machine's host");
        }
        assertThat(Files.readString(out.resolve("README.md"))).contains("| store load | memory | 1 KiB, 1 thread |");
        assertThat(Files.readString(out.resolve("index.html")))
                .contains("memory:mine")
                .doesNotContain("http://", "https://", "<script");
        assertThat(said.toString()).contains("index.html");
    }

    @Test
    @DisplayName("a profile is a flame graph of each store, without floors, and says that it is no comparison")
    void profile() throws Exception {
        Path out = folder.resolve("profile");
        assertThat(run(
                        "--stores",
                        "memory",
                        "--no-peers",
                        "--operations",
                        "load",
                        "--profile",
                        "--directory",
                        folder.toString(),
                        "--out",
                        out.toString()))
                .isZero();
        Results results = Results.read(out);
        assertThat(results.rows()).extracting(Row::hasFloor).containsExactly(false);
        assertThat(results.environment().facts()).containsKey("profiled");
        assertThat(results.flames()).containsExactly("flames/load-MEMORY-1024.html");
        assertThat(frames(out.resolve("flames/load-MEMORY-1024.html")))
                .anyMatch(frame -> frame.contains("StoreBenchmark.load"))
                .anyMatch(frame -> frame.contains("session.memory."));
        assertThat(Files.readString(out.resolve("README.md"))).contains("(flames/load-MEMORY-1024.html)");
        assertThat(Files.readString(out.resolve("index.html"))).contains("href=\"flames/load-MEMORY-1024.html\"");
    }

    /** Returns the names in a flame graph, each of which is written as what it shares with the one before, and its end. */
    private static List<String> frames(Path page) throws IOException {
        List<String> names = new ArrayList<>();
        String before = "";
        for (String line : Files.readAllLines(page).stream()
                .dropWhile(line -> !line.startsWith("const cpool = ["))
                .skip(1)
                .takeWhile(line -> line.startsWith("'"))
                .toList()) {
            String written = line.substring(1, line.lastIndexOf('\''))
                    .replace("\\'", "'")
                    .replace("\\\\", "\\");
            before = names.isEmpty() ? written : before.substring(0, written.charAt(0) - ' ') + written.substring(1);
            names.add(before);
        }
        return names;
    }

    @Test
    @DisplayName("the ratio is the median of the rounds' ratios, each within its round")
    void ratio() {
        Row row = new Row(
                "store",
                "load",
                "file",
                "file",
                false,
                "1 KiB, 1 thread",
                new Measured(List.of(50.0, 900.0, 70.0), 10, Score.Percentiles.NONE),
                new Measured(List.of(100.0, 1000.0, 100.0), 10, Score.Percentiles.NONE));
        assertThat(row.ratio()).isEqualTo(0.7);
        assertThat(MarkdownReport.range(row)).isEqualTo("0.50 – 0.90");
        assertThat(MarkdownReport.goal(row)).isEqualTo("0.80 missed");
    }
}
