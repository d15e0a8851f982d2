package dev.holdfast.benchmarks;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.NetworkConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import dev.holdfast.session.hazelcast.HazelcastSessionStore;
import dev.holdfast.session.hazelcast.SessionMaps;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.UUID;

/** Hazelcast embedded in this JVM or by a client, with an empty map, for the store and for its floor alike. */
final class Hazelcasts {

    /** A name of its own: a given cluster may be in use. */
    static final String MAP = "holdfast-benchmark";

    /** What Hazelcast asks for in a JVM, to be as fast as it can; and not to print in the middle of the progress bar. */
    static final List<String> JVM_ARGUMENTS = List.of(
            "--add-modules=java.se",
            "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-opens=java.management/sun.management=ALL-UNNAMED",
            "--add-opens=jdk.management/com.sun.management.internal=ALL-UNNAMED",
            "-Dhazelcast.logging.type=none");

    private static final String LOOPBACK = "127.0.0.1";
    private static final String CLUSTER_PARAMETER = "cluster=";
    private static final int CONNECT_MILLIS = 30_000;

    private Hazelcasts() {}

    /** Returns a member, of a cluster of its own, whose class path has all that stands here. */
    static HazelcastInstance member() {
        return Hazelcast.newHazelcastInstance(SessionMaps.configure(memberConfig(), MAP));
    }

    /** Returns the configuration of a member that listens on the loopback address and tells nobody of itself. */
    static Config memberConfig() {
        Config config = new Config();
        config.setClusterName("benchmark-" + UUID.randomUUID());
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.socket.server.bind.any", "false");
        config.setProperty("hazelcast.socket.bind.any", "false");
        config.setProperty("hazelcast.wait.seconds.before.join", "0");
        NetworkConfig network = config.getNetworkConfig();
        network.getInterfaces().setEnabled(true).setInterfaces(List.of(LOOPBACK));
        JoinConfig join = network.getJoin();
        join.getMulticastConfig().setEnabled(false);
        join.getAutoDetectionConfig().setEnabled(false);
        try {
            int port = WatchedProcess.freePort();
            network.setPort(port);
            join.getTcpIpConfig().setEnabled(true).setMembers(List.of(LOOPBACK + ":" + port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return config;
    }

    /** Returns a client of the server of this run. */
    static HazelcastInstance client() {
        return HazelcastClient.newHazelcastClient(clientConfig(Servers.uri("hazelcast-client")));
    }

    /** @param uri as {@code hazelcast://host:5701,other:5701?cluster=name} */
    static ClientConfig clientConfig(String uri) {
        URI parsed = URI.create(uri);
        ClientConfig config = new ClientConfig();
        config.getNetworkConfig().setAddresses(List.of(parsed.getRawAuthority().split(",", -1)));
        String query = parsed.getQuery();
        if (query != null && query.startsWith(CLUSTER_PARAMETER)) {
            config.setClusterName(query.substring(CLUSTER_PARAMETER.length()));
        }
        config.getConnectionStrategyConfig().getConnectionRetryConfig().setClusterConnectTimeoutMillis(CONNECT_MILLIS);
        return config;
    }

    static StoreSubject store(HazelcastInstance hazelcast) {
        hazelcast.getMap(MAP).clear();
        return new StoreSubject(
                HazelcastSessionStore.builder(hazelcast).mapName(MAP).build(), () -> close(hazelcast));
    }

    static Subject floor(HazelcastInstance hazelcast) {
        return new HazelcastFloor(hazelcast.getMap(MAP + "-floor"), () -> close(hazelcast));
    }

    private static void close(HazelcastInstance hazelcast) {
        hazelcast.getMap(MAP).destroy();
        hazelcast.shutdown();
    }
}
