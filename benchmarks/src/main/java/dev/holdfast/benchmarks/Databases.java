package dev.holdfast.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.holdfast.session.jdbc.JdbcSessionStore;
import dev.holdfast.session.spi.StoredSession;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Databases of this machine with fresh tables, for the store and for its floor alike. */
final class Databases {

    private static final int POOL_SIZE = 8;

    private Databases() {}

    static HikariDataSource h2(Path directory) {
        return pool("jdbc:h2:mem:" + directory.getFileName() + ";DB_CLOSE_DELAY=-1");
    }

    /** Starts a server, with commits as in production but for the disk's own cache, which is not waited for. */
    static Subject onPostgres(boolean floor) {
        try {
            EmbeddedPostgres server = EmbeddedPostgres.builder()
                    .setServerConfig("synchronous_commit", "on")
                    .start();
            HikariDataSource pool = pool(server.getJdbcUrl("postgres", "postgres"));
            return new OnServer(floor ? floor(pool) : store(pool), server);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static HikariDataSource pool(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(POOL_SIZE);
        return new HikariDataSource(config);
    }

    static Subject store(HikariDataSource pool) {
        return new OnServer(
                new StoreSubject(
                        JdbcSessionStore.builder(pool).createTables(true).build()),
                pool);
    }

    static Subject floor(HikariDataSource pool) {
        JdbcSessionStore.builder(pool).createTables(true).build().close();
        return new JdbcFloor(pool);
    }

    /** A subject that ends what it runs on with itself. */
    private record OnServer(Subject subject, AutoCloseable server) implements Subject {

        @Override
        public Object load(StoredSession session) {
            return subject.load(session);
        }

        @Override
        public Object update(StoredSession session, long version) {
            return subject.update(session, version);
        }

        @Override
        public Object touch(StoredSession session) {
            return subject.touch(session);
        }

        @Override
        public Object create(StoredSession session) {
            return subject.create(session);
        }

        @Override
        public Object delete(StoredSession session) {
            return subject.delete(session);
        }

        @Override
        public Object purge() {
            return subject.purge();
        }

        @Override
        public void close() {
            subject.close();
            try {
                server.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
