package dev.holdfast.benchmarks;

import dev.holdfast.benchmarks.Contender.Role;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ProgressBar;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * The benchmarks of a comparison, several times over. Within a round each store runs right beside its floor, so a
 * machine that changes its pace between the rounds shows as a wide error, not as a wrong ratio.
 */
record Rounds(
        Effort effort,
        List<String> contenders,
        List<String> operations,
        List<Integer> kibibytes,
        List<Integer> threads,
        int rounds,
        Path directory) {

    /** The operations that each class measures, under the names of its methods. */
    private static final Map<Class<?>, List<String>> TIMED = Map.of(
            StoreBenchmark.class,
            List.of("load", "update", "touch"),
            RequestBenchmark.class,
            List.of("read", "write", "touch", "request", "create", "rotate"));

    private static final List<String> BATCHES = List.of("create", "delete", "gc");

    /** Runs all of it and leaves the raw JSON, a file for each round and kind, in the folder. */
    void run(Path results) throws RunnerException {
        int forks = rounds * timed() * threads.size() * contenders.size();
        try (ProgressBar bar = Progress.bar(forks + rounds * (batches() * contenders.size() + purges()))) {
            OutputFormat progress = new Progress(bar);
            for (int round = 1; round <= rounds; round++) {
                String prefix = "round-" + round;
                for (int number : threads) {
                    if (timed() > 0) {
                        ChainedOptionsBuilder options = options(
                                        results.resolve(prefix + "-threads-" + number + ".json"))
                                .threads(number)
                                .param("payloadBytes", payloadBytes());
                        TIMED.forEach((type, methods) -> include(options, type, methods));
                        if (effort == Effort.FULL) {
                            options.mode(Mode.Throughput).mode(Mode.SampleTime);
                        }
                        effort.measure(options, forks);
                        new Runner(options.build(), progress).run();
                    }
                }
                if (batches() > 0) {
                    ChainedOptionsBuilder options = options(results.resolve(prefix + "-batches.json"));
                    include(options, BatchBenchmark.class, BATCHES);
                    effort.measureBatches(options);
                    new Runner(options.build(), progress).run();
                }
                if (purges() > 0) {
                    ChainedOptionsBuilder options = options(results.resolve(prefix + "-purges.json"))
                            .include(PurgeBenchmark.class.getName())
                            .param("contender", stores().toArray(String[]::new));
                    new Runner(options.build(), progress).run();
                }
            }
        }
    }

    private ChainedOptionsBuilder options(Path result) {
        return new OptionsBuilder()
                .forks(1)
                .shouldFailOnError(true)
                .jvmArgsAppend("-Djava.io.tmpdir=" + directory.toAbsolutePath())
                .param("contender", contenders.toArray(String[]::new))
                .resultFormat(ResultFormatType.JSON)
                .result(result.toString());
    }

    private void include(ChainedOptionsBuilder options, Class<?> type, List<String> methods) {
        String wanted = methods.stream().filter(operations::contains).collect(Collectors.joining("|"));
        if (!wanted.isEmpty()) {
            options.include(String.format(Locale.ROOT, "%s\\.(%s)$", type.getSimpleName(), wanted));
        }
    }

    /** Returns how many forks of timed benchmarks there are for one contender and number of threads. */
    private int timed() {
        return wanted(TIMED.get(StoreBenchmark.class)) * kibibytes.size() + wanted(TIMED.get(RequestBenchmark.class));
    }

    private int batches() {
        return wanted(BATCHES);
    }

    private int purges() {
        return effort == Effort.FULL && operations.contains("gc") ? stores().size() * PurgeBenchmark.SIZES : 0;
    }

    private List<String> stores() {
        return contenders.stream()
                .filter(name -> Contender.named(name).map(Contender::role).orElse(Role.STORE) == Role.STORE)
                .toList();
    }

    private int wanted(List<String> methods) {
        return (int) methods.stream().filter(operations::contains).count();
    }

    private String[] payloadBytes() {
        return kibibytes.stream().map(size -> Integer.toString(size * 1024)).toArray(String[]::new);
    }
}
