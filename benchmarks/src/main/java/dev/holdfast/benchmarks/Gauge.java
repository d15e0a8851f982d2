package dev.holdfast.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import redis.clients.jedis.RedisClient;

/** How much an engine holds. */
interface Gauge extends AutoCloseable {

    /** How often unreachable objects are looked for: some are reachable from others that wait for their end. */
    int COLLECTIONS = 3;

    String POSTGRESQL = "SELECT pg_database_size(current_database())";
    String MARIADB = "SELECT SUM(file_size) FROM information_schema.innodb_sys_tablespaces"
            + " WHERE name LIKE CONCAT(DATABASE(), '/%')";

    long bytes() throws IOException;

    @Override
    default void close() {}

    static boolean isOnHeap(String engine) {
        return Set.of("memory", "hazelcast").contains(engine);
    }

    static boolean isOfFiles(String engine) {
        return engine.startsWith("file");
    }

    /** Returns the gauge of an engine in files, or in a server; one that stays at 0 if the server can't be asked. */
    static Gauge of(String engine, String uri, Path files) {
        return switch (engine) {
            case "redis" -> new OfRedis(RedisClient.create(uri));
            case "postgresql" -> () -> ofDatabase(uri, POSTGRESQL);
            case "mariadb" -> () -> ofDatabase(uri, MARIADB);
            default -> () -> ofFiles(files);
        };
    }

    /** Returns the bytes of what is reachable in this JVM. */
    static long heap() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long ofFiles(Path folder) throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }

    private static long ofDatabase(String uri, String query) throws IOException {
        try (Connection connection = DriverManager.getConnection(uri);
                Statement statement = connection.createStatement();
                ResultSet size = statement.executeQuery(query)) {
            size.next();
            return size.getLong(1);
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    /** What the server says of itself. */
    record OfRedis(RedisClient client) implements Gauge {
        private static final Pattern USED = Pattern.compile("used_memory:(\\d+)");

        @Override
        public long bytes() throws IOException {
            Matcher used = USED.matcher(client.info("memory"));
            if (!used.find()) {
                throw new IOException("the server does not say how much memory it uses");
            }
            return Long.parseLong(used.group(1));
        }

        @Override
        public void close() {
            client.close();
        }
    }
}
