package dev.holdfast.benchmarks;

import java.util.Collection;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.format.OutputFormat;

/** JMH's output as one line that grows; what goes wrong is printed. */
final class Progress implements OutputFormat {

    private final ProgressBar bar;

    Progress(ProgressBar bar) {
        this.bar = bar;
    }

    /** Returns the bar of a whole comparison, which the caller closes: JMH closes its output after each part. */
    static ProgressBar bar(int steps) {
        return new ProgressBarBuilder()
                .setTaskName("comparing")
                .setInitialMax(steps)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(1000)
                .build();
    }

    @Override
    public void startBenchmark(BenchmarkParams params) {
        String name = params.getBenchmark();
        bar.setExtraMessage(" " + name.substring(name.lastIndexOf('.') + 1) + " " + params.getParam("contender"));
    }

    @Override
    public void endBenchmark(BenchmarkResult result) {
        bar.step();
    }

    @Override
    public void iteration(BenchmarkParams params, IterationParams iteration, int number) {}

    @Override
    public void iterationResult(
            BenchmarkParams params, IterationParams iteration, int number, IterationResult result) {}

    @Override
    public void startRun() {}

    @Override
    public void endRun(Collection<RunResult> results) {}

    @Override
    public void print(String text) {}

    @Override
    public void println(String line) {
        if (line.startsWith("<") || line.contains("Exception")) {
            System.err.println(line);
        }
    }

    @Override
    public void verbosePrintln(String line) {}

    @Override
    public void write(int octet) {}

    @Override
    public void write(byte[] octets) {}

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
