package dev.holdfast.session.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.holdfast.session.compliance.FaultProxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A database with the tables of the shipped script, for one test class.
 *
 * @param url where it is
 * @param script the script that made its tables
 */
record TestDatabase(String url, String script) {

    static final String POOL = "test-pool";

    static TestDatabase h2(String name) {
        return new TestDatabase("jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1", "h2").made();
    }

    static TestDatabase h2File(String path) {
        return new TestDatabase("jdbc:h2:file:" + path, "h2").made();
    }

    /** A new database on the shared server, in a time zone far from this machine's. */
    static TestDatabase postgres(String name) {
        int port = Servers.postgresPort();
        runOn("jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres", "CREATE DATABASE " + name);
        return postgres(name, port).made();
    }

    static TestDatabase postgres(String name, int port) {
        return new TestDatabase(
                "jdbc:postgresql://127.0.0.1:" + port + "/" + name
                        + "?user=postgres&cancelSignalTimeout=1&options=-c%20TimeZone=Pacific/Kiritimati",
                "postgresql");
    }

    /** A new database on the shared server, with its default collation, in a time zone far from this machine's. */
    static TestDatabase mariaDb(String name) {
        int port = Servers.mariaDbPort();
        runOn("jdbc:mariadb://127.0.0.1:" + port + "/?user=root", "CREATE DATABASE " + name);
        return new TestDatabase(
                        "jdbc:mariadb://127.0.0.1:" + port + "/" + name
                                + "?user=root&sessionVariables=time_zone='+13:00'",
                        "mariadb")
                .made();
    }

    TestDatabase made() {
        try (Connection connection = connect()) {
            new Table(null, Table.DEFAULT_NAME).create(connection, "META-INF/holdfast/jdbc/" + script + ".sql");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return this;
    }

    /** The same database through a proxy. */
    TestDatabase through(FaultProxy proxy) {
        return new TestDatabase(url.replaceFirst("127\\.0\\.0\\.1:\\d+", "127.0.0.1:" + proxy.port()), script);
    }

    int port() {
        return Integer.parseInt(url.replaceFirst(".*127\\.0\\.0\\.1:(\\d+)/.*", "$1"));
    }

    Connection connect() {
        try {
            return DriverManager.getConnection(url);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    HikariDataSource pool(int size, int waitMillis) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(POOL);
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(waitMillis);
        config.setValidationTimeout(250);
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }

    /** Empties the tables. MariaDB refuses a TRUNCATE while it counts the rows of a table, which nobody asked it to do. */
    TestDatabase emptied() {
        String empty = script.equals("mariadb") ? "DELETE FROM " : "TRUNCATE TABLE ";
        run(empty + "holdfast_session", empty + "holdfast_session_lock", empty + "holdfast_session_expired");
        return this;
    }

    void run(String... statements) {
        runOn(url, statements);
    }

    private static void runOn(String url, String... statements) {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the first column of what a query answers. */
    List<Long> longs(String sql) {
        List<Long> found = new ArrayList<>();
        try (Connection connection = connect();
                PreparedStatement select = connection.prepareStatement(sql);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                found.add(row.getLong(1));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return Collections.unmodifiableList(found);
    }

    long count() {
        return longs("SELECT count(*) FROM holdfast_session").get(0);
    }
}
