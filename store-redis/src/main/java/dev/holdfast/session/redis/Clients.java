package dev.holdfast.session.redis;

import dev.holdfast.session.spi.StoreMisconfiguredException;
import dev.holdfast.session.spi.StoreUnavailableException;
import dev.holdfast.session.spi.StoreUri;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.RedisSentinelClient;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.SslVerifyMode;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.providers.ClusterConnectionProvider;

/** Jedis clients from URIs, with a pool whose waits end and TLS that looks whose certificate it is. */
final class Clients {

    static final String[] SETTINGS = {
        "topology",
        "master",
        "prefix",
        "maxPayload",
        "timeoutMillis",
        "poolSize",
        "poolWaitMillis",
        "marginMillis",
        "replicas",
        "replicaMillis",
        "eventMillis",
        "resp"
    };

    private static final int HOUR = 3_600_000;
    private static final int REDIS_PORT = 6379;
    private static final int SENTINEL_PORT = 26_379;
    private static final int DEFAULT_TIMEOUT_MILLIS = 2000;
    private static final int DEFAULT_POOL_SIZE = 16;

    private Clients() {}

    private enum Topology {
        SINGLE,
        CLUSTER,
        SENTINEL
    }

    static UnifiedJedis open(URI uri, StoreUri settings) {
        Topology topology = settings.choice("topology", Topology.SINGLE);
        Location location = Location.of(uri, topology == Topology.SENTINEL ? SENTINEL_PORT : REDIS_PORT);
        int timeoutMillis = settings.integer("timeoutMillis", 1, HOUR, DEFAULT_TIMEOUT_MILLIS);
        int replicaMillis = settings.integer("replicas", 0, 100, 0) == 0
                ? 0
                : settings.integer("replicaMillis", 1, HOUR, RedisSessionStoreProvider.REPLICA_MILLIS);
        DefaultJedisClientConfig config = config(uri, settings, location, timeoutMillis, timeoutMillis + replicaMillis);
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        int size = settings.integer("poolSize", 1, 100_000, DEFAULT_POOL_SIZE);
        pool.setMaxTotal(size);
        pool.setMaxIdle(size);
        pool.setMaxWait(
                Duration.ofMillis(settings.integer("poolWaitMillis", 1, Integer.MAX_VALUE, DEFAULT_TIMEOUT_MILLIS)));
        pool.setJmxEnabled(false);
        String master = settings.text("master");
        require(
                (master != null) == (topology == Topology.SENTINEL),
                "names a master if, and only if, topology=sentinel");
        try {
            return switch (topology) {
                case SINGLE -> {
                    require(location.nodes.size() == 1, "names one host; several need topology=cluster or sentinel");
                    yield RedisClient.builder()
                            .hostAndPort(location.nodes.iterator().next())
                            .clientConfig(config)
                            .poolConfig(pool)
                            .build();
                }
                case CLUSTER -> {
                    require(location.database == 0, "of a cluster has no database but 0");
                    yield cluster(location.nodes, config, pool, timeoutMillis);
                }
                case SENTINEL ->
                    RedisSentinelClient.builder()
                            .masterName(String.valueOf(master))
                            .sentinels(location.nodes)
                            .clientConfig(config)
                            .sentinelClientConfig(DefaultJedisClientConfig.builder()
                                    .timeoutMillis(timeoutMillis)
                                    .protocol(RedisProtocol.RESP2)
                                    .sslOptions(tls(uri))
                                    .build())
                            .poolConfig(pool)
                            .build();
            };
        } catch (JedisException e) {
            throw new StoreUnavailableException("opening the connection", e);
        }
    }

    private static UnifiedJedis cluster(
            Set<HostAndPort> nodes, DefaultJedisClientConfig config, ConnectionPoolConfig pool, int timeoutMillis) {
        ClusterConnectionProvider provider = new ClusterConnectionProvider(nodes, config, pool);
        return RedisClusterClient.builder()
                .nodes(nodes)
                .clientConfig(config)
                .poolConfig(pool)
                .connectionProvider(provider)
                .commandExecutor(new HonestClusterExecutor(provider, Duration.ofMillis(2L * timeoutMillis)))
                .build();
    }

    private static DefaultJedisClientConfig config(
            URI uri, StoreUri settings, Location location, int connectMillis, int replyMillis) {
        DefaultJedisClientConfig.Builder config = DefaultJedisClientConfig.builder()
                .connectionTimeoutMillis(connectMillis)
                .socketTimeoutMillis(replyMillis)
                .database(location.database)
                .sslOptions(tls(uri));
        if (location.user != null) {
            config.user(location.user);
        }
        if (location.password != null) {
            config.password(location.password);
        }
        // named, since negotiating would take a second timeout to fail
        return config.protocol(settings.choice("resp", RedisProtocol.RESP2)).build();
    }

    private static @Nullable SslOptions tls(URI uri) {
        return uri.getScheme().toLowerCase(Locale.ROOT).equals("rediss")
                ? SslOptions.builder().sslVerifyMode(SslVerifyMode.FULL).build()
                : null;
    }

    private static void require(boolean right, String rule) {
        if (!right) {
            throw new StoreMisconfiguredException("a redis: URI " + rule);
        }
    }

    /** What stands before the question mark. */
    private record Location(
            Set<HostAndPort> nodes,
            @Nullable String user,
            @Nullable String password,
            int database) {

        static Location of(URI uri, int defaultPort) {
            String authority = uri.getRawAuthority();
            require(authority != null, "names a host: redis://localhost:6379/0");
            String hosts = String.valueOf(authority);
            String user = null;
            String password = null;
            int at = hosts.lastIndexOf('@');
            if (at >= 0) {
                String credentials = hosts.substring(0, at);
                int colon = credentials.indexOf(':');
                require(colon >= 0, "gives a user and a password as user:password@, or :password@");
                user = colon == 0 ? null : decode(credentials.substring(0, colon));
                password = decode(credentials.substring(colon + 1));
                hosts = hosts.substring(at + 1);
            }
            Set<HostAndPort> nodes = new LinkedHashSet<>();
            for (String host : hosts.split(",", -1)) {
                nodes.add(node(host, defaultPort));
            }
            return new Location(nodes, user, password, database(uri.getRawPath()));
        }

        private static HostAndPort node(String host, int defaultPort) {
            int colon = host.lastIndexOf(':');
            boolean hasPort = colon > host.lastIndexOf(']');
            String name = hasPort ? host.substring(0, colon) : host;
            String port = hasPort ? host.substring(colon + 1) : Integer.toString(defaultPort);
            require(
                    !name.isEmpty() && port.matches("\\d{1,5}"),
                    "names hosts as host:port, with commas between several");
            return new HostAndPort(name.replaceAll("^\\[|]$", ""), Integer.parseInt(port));
        }

        private static int database(@Nullable String path) {
            if (path == null || path.isEmpty() || path.equals("/")) {
                return 0;
            }
            require(path.matches("/\\d{1,5}"), "names its database by a number: redis://localhost:6379/0");
            return Integer.parseInt(path.substring(1));
        }

        private static String decode(String text) {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        }
    }
}
