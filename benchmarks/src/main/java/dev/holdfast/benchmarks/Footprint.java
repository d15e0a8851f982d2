package dev.holdfast.benchmarks;

import dev.holdfast.session.compliance.FaultProxy;
import dev.holdfast.session.compliance.FaultProxy.Direction;
import dev.holdfast.session.spi.StoredSession;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import me.tongfei.progressbar.ProgressBar;

/** Counts what sessions take up at rest and on the wire, in this JVM: bytes do not depend on how warm it is. */
final class Footprint {

    static final int PAYLOAD_BYTES = 1024;

    private static final int ON_HEAP = 50_000;
    private static final int COUNTED = 500;
    private static final Pattern ADDRESS = Pattern.compile("(?<=//|@)([\\w.-]+):(\\d+)(?=[/?]|$)");

    private final Map<String, String> servers;
    private final Path directory;
    private final List<Size> sizes = new ArrayList<>();

    /** @param servers the URIs of the servers that run, by engine */
    Footprint(Map<String, String> servers, Path directory) {
        this.servers = servers;
        this.directory = directory;
    }

    /** Counts for each contender what can be counted, and leaves it in the folder. */
    void measure(List<String> contenders, Path results) throws IOException {
        for (String coding : List.of(Coding.SESSIONS, Coding.JDK)) {
            sizes.add(new Size(coding, Size.STORED, Coding.of(coding, 10).storedBytes()));
        }
        try (ProgressBar bar = Progress.bar(contenders.size())) {
            for (String contender : contenders) {
                bar.setExtraMessage(" bytes of " + contender);
                Path files = Work.directory(directory);
                try {
                    measure(contender, Standing.of(contender), files);
                } catch (IOException | RuntimeException e) {
                    // hours of measuring lie behind it
                    System.err.println("the bytes of " + contender + " were not counted: " + e);
                }
                Work.remove(files);
                bar.step();
            }
        }
        Size.write(sizes, results);
    }

    private void measure(String contender, Standing standing, Path files) throws IOException {
        String engine = standing.engine();
        if (Gauge.isOnHeap(engine)) {
            if (standing.role() != Contender.Role.PEER) {
                onHeap(contender, files);
            }
            return;
        }
        String uri = servers.get(engine);
        Matcher address = ADDRESS.matcher(uri == null || !goesStraight(uri) ? "" : uri);
        if (address.find()) {
            try (FaultProxy proxy =
                    FaultProxy.to(new InetSocketAddress(address.group(1), Integer.parseInt(address.group(2))))) {
                Servers.use(engine, address.replaceFirst("127.0.0.1:" + proxy.port()));
                try (Gauge gauge = Gauge.of(engine, uri, files)) {
                    Requests requests = atRest(contender, files, gauge);
                    onWire(contender, requests, proxy);
                    requests.close();
                }
            }
        } else if (Gauge.isOfFiles(engine)) {
            try (Gauge gauge = Gauge.of(engine, "", files)) {
                atRest(contender, files, gauge).close();
            }
        }
    }

    /** Returns whether a client talks to the address it was given alone: Hazelcast's asks there for the members' own. */
    private static boolean goesStraight(String uri) {
        return uri.startsWith("jdbc:") || uri.startsWith("redis");
    }

    private void onHeap(String contender, Path files) {
        try (Subject subject = Contender.open(contender, files)) {
            long before = Gauge.heap();
            for (int i = 0; i < ON_HEAP; i++) {
                StoredSession session = Work.sessions("heap" + i, 1, PAYLOAD_BYTES, Duration.ofDays(1))[0];
                subject.prepare(session);
                subject.create(session);
            }
            sizes.add(new Size(contender, Size.HEAP, (Gauge.heap() - before) / (double) ON_HEAP));
        }
    }

    private Requests atRest(String contender, Path files, Gauge gauge) throws IOException {
        long before = gauge.bytes();
        Requests requests = Contender.requests(contender, files);
        long held = gauge.bytes() - before;
        if (held > 0) {
            sizes.add(new Size(contender, Size.AT_REST, held / (double) Work.requestSessions()));
        }
        return requests;
    }

    private void onWire(String contender, Requests requests, FaultProxy proxy) {
        for (String operation : List.of("read", "write", "touch", "request", "create")) {
            IntConsumer run = run(operation, requests);
            // statements are prepared and scripts are known from then on
            IntStream.range(0, COUNTED).forEach(run);
            long before = forwarded(proxy);
            IntStream.range(0, COUNTED).forEach(run);
            sizes.add(new Size(contender, Size.WIRE + operation, (forwarded(proxy) - before) / (double) COUNTED));
        }
    }

    private static IntConsumer run(String operation, Requests requests) {
        return switch (operation) {
            case "read" -> requests::read;
            case "write" -> requests::write;
            case "touch" -> requests::touch;
            case "request" -> requests::request;
            default -> any -> requests.create();
        };
    }

    private static long forwarded(FaultProxy proxy) {
        return proxy.forwarded(Direction.REQUESTS) + proxy.forwarded(Direction.REPLIES);
    }
}
