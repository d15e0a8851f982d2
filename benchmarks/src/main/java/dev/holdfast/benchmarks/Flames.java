package dev.holdfast.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import one.convert.Arguments;
import one.convert.JfrToFlame;

/** Where the time of each benchmark goes, as pages of flame graphs beside the figures. */
final class Flames {

    private static final String FOLDER = "flames";
    private static final String RECORDING = "profile.jfr";
    private static final String PAGE = ".html";

    /** Threads that wait for work, and JMH's own. */
    private static final String IDLE = ".*(EPoll\\.wait|waitForProcessExit0|org\\.openjdk\\.jmh\\.util).*";

    private Flames() {}

    /** Returns how JMH's flight recorder is to be set up, so that {@link #draw} finds what it leaves. */
    static String recorderOptions(Path results) {
        return "configName=profile;stackDepth=128;dir="
                + results.resolve(FOLDER).toAbsolutePath();
    }

    /** Draws what was recorded, the last round's of each benchmark, and deletes the recordings, which are large. */
    static void draw(Path results) throws IOException {
        Path folder = Files.createDirectories(results.resolve(FOLDER));
        try (Stream<Path> below = Files.walk(folder)) {
            for (Path recording : below.filter(file -> file.endsWith(RECORDING)).toList()) {
                Path run = recording.getParent();
                String name = name(run.getFileName().toString());
                Path page = folder.resolve(name + PAGE);
                Arguments settings = new Arguments("--dot", "--norm", "--exclude", IDLE, "--title", name);
                JfrToFlame.convert(recording.toString(), page.toString(), settings);
                Files.delete(recording);
                Files.delete(run);
            }
        }
    }

    /** Returns the operation and its parameters' values, of JMH's name for them with its class and mode. */
    static String name(String run) {
        return run.replaceFirst("^(\\w+\\.)+", "")
                .replaceFirst("-[A-Za-z]+-contender-", "-")
                .replace("-payloadBytes-", "-");
    }

    /** Returns the pages' paths in the folder of results, none if nothing was recorded. */
    static List<String> of(Path results) {
        Path folder = results.resolve(FOLDER);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> pages = Files.list(folder)) {
            return pages.map(page -> page.getFileName().toString())
                    .filter(page -> page.endsWith(PAGE))
                    .sorted()
                    .map(page -> FOLDER + "/" + page)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
