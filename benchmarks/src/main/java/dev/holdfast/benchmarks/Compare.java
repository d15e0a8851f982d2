package dev.holdfast.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * The command that compares stores: runs the benchmarks in rounds, so that each store meets its floor several times
 * within one run, writes the raw JSON, and renders it as a page and a table.
 */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Measures stores beside what a programmer would write by hand against the same engine.",
        footer = {"", "The results are a folder with raw JSON, README.md and index.html."})
public final class Compare implements Callable<Integer> {

    /** The operation that counts bytes. */
    static final String FOOTPRINT = "footprint";

    @Parameters(
            arity = "0..1",
            paramLabel = "quick|full",
            defaultValue = "quick",
            description = "quick takes at most ten minutes unless told to look at more, full a day. Default: quick")
    private Effort effort;

    @Option(
            names = {"-s", "--stores"},
            split = ",",
            paramLabel = "STORE",
            description = "Which stores, with their floors and peers. Default: memory,file,h2,postgresql,redis (full:"
                    + " also file-fsync,mariadb,hazelcast,hazelcast-client)")
    private List<String> stores = List.of();

    @Option(
            names = "--server",
            paramLabel = "STORE=URI",
            description = "Takes a server that runs already, such as postgresql=jdbc:postgresql://host/db?user=me or"
                    + " hazelcast-client=hazelcast://host:5701?cluster=name, in place of one that is started here."
                    + " Names of tables, keys and maps begin with holdfast_benchmark or holdfast-benchmark; Spring"
                    + " Session's tables have their usual names, and are dropped")
    private Map<String, String> servers = Map.of();

    @Option(
            names = "--peers",
            split = ",",
            paramLabel = "PEER",
            description = "Which other projects' sessions, by a part of their names: spring-session, indexed-redis,"
                    + " hazelcast-spring-session, jetty, tomcat. Default: all of the --stores given; if none were given,"
                    + " Spring Session's plain ones (full: all)")
    private List<String> peers = List.of();

    @Option(names = "--no-peers", description = "Leaves other projects' sessions out")
    private boolean noPeers;

    @Option(
            names = "--own",
            split = ",",
            paramLabel = "URI|CLASS",
            description = "Your own stores, too: a URI, or a class with a public constructor without parameters")
    private List<String> own = List.of();

    @Option(
            names = {"-o", "--operations"},
            split = ",",
            paramLabel = "OPERATION",
            description = "Which operations: load, update, delete of a store; read, write, request, rotate, hot through"
                    + " Sessions; touch and create of both; gc; decode, recode, encode of attributes;"
                    + " footprint, the bytes of a session. Default: read,write,create,gc,decode,"
                    + "recode,encode (full: all)")
    private List<String> operations = List.of();

    @Option(
            names = "--payloads",
            split = ",",
            paramLabel = "KIB",
            description = "Payload sizes at store level, in KiB. Default: 1 (full: 1,10,100)")
    private List<Integer> kibibytes = List.of();

    @Option(
            names = "--threads",
            split = ",",
            paramLabel = "N",
            description = "Numbers of threads. Default: 1 (full: 1,4)")
    private List<Integer> threads = List.of();

    @Option(names = "--rounds", description = "How often each store meets its floor. Default: 1 (full: 3)")
    private int rounds;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            description = "How long a quick comparison may take: with more it measures each longer. Default: 10")
    private int minutes = 10;

    @Option(
            names = "--profile",
            description = "Records where the time of stores and peers goes, as a flame graph for each. What is measured"
                    + " meanwhile is slower, so without floors and no comparison")
    private boolean profile;

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "Where stores keep their files meanwhile. Default: the system's temporary directory")
    private Path directory = Path.of(System.getProperty("java.io.tmpdir"));

    @Option(names = "--out", paramLabel = "DIR", description = "Where the results go. Default: results/<now>")
    private Path out;

    @Spec
    private CommandSpec spec;

    /** Runs the command line, and exits with 0, or with 2 if an argument is wrong. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Compare())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args));
    }

    @Override
    public Integer call() throws IOException, RunnerException {
        List<String> contenders = contenders();
        Path results = out == null
                ? Path.of(
                        "results",
                        LocalDateTime.now(ZoneId.systemDefault())
                                .format(DateTimeFormatter.ofPattern("yyyy-MM-dd-HHmm")))
                : out;
        int times = spec.commandLine().getParseResult().hasMatchedOption("--rounds") ? rounds : effort.rounds();
        requireAtLeast(1, "--rounds", List.of(times));
        requireAtLeast(1, "--minutes", List.of(minutes));
        requireAtLeast(1, "--threads", threads);
        requireAtLeast(1, "--payloads", kibibytes);
        requireServers();
        requirePeers();
        Files.createDirectories(results);
        Files.createDirectories(directory);
        List<String> wanted = operations.isEmpty() ? effort.operations() : operations;
        Optional<ProcessorTime> start = ProcessorTime.now();
        try (Servers running = Servers.start(stores(), servers, directory)) {
            Environment environment = Environment.of(
                    directory, spec.commandLine().getParseResult().originalArgs(), times, running.uris());
            Rounds all = new Rounds(
                    effort,
                    contenders,
                    wanted,
                    kibibytes.isEmpty() ? effort.kibibytes() : kibibytes,
                    threads.isEmpty() ? effort.threads() : threads,
                    times,
                    Duration.ofMinutes(minutes),
                    directory,
                    running.jvmArguments(),
                    profile);
            environment = environment.with("warm-up", warmUp(all.forks()));
            environment.write(results);
            all.run(results);
            if (wanted.contains(FOOTPRINT)) {
                new Footprint(running.uris(), directory).measure(contenders, results);
            }
            if (profile) {
                Flames.draw(results);
                environment = environment.with("profiled", "by JDK Flight Recorder, which makes it slower");
            }
            if (start.isPresent()) {
                String taken = ProcessorTime.now().orElseThrow().since(start.get());
                environment = environment.with("taken by the machine's host", taken);
            }
            environment.write(results);
        }
        return report(results);
    }

    /** Returns how long each JVM warms up, and warns if that is too short for true figures. */
    private String warmUp(int forks) {
        if (forks == 0) {
            return "by iterations";
        }
        Duration warmUp = effort.warmUp(forks, Duration.ofMinutes(minutes));
        String seconds = String.format(Locale.ROOT, "%.1f s", warmUp.toMillis() / 1000.0);
        if (warmUp.compareTo(Effort.SHORTEST_WARM_UP) < 0) {
            spec.commandLine()
                    .getErr()
                    .printf(
                            "%d JVMs in --minutes %d leave each %s to warm up, and what is not warm looks slow: take"
                                    + " --minutes %d, or less to compare%n",
                            forks, minutes, seconds, Effort.minutes(forks));
        }
        return seconds + " in each JVM";
    }

    private void requireServers() {
        for (String engine : servers.keySet()) {
            if (!Servers.engines().contains(engine)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--server " + engine + ": only these run in a server: " + String.join(", ", Servers.engines()));
            }
        }
    }

    @Command(description = "Renders the page and the table of a folder of results anew.")
    int report(@Parameters(paramLabel = "DIR", description = "the folder of results") Path results) throws IOException {
        Results measured = Results.read(results);
        Files.writeString(results.resolve("README.md"), new MarkdownReport(measured).text());
        Path page = Files.writeString(results.resolve("index.html"), new HtmlReport(measured).text());
        spec.commandLine().getOut().println(page.toAbsolutePath());
        return 0;
    }

    /** Returns the engines to measure; of those that nobody asked for by name, only what runs here. */
    private List<String> stores() {
        return stores.isEmpty()
                ? effort.stores().stream()
                        .filter(engine ->
                                !engine.equals("mariadb") || MariaDbServer.available() || servers.containsKey(engine))
                        .toList()
                : stores.stream().map(store -> store.toLowerCase(Locale.ROOT)).toList();
    }

    private boolean isWanted(Contender peer) {
        if (noPeers) {
            return false;
        }
        if (!peers.isEmpty()) {
            return peers.stream().anyMatch(peer::isPeer);
        }
        return !stores.isEmpty() || effort.peers().stream().anyMatch(peer::isPeer);
    }

    private void requirePeers() {
        for (String peer : peers) {
            if (Arrays.stream(Contender.values()).noneMatch(contender -> contender.isPeer(peer))) {
                throw new ParameterException(spec.commandLine(), "--peers " + peer + ": there is no such peer here");
            }
        }
    }

    @Command(description = "Writes the tables of figures in a Markdown file anew, from the results that each names.")
    int figures(@Parameters(paramLabel = "FILE", description = "the file, in the project's folder") Path file)
            throws IOException {
        Path project = file.toAbsolutePath().normalize().getParent();
        Files.writeString(file, new Figures(project).renewed(Files.readString(file)));
        return 0;
    }

    private List<String> contenders() {
        List<String> names = new ArrayList<>();
        for (String store : stores()) {
            List<String> ofEngine = Arrays.stream(Contender.values())
                    .filter(contender -> contender.isOf(store))
                    .filter(contender -> contender.role() != Contender.Role.PEER || isWanted(contender))
                    .filter(contender -> contender.role() != Contender.Role.FLOOR || !profile)
                    .map(Contender::name)
                    .toList();
            if (ofEngine.isEmpty()) {
                throw new ParameterException(
                        spec.commandLine(),
                        "there is no store '" + store + "' here; there are " + String.join(", ", Contender.engines())
                                + ". A store of your own is given with --own");
            }
            names.addAll(ofEngine);
        }
        for (String store : own) {
            try {
                Contender.open(store, directory).close();
                names.add(store);
            } catch (RuntimeException e) {
                throw new ParameterException(spec.commandLine(), "--own " + store + ": " + e.getMessage(), e);
            }
        }
        return names;
    }

    private void requireAtLeast(int least, String option, List<Integer> values) {
        if (values.stream().anyMatch(value -> value < least)) {
            throw new ParameterException(spec.commandLine(), option + " must be at least " + least);
        }
    }
}
