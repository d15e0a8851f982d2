package dev.holdfast.session.hazelcast;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.client.config.ClientConnectionStrategyConfig.ReconnectMode;
import com.hazelcast.client.properties.ClientProperty;
import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.NetworkConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.spi.properties.ClusterProperty;
import com.hazelcast.spi.properties.HazelcastProperty;
import dev.holdfast.session.spi.StoreMisconfiguredException;
import dev.holdfast.session.spi.StoreUri;
import java.util.Arrays;
import java.util.List;

/** Members and clients that are opened by URI. They wait no longer than asked, and tell nobody of themselves. */
final class Instances {

    static final String[] SETTINGS = {
        "cluster", "map", "members", "address", "port", "backups", "timeoutMillis", "maxPayload", "tombstoneMinutes"
    };

    private static final int DEFAULT_TIMEOUT_MILLIS = 5000;
    private static final int LONGEST_TIMEOUT_MILLIS = 120_000;
    private static final int DEFAULT_PORT = 5701;
    private static final int LARGEST_PORT = 65_535;
    private static final int MOST_BACKUPS = 6;
    private static final int FIRST_BACKOFF_MILLIS = 50;
    private static final int LONGEST_BACKOFF_MILLIS = 1000;
    private static final String LOOPBACK = "127.0.0.1";

    private Instances() {}

    static HazelcastInstance open(StoreUri uri, String mapName) {
        String location = uri.location();
        String hosts = location.replaceFirst("^/+", "").replaceFirst("/+$", "");
        return hosts.isEmpty() ? member(uri, mapName) : client(uri, hosts);
    }

    private static HazelcastInstance client(StoreUri uri, String hosts) {
        refuse(uri, "members", "address", "port", "backups");
        return HazelcastClient.newHazelcastClient(clientConfig(cluster(uri), list(hosts), timeout(uri)));
    }

    /** Returns a client that may start before its cluster, and does not hang while it is away. */
    static ClientConfig clientConfig(String cluster, List<String> hosts, int timeoutMillis) {
        ClientConfig config = new ClientConfig();
        config.setClusterName(cluster);
        config.getNetworkConfig().setAddresses(hosts).setConnectionTimeout(timeoutMillis);
        config.getConnectionStrategyConfig()
                .setAsyncStart(true)
                .setReconnectMode(ReconnectMode.ASYNC)
                .getConnectionRetryConfig()
                .setInitialBackoffMillis(FIRST_BACKOFF_MILLIS)
                .setMaxBackoffMillis(LONGEST_BACKOFF_MILLIS)
                .setClusterConnectTimeoutMillis(-1);
        set(config, ClientProperty.INVOCATION_TIMEOUT_SECONDS, Math.max(1, (timeoutMillis + 999) / 1000));
        set(config, ClientProperty.HEARTBEAT_TIMEOUT, timeoutMillis);
        set(config, ClientProperty.HEARTBEAT_INTERVAL, Math.max(1, timeoutMillis / 5));
        set(config, ClientProperty.FAIL_ON_INDETERMINATE_OPERATION_STATE, true);
        return config;
    }

    private static void set(ClientConfig config, HazelcastProperty property, Object value) {
        config.setProperty(property.getName(), value.toString());
    }

    private static HazelcastInstance member(StoreUri uri, String mapName) {
        int port = uri.integer("port", 1, LARGEST_PORT, DEFAULT_PORT);
        String address = uri.text("address");
        String members = uri.text("members");
        Config config = memberConfig(
                cluster(uri),
                address == null ? LOOPBACK : address,
                port,
                members == null ? List.of(LOOPBACK + ":" + port) : list(members),
                timeout(uri));
        SessionMaps.configure(config, mapName);
        config.getMapConfig(mapName).setBackupCount(uri.integer("backups", 0, MOST_BACKUPS, 1));
        try {
            return Hazelcast.newHazelcastInstance(config);
        } catch (RuntimeException e) {
            throw new StoreMisconfiguredException(
                    "no Hazelcast member can start here: 'address' must be one of this machine, and 'members' a list of"
                            + " host:port",
                    e);
        }
    }

    /** Returns a member that listens on one address, joins over TCP, and tells nobody of itself. */
    static Config memberConfig(String cluster, String address, int port, List<String> members, int timeoutMillis) {
        Config config = new Config();
        config.setClusterName(cluster);
        NetworkConfig network = config.getNetworkConfig();
        network.setPort(port).setPortAutoIncrement(true);
        network.getInterfaces().setEnabled(true).setInterfaces(List.of(address));
        JoinConfig join = network.getJoin();
        join.getMulticastConfig().setEnabled(false);
        join.getAutoDetectionConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(true).setMembers(members);
        config.setProperty(ClusterProperty.SOCKET_SERVER_BIND_ANY.getName(), "false");
        config.setProperty(ClusterProperty.PHONE_HOME_ENABLED.getName(), "false");
        config.setProperty(ClusterProperty.OPERATION_CALL_TIMEOUT_MILLIS.getName(), Integer.toString(timeoutMillis));
        return config;
    }

    private static void refuse(StoreUri uri, String... settings) {
        for (String setting : settings) {
            if (uri.text(setting) != null) {
                throw new StoreMisconfiguredException("the setting '" + setting
                        + "' is for a member; a hazelcast: URI that names hosts, as in hazelcast://host:5701, opens a"
                        + " client");
            }
        }
    }

    private static List<String> list(String addresses) {
        return Arrays.stream(addresses.split(",", -1)).map(String::trim).toList();
    }

    private static String cluster(StoreUri uri) {
        String name = uri.text("cluster");
        return name == null ? Config.DEFAULT_CLUSTER_NAME : name;
    }

    private static int timeout(StoreUri uri) {
        return uri.integer("timeoutMillis", 1, LONGEST_TIMEOUT_MILLIS, DEFAULT_TIMEOUT_MILLIS);
    }
}
