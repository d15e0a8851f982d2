package dev.holdfast.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

@Tag("once")
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "a process can only be killed there")
class StoppedRunTest {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private Process compare() throws Exception {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Compare.class.getName(),
                        "--stores",
                        "postgresql,redis",
                        "--operations",
                        "load",
                        "--rounds",
                        "1",
                        "--directory",
                        folder.toString(),
                        "--out",
                        folder.resolve("out").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile())
                .start();
    }

    /** Returns the processes that a comparison has started, and those that work in its folder. */
    private List<ProcessHandle> started(Process compare) {
        return Stream.concat(
                        compare.descendants(),
                        ProcessHandle.allProcesses()
                                .filter(process -> line(process).contains(folder.toString())))
                .filter(process -> process.pid() != compare.pid())
                .distinct()
                .toList();
    }

    private static String line(ProcessHandle process) {
        return process.info().commandLine().orElse("");
    }

    /** Returns the program alone: a command line as long as that of JMH's JVMs is not told. */
    private static String command(ProcessHandle process) {
        return process.info().command().orElse("");
    }

    @Test
    @DisplayName("a run that is stopped in the middle, as by Ctrl-C, leaves no server and no JVM behind")
    void stopped() throws Exception {
        Process compare = compare();
        try {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(started(compare))
                            .anyMatch(process -> command(process).contains("redis-server"))
                            .anyMatch(process -> command(process).endsWith("postgres"))
                            .anyMatch(process -> command(process).endsWith("java")));
            List<ProcessHandle> started = started(compare);

            // not INT, which a JVM does not hear if who started the tests ignores it; what follows is the same
            assertThat(compare.toHandle().destroy()).isTrue();

            assertThat(compare.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(started.stream().filter(ProcessHandle::isAlive))
                            .isEmpty());
            assertThat(started(compare)).isEmpty();
        } finally {
            started(compare).forEach(ProcessHandle::destroyForcibly);
            compare.destroyForcibly();
        }
    }
}
