package dev.holdfast.benchmarks;

import dev.holdfast.benchmarks.Contender.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import me.tongfei.progressbar.ProgressBar;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.profile.JavaFlightRecorderProfiler;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

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
        Duration longest,
        Path directory,
        List<String> jvmArguments,
        boolean profiled) {

    private static final List<String> VERBS = List.of("load", "update", "touch");
    private static final List<String> REQUESTS = List.of("read", "write", "touch", "request", "create", "rotate");
    private static final List<String> HOT = List.of("hot");
    private static final int HOT_THREADS = 8;
    private static final List<String> CODINGS = List.of("decode", "recode", "encode");
    private static final List<String> BATCHES = List.of("create", "delete");
    private static final List<String> PURGES = List.of("gc");
    private static final List<String> CODECS = List.of(Coding.SESSIONS, Coding.JDK);

    /** Runs all of it and leaves the raw JSON, a file for each round and kind, in the folder. */
    void run(Path results) throws RunnerException {
        int forks = forks();
        int batches = wanted(BATCHES).size() * subjects().size()
                + wanted(PURGES).size() * purging(subjects()).size();
        try (ProgressBar bar = Progress.bar(forks + rounds * (batches + purges()))) {
            OutputFormat progress = new Progress(bar);
            for (int round = 1; round <= rounds; round++) {
                String prefix = "round-" + round;
                for (int number : threads) {
                    String suffix = "-threads-" + number + ".json";
                    run(
                            StoreBenchmark.class,
                            wanted(VERBS),
                            subjects(),
                            results.resolve(prefix + "-verbs" + suffix),
                            options -> {
                                options.threads(number).param("payloadBytes", payloadBytes());
                                measure(options, forks);
                            },
                            progress);
                    run(
                            RequestBenchmark.class,
                            wanted(REQUESTS),
                            contenders,
                            results.resolve(prefix + "-requests" + suffix),
                            options -> {
                                options.threads(number);
                                measure(options, forks);
                            },
                            progress);
                }
                run(
                        RequestBenchmark.class,
                        hot(),
                        stores(),
                        results.resolve(prefix + "-hot.json"),
                        options -> {
                            options.threads(HOT_THREADS);
                            effort.measure(options, forks, longest);
                        },
                        progress);
                run(
                        CodecBenchmark.class,
                        wanted(CODINGS),
                        CODECS,
                        results.resolve(prefix + "-codec.json"),
                        options -> {
                            options.param("attributes", effort.attributes().toArray(String[]::new));
                            effort.measure(options, forks, longest);
                        },
                        progress);
                run(
                        BatchBenchmark.class,
                        wanted(BATCHES),
                        subjects(),
                        results.resolve(prefix + "-batches.json"),
                        effort::measureBatches,
                        progress);
                run(
                        BatchBenchmark.class,
                        wanted(PURGES),
                        purging(subjects()),
                        results.resolve(prefix + "-gc.json"),
                        effort::measureBatches,
                        progress);
                if (purges() > 0) {
                    run(
                            PurgeBenchmark.class,
                            List.of("gcAmongLive"),
                            purging(stores()),
                            results.resolve(prefix + "-purges.json"),
                            options -> {},
                            progress);
                    run(
                            ForegroundBenchmark.class,
                            List.of("loadBeside"),
                            purging(stores()),
                            results.resolve(prefix + "-beside.json"),
                            options -> {},
                            progress);
                }
            }
        }
    }

    /** Returns how many JVMs measure by time, in all rounds. */
    int forks() {
        return rounds
                * (threads.size()
                                * (wanted(VERBS).size()
                                                * kibibytes.size()
                                                * subjects().size()
                                        + wanted(REQUESTS).size() * contenders.size())
                        + hot().size() * stores().size()
                        + wanted(CODINGS).size()
                                * CODECS.size()
                                * effort.attributes().size());
    }

    private void run(
            Class<?> type,
            List<String> methods,
            List<String> measured,
            Path result,
            Consumer<ChainedOptionsBuilder> settings,
            OutputFormat progress)
            throws RunnerException {
        if (methods.isEmpty() || measured.isEmpty()) {
            return;
        }
        List<String> arguments = new ArrayList<>(jvmArguments);
        arguments.addAll(Hazelcasts.JVM_ARGUMENTS);
        arguments.add("-Djava.io.tmpdir=" + directory.toAbsolutePath());
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(String.format(Locale.ROOT, "%s\\.(%s)$", type.getSimpleName(), String.join("|", methods)))
                .forks(1)
                .shouldFailOnError(true)
                .addProfiler(GCProfiler.class)
                .jvmArgsAppend(arguments.toArray(String[]::new))
                .param("contender", measured.toArray(String[]::new))
                .resultFormat(ResultFormatType.JSON)
                .result(result.toString());
        settings.accept(options);
        if (profiled) {
            options.addProfiler(JavaFlightRecorderProfiler.class, Flames.recorderOptions(result.getParent()));
            // the recorder starts within the first iteration, and takes about a second
            options.warmupTime(TimeValue.seconds(3)).measurementIterations(3).measurementTime(TimeValue.seconds(2));
        }
        new Runner(options.build(), progress).run();
    }

    private void measure(ChainedOptionsBuilder options, int forks) {
        if (effort == Effort.FULL) {
            options.mode(Mode.Throughput).mode(Mode.SampleTime);
        }
        effort.measure(options, forks, longest);
    }

    /** Returns writes of one session and, unless they are measured anyway, as many of many sessions. */
    private List<String> hot() {
        return wanted(HOT).isEmpty() || (threads.contains(HOT_THREADS) && operations.contains("write"))
                ? wanted(HOT)
                : List.of("hot", "write");
    }

    private int purges() {
        return effort == Effort.FULL && operations.contains("gc")
                ? purging(stores()).size() * (PurgeBenchmark.SIZES + ForegroundBenchmark.CASES)
                : 0;
    }

    private List<String> stores() {
        return ofRole(List.of(Role.STORE));
    }

    private List<String> subjects() {
        return ofRole(List.of(Role.STORE, Role.FLOOR));
    }

    /** Returns the contenders of these roles; what comes from outside is a store. */
    private List<String> ofRole(List<Role> roles) {
        return contenders.stream()
                .filter(name -> roles.contains(
                        Contender.named(name).map(Contender::role).orElse(Role.STORE)))
                .toList();
    }

    private static List<String> purging(List<String> names) {
        return names.stream()
                .filter(name -> Contender.named(name).map(Contender::purges).orElse(true))
                .toList();
    }

    private List<String> wanted(List<String> methods) {
        return methods.stream().filter(operations::contains).toList();
    }

    private String[] payloadBytes() {
        return kibibytes.stream().map(size -> Integer.toString(size * 1024)).toArray(String[]::new);
    }
}
