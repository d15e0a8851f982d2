package dev.holdfast.session.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.SessionStoreProvider;
import dev.holdfast.session.spi.StoreMisconfiguredException;
import dev.holdfast.session.spi.StoreUri;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Opens {@code jdbc:} URLs of any driver on the class path, through a pool of its own. Settings of the store begin with
 * {@code holdfast.} and stand in the query; the rest of the URL is the driver's: {@code holdfast.poolSize} (10),
 * {@code holdfast.timeout} in milliseconds, {@code holdfast.table}, {@code holdfast.schema},
 * {@code holdfast.createTables=true} and {@code holdfast.maxPayload} in bytes.
 */
public final class JdbcSessionStoreProvider implements SessionStoreProvider {

    private static final String PREFIX = "holdfast.";
    private static final String POSTGRESQL = "jdbc:postgresql:";
    private static final int DEFAULT_POOL_SIZE = 10;
    private static final int LARGEST_POOL = 1000;
    private static final long SHORTEST_POOL_TIMEOUT_MILLIS = 250;

    @Override
    public Set<String> schemes() {
        return Set.of("jdbc");
    }

    @Override
    public String example() {
        return "jdbc:postgresql://host/database?user=app&holdfast.poolSize=10";
    }

    @Override
    public SessionStore open(URI uri) {
        String url = uri.toString();
        int question = url.indexOf('?');
        List<String> drivers = new ArrayList<>();
        List<String> ours = new ArrayList<>();
        if (question >= 0) {
            for (String pair : url.substring(question + 1).split("&", -1)) {
                (pair.startsWith(PREFIX) ? ours : drivers).add(pair);
            }
        }
        String driverUrl = question < 0 || drivers.isEmpty()
                ? url.substring(0, question < 0 ? url.length() : question)
                : url.substring(0, question + 1) + String.join("&", drivers);
        StoreUri settings = StoreUri.parse(
                URI.create("jdbc:store?" + String.join("&", ours)),
                PREFIX + "poolSize",
                PREFIX + "timeout",
                PREFIX + "table",
                PREFIX + "schema",
                PREFIX + "createTables",
                PREFIX + "expiryDelay",
                PREFIX + "maxPayload");
        return open(driverUrl, settings);
    }

    private static SessionStore open(String url, StoreUri settings) {
        long timeout = settings.integer(
                PREFIX + "timeout", 1, Integer.MAX_VALUE, (int) JdbcSessionStore.DEFAULT_TIMEOUT.toMillis());
        HikariDataSource pool =
                pool(url, timeout, settings.integer(PREFIX + "poolSize", 1, LARGEST_POOL, DEFAULT_POOL_SIZE));
        try {
            JdbcSessionStore.Builder builder = JdbcSessionStore.owning(pool)
                    .timeout(Duration.ofMillis(timeout))
                    .createTables(settings.choice(PREFIX + "createTables", Choice.FALSE) == Choice.TRUE)
                    .maxPayloadBytes(settings.integer(
                            PREFIX + "maxPayload", 0, Integer.MAX_VALUE, JdbcSessionStore.DEFAULT_MAX_PAYLOAD_BYTES));
            @Nullable String table = settings.text(PREFIX + "table");
            @Nullable String schema = settings.text(PREFIX + "schema");
            int expiryDelay = settings.integer(
                    PREFIX + "expiryDelay", JdbcSessionStore.LEAST_EXPIRY_DELAY_MILLIS, Integer.MAX_VALUE, 0);
            if (expiryDelay > 0) {
                builder.expiryEvents(Duration.ofMillis(expiryDelay));
            }
            if (table != null) {
                builder.table(table);
            }
            if (schema != null) {
                builder.schema(schema);
            }
            return builder.build();
        } catch (RuntimeException e) {
            pool.close();
            throw e;
        }
    }

    private static HikariDataSource pool(String url, long timeout, int size) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("holdfast-sessions");
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(size);
        config.setConnectionTimeout(Math.max(timeout, SHORTEST_POOL_TIMEOUT_MILLIS));
        config.setValidationTimeout(Math.max(timeout, SHORTEST_POOL_TIMEOUT_MILLIS));
        if (url.startsWith(POSTGRESQL)) {
            // else a statement that is to be cancelled on a server that hangs waits ten seconds for that
            config.addDataSourceProperty("cancelSignalTimeout", Math.max(1, Math.round(timeout / 1000f)));
        }
        // connects when asked, so that a store may be opened before its database is up
        config.setInitializationFailTimeout(-1);
        try {
            return new HikariDataSource(config);
        } catch (RuntimeException e) {
            // the message of the cause may hold the URL, and that a password
            throw new StoreMisconfiguredException(
                    "no driver on the class path takes this jdbc: URL: add the database's driver, or mend the URL");
        }
    }

    private enum Choice {
        TRUE,
        FALSE
    }
}
