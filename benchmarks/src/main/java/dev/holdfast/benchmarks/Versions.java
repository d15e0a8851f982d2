package dev.holdfast.benchmarks;

import java.io.File;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisException;

/** Which versions took part. */
final class Versions {

    private static final Pattern LIBRARY =
            Pattern.compile("(jedis|lettuce-core|redisson|HikariCP|h2|postgresql|mariadb-java-client|hazelcast[a-z-]*"
                    + "|spring-session-[a-z-]+|spring-data-redis|jetty-session|tomcat-embed-core|tomcat-catalina)"
                    + "-(\\d[\\w.-]*)\\.jar");
    private static final Pattern REDIS = Pattern.compile("redis_version:(\\S+)");

    private Versions() {}

    /** Returns what a server says that it is, if it says so. */
    static Optional<String> ofServer(String uri) {
        try {
            return uri.startsWith("redis")
                    ? ofRedis(uri)
                    : uri.startsWith("jdbc:") ? Optional.of(ofDatabase(uri)) : Optional.empty();
        } catch (SQLException | JedisException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> ofRedis(String uri) {
        try (RedisClient client = RedisClient.create(uri)) {
            Matcher version = REDIS.matcher(client.info("server"));
            return version.find() ? Optional.of("Redis " + version.group(1)) : Optional.empty();
        }
    }

    private static String ofDatabase(String uri) throws SQLException {
        try (Connection connection = DriverManager.getConnection(uri)) {
            DatabaseMetaData database = connection.getMetaData();
            return database.getDatabaseProductName() + " " + database.getDatabaseProductVersion();
        }
    }

    /** Returns the drivers, pools and peers on the class path. */
    static String ofLibraries() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(entry -> LIBRARY.matcher(String.valueOf(Path.of(entry).getFileName())))
                .filter(Matcher::matches)
                .map(jar -> jar.group(1) + " " + jar.group(2))
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
    }
}
