package dev.holdfast.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * How long a virtual machine's processors were there for it, in ticks of all of them since it started.
 *
 * @param stolen for which they were ready to run, and the host let others run
 */
record ProcessorTime(long stolen, long total) {

    private static final Path COUNTERS = Path.of("/proc/stat");
    private static final int STOLEN = 7;

    /** Returns the counters, where the system has them: on Linux. */
    static Optional<ProcessorTime> now() {
        if (!Files.isReadable(COUNTERS)) {
            return Optional.empty();
        }
        try {
            return of(Files.readAllLines(COUNTERS).get(0));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Returns what the first line says: user, nice, system, idle, waiting, two of interrupts, stolen. */
    static Optional<ProcessorTime> of(String line) {
        String[] words = line.split(" +", -1);
        if (!words[0].equals("cpu") || words.length <= STOLEN + 1) {
            return Optional.empty();
        }
        long[] ticks =
                Arrays.stream(words, 1, STOLEN + 2).mapToLong(Long::parseLong).toArray();
        return Optional.of(new ProcessorTime(ticks[STOLEN], Arrays.stream(ticks).sum()));
    }

    /** Returns what to say of the time since the earlier one. */
    String since(ProcessorTime start) {
        double share = (stolen - start.stolen) / (double) Math.max(1, total - start.total);
        return String.format(Locale.ROOT, "%.1f %% of the processors' time", 100 * share);
    }
}
