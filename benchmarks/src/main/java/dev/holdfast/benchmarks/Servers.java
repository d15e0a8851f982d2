package dev.holdfast.benchmarks;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The servers of a comparison, on free ports of 127.0.0.1 unless their URIs were given: one of each for all that is
 * measured, so that a store and its floor meet the same one. They end with this process; PostgreSQL and MariaDB outlive
 * it only if it is killed outright.
 */
final class Servers implements AutoCloseable {

    private static final String PROPERTY = "holdfast.benchmarks.server.";
    private static final Map<String, Start> STARTS = Map.of(
            "hazelcast-client", Servers::startHazelcast,
            "mariadb", Servers::startMariaDb,
            "postgresql", Servers::startPostgres,
            "redis", Servers::startRedis);

    private final Map<String, String> uris = new LinkedHashMap<>();
    private final Deque<AutoCloseable> started = new ArrayDeque<>();

    private Servers() {}

    /**
     * Starts what these engines need.
     *
     * @param given URIs of servers that run already, by engine
     */
    static Servers start(Collection<String> engines, Map<String, String> given, Path directory) throws IOException {
        Servers servers = new Servers();
        for (String engine : engines) {
            Start start = STARTS.get(engine);
            if (start != null && !servers.uris.containsKey(engine)) {
                String uri = given.get(engine);
                servers.uris.put(engine, uri == null ? start.start(servers, directory) : uri);
            }
        }
        return servers;
    }

    /** Returns the engines that run in a server. */
    static Collection<String> engines() {
        return new TreeSet<>(STARTS.keySet());
    }

    private String startPostgres(Path directory) throws IOException {
        EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(directory.resolve("postgres").toFile())
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("synchronous_commit", "on")
                .start();
        started.push(server);
        return server.getJdbcUrl("postgres", "postgres");
    }

    private String startRedis(Path directory) throws IOException {
        RedisServer server = RedisServer.start(directory);
        started.push(server);
        return "redis://127.0.0.1:" + server.port();
    }

    /** Returns the URIs by engine. */
    Map<String, String> uris() {
        return Map.copyOf(uris);
    }

    /** Says, in this JVM, where an engine's server is. */
    static void use(String engine, String uri) {
        System.setProperty(PROPERTY + engine, uri);
    }

    private String startMariaDb(Path directory) throws IOException {
        MariaDbServer server = MariaDbServer.start(directory);
        started.push(server);
        return server.uri();
    }

    private String startHazelcast(Path directory) throws IOException {
        HazelcastServer server = HazelcastServer.start(directory);
        started.push(server);
        return server.uri();
    }

    /** Returns the arguments by which the JVMs of the benchmarks learn of the servers. */
    List<String> jvmArguments() {
        return uris.entrySet().stream()
                .map(server -> "-D" + PROPERTY + server.getKey() + "=" + server.getValue())
                .toList();
    }

    /** Returns, in a JVM that was started with {@link #jvmArguments} or told by {@link #use}, where an engine's server is. */
    static String uri(String engine) {
        String uri = System.getProperty(PROPERTY + engine);
        if (uri == null) {
            throw new IllegalStateException("no server of " + engine + ": set -D" + PROPERTY + engine + "=<URI>");
        }
        return uri;
    }

    @Override
    public void close() {
        for (AutoCloseable server : started) {
            try {
                server.close();
            } catch (Exception e) {
                System.err.println("a server did not stop: " + e);
            }
        }
    }

    private interface Start {
        String start(Servers servers, Path directory) throws IOException;
    }
}
