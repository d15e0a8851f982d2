package dev.holdfast.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.holdfast.session.jdbc.JdbcSessionStore;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Databases with a fresh table, for the store and for its floor alike. */
final class Databases {

    /** A name of its own: a given database may be in use. */
    static final String TABLE = "holdfast_benchmark";

    private static final int POOL_SIZE = 8;

    private Databases() {}

    static HikariDataSource h2(Path directory) {
        return pool("jdbc:h2:mem:" + directory.getFileName() + ";DB_CLOSE_DELAY=-1");
    }

    static HikariDataSource postgresql() {
        return pool(Servers.uri("postgresql"));
    }

    static HikariDataSource mariadb() {
        return pool(Servers.uri("mariadb"));
    }

    private static HikariDataSource pool(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(POOL_SIZE);
        return new HikariDataSource(config);
    }

    static StoreSubject store(HikariDataSource pool) {
        return new StoreSubject(fresh(pool), closing(pool, TABLE));
    }

    static Subject floor(HikariDataSource pool) {
        fresh(pool).close();
        return new JdbcFloor(pool, closing(pool, TABLE));
    }

    private static JdbcSessionStore fresh(HikariDataSource pool) {
        drop(pool, TABLE);
        return JdbcSessionStore.builder(pool).table(TABLE).createTables(true).build();
    }

    /** Returns what removes a table and closes the pool. */
    static AutoCloseable closing(HikariDataSource pool, String table) {
        return () -> {
            drop(pool, table);
            pool.close();
        };
    }

    static void drop(HikariDataSource pool, String table) {
        execute(pool, "DROP TABLE IF EXISTS " + table);
    }

    static void execute(HikariDataSource pool, String sql) {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
