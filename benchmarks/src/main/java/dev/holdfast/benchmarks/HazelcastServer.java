package dev.holdfast.benchmarks;

import com.hazelcast.core.HazelcastInstance;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Hazelcast member in a JVM of its own, as Hazelcast's own main class starts it, on a free port of 127.0.0.1. */
record HazelcastServer(String uri, WatchedProcess process, Path config) implements AutoCloseable {

    private static final String CONFIG = """
            <hazelcast xmlns="http://www.hazelcast.com/schema/config">
              <cluster-name>%1$s</cluster-name>
              <properties>
                <property name="hazelcast.phone.home.enabled">false</property>
                <property name="hazelcast.socket.server.bind.any">false</property>
                <property name="hazelcast.socket.bind.any">false</property>
                <property name="hazelcast.wait.seconds.before.join">0</property>
              </properties>
              <network>
                <port auto-increment="false">%2$d</port>
                <join>
                  <auto-detection enabled="false"/>
                  <multicast enabled="false"/>
                  <tcp-ip enabled="true"><member>127.0.0.1:%2$d</member></tcp-ip>
                </join>
                <interfaces enabled="true"><interface>127.0.0.1</interface></interfaces>
              </network>
              %3$s
            </hazelcast>
            """;

    /** Starts a member whose class path has Hazelcast's jar and nothing else. */
    static HazelcastServer start(Path directory) throws IOException {
        return start(directory, hazelcastJar(), "");
    }

    /**
     * Starts a member.
     *
     * @param settings XML for its configuration
     */
    static HazelcastServer start(Path directory, String classPath, String settings) throws IOException {
        int port = WatchedProcess.freePort();
        String cluster = "benchmark-" + port;
        Path config = Files.createTempFile(directory, "member", ".xml");
        Files.writeString(config, CONFIG.formatted(cluster, port, settings));
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(Hazelcasts.JVM_ARGUMENTS);
        command.addAll(List.of(
                "-Djava.net.preferIPv4Stack=true",
                "-Dhazelcast.config=" + config,
                "-cp",
                classPath,
                "com.hazelcast.core.server.HazelcastMemberStarter"));
        return new HazelcastServer(
                "hazelcast://127.0.0.1:" + port + "?cluster=" + cluster,
                WatchedProcess.start(command, () -> listens(port)),
                config);
    }

    private static String hazelcastJar() {
        try {
            return Path.of(HazelcastInstance.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        process.close();
        Files.deleteIfExists(config);
    }
}
