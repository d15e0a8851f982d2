package dev.holdfast.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs the benchmarks in three rounds, so that each subject meets its floor three times within one run and a machine
 * that changes its pace meanwhile shows as a wide error, not as a wrong ratio. Writes the raw JSON of each round and one
 * table:
 *
 * <pre>mvn -q -pl benchmarks -am package exec:exec -DskipTests -Dbenchmarks.args="NAME [REGEX [CONTENDERS]]"</pre>
 *
 * <p>{@code NAME} is the folder below {@code benchmarks/results}; {@code REGEX} chooses benchmarks and
 * {@code CONTENDERS}, separated by commas, the {@link Contender}s, all unless given.
 */
public final class Compare {

    private static final int ROUNDS = 3;

    private Compare() {}

    public static void main(String[] args) throws IOException, RunnerException {
        if (args.length < 1 || args.length > 3) {
            System.err.println(
                    "needs the name of the folder for the results, and if you like a regular expression and contenders");
            System.exit(2);
        }
        Path results = Path.of("results", args[0]);
        Files.createDirectories(results);
        List<Collection<RunResult>> rounds = new ArrayList<>();
        for (int round = 1; round <= ROUNDS; round++) {
            ChainedOptionsBuilder options = new OptionsBuilder()
                    .include(args.length > 1 ? args[1] : ".*")
                    .forks(1)
                    .resultFormat(ResultFormatType.JSON)
                    .result(results.resolve("round-" + round + ".json").toString());
            if (args.length > 2) {
                options.param("contender", args[2].split(",", -1));
            }
            rounds.add(new Runner(options.build()).run());
        }
        String command = "mvn -q -pl benchmarks -am package exec:exec -DskipTests -Dbenchmarks.args=\""
                + String.join(" ", args) + "\"";
        Files.writeString(results.resolve("README.md"), Ratios.of(rounds).table(command));
    }
}
