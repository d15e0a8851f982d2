package dev.holdfast.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Where and how a comparison ran: without it a number means nothing. */
record Environment(Map<String, String> facts) {

    private static final String FILE = "run.json";
    private static final JsonMapper JSON = new JsonMapper();

    /**
     * @param rounds how many there are, each with a JVM of its own for everything that is measured
     * @param servers the URIs of the servers that run, by engine
     */
    static Environment of(Path directory, List<String> arguments, int rounds, Map<String, String> servers)
            throws IOException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(
                "command",
                "mvn -q -Pcompare -pl benchmarks -am compile -Dargs=\"" + String.join(" ", arguments) + "\"");
        facts.put("commit", commit());
        facts.put("JDK", System.getProperty("java.vendor") + " " + Runtime.version());
        facts.put(
                "machine",
                Runtime.getRuntime().availableProcessors() + " × " + processor() + ", " + System.getProperty("os.name")
                        + " " + System.getProperty("os.version"));
        facts.put("forks", rounds + ", one in each round");
        servers.forEach((engine, uri) -> Versions.ofServer(uri).ifPresent(version -> facts.put(engine, version)));
        facts.put("libraries", Versions.ofLibraries());
        facts.put("files on", Files.getFileStore(directory).type());
        return new Environment(facts);
    }

    /** Returns whether a folder holds results. */
    static boolean in(Path folder) {
        return Files.isRegularFile(folder.resolve(FILE));
    }

    static Environment read(Path results) throws IOException {
        return new Environment(
                JSON.readValue(Files.readString(results.resolve(FILE)), new TypeReference<Map<String, String>>() {}));
    }

    Environment with(String name, String fact) {
        Map<String, String> more = new LinkedHashMap<>(facts);
        more.put(name, fact);
        return new Environment(more);
    }

    void write(Path results) throws IOException {
        Files.writeString(
                results.resolve(FILE), JSON.writerWithDefaultPrettyPrinter().writeValueAsString(facts) + "\n");
    }

    private static String processor() {
        Path cpus = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(cpus)) {
            return System.getProperty("os.arch");
        }
        try (Stream<String> lines = Files.lines(cpus)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }

    private static String commit() {
        try {
            Process git = new ProcessBuilder("git", "describe", "--always", "--dirty", "--abbrev=12")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String text = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return git.waitFor(10, TimeUnit.SECONDS) && git.exitValue() == 0 ? text : "unknown";
        } catch (IOException e) {
            return "unknown";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "unknown";
        }
    }
}
