package dev.holdfast.session.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/**
 * A member in a JVM of its own, as Hazelcast's own main class starts it, whose class path has Hazelcast's jar and nothing
 * else. It ends when this JVM does, however that ends: a shell waits for the end of its input.
 */
final class StockMember implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String WATCH = "\"$@\" & echo $!; cat > /dev/null; kill -9 $! 2> /dev/null; wait";

    private final InetSocketAddress address;
    private final Process shell;
    private final long pid;
    private final Path directory;

    private StockMember(InetSocketAddress address, Process shell, long pid, Path directory) {
        this.address = address;
        this.shell = shell;
        this.pid = pid;
        this.directory = directory;
    }

    /** Starts one member of a cluster, and waits until it takes connections. */
    static StockMember start(String cluster, int port, List<String> members, String settings) {
        return start(List.of(), hazelcastJar(), cluster, "127.0.0.1", port, members, settings)
                .awaitListening();
    }

    /**
     * Starts one member.
     *
     * @param wrapper a command that runs the one appended to it
     * @param settings XML for its configuration
     */
    static StockMember start(
            List<String> wrapper,
            String classPath,
            String cluster,
            String address,
            int port,
            List<String> members,
            String settings) {
        try {
            Path directory = Files.createTempDirectory("holdfast-member");
            Path config = directory.resolve("member.xml");
            Files.writeString(config, config(cluster, address, port, members, settings));
            List<String> command = new ArrayList<>(List.of("sh", "-c", WATCH, "sh"));
            command.addAll(wrapper);
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xmx256m"));
            command.addAll(List.of("-Djava.net.preferIPv4Stack=true", "-Dhazelcast.config=" + config));
            command.addAll(List.of("-cp", classPath, "com.hazelcast.core.server.HazelcastMemberStarter"));
            Process shell = new ProcessBuilder(command)
                    .redirectError(directory.resolve("log").toFile())
                    .start();
            long pid = Long.parseLong(shell.inputReader(StandardCharsets.UTF_8).readLine());
            return new StockMember(new InetSocketAddress(address, port), shell, pid, directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the path of Hazelcast's jar. */
    static String hazelcastJar() {
        return placeOf(HazelcastInstance.class);
    }

    static String placeOf(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String config(String cluster, String address, int port, List<String> members, String settings) {
        String list = members.stream()
                .map(member -> "<member>" + member + "</member>")
                .collect(Collectors.joining());
        return """
                <hazelcast xmlns="http://www.hazelcast.com/schema/config">
                  <cluster-name>%s</cluster-name>
                  <properties>
                    <property name="hazelcast.phone.home.enabled">false</property>
                    <property name="hazelcast.socket.server.bind.any">false</property>
                    <property name="hazelcast.socket.bind.any">false</property>
                    <property name="hazelcast.shutdownhook.policy">GRACEFUL</property>
                    <property name="hazelcast.wait.seconds.before.join">0</property>
                    <property name="hazelcast.operation.fail.on.indeterminate.state">true</property>
                    <property name="hazelcast.operation.call.timeout.millis">5000</property>
                    <property name="hazelcast.heartbeat.interval.seconds">1</property>
                    <property name="hazelcast.max.no.heartbeat.seconds">5</property>
                    <property name="hazelcast.merge.first.run.delay.seconds">2</property>
                    <property name="hazelcast.merge.next.run.delay.seconds">2</property>
                  </properties>
                  <network>
                    <port auto-increment="false">%d</port>
                    <join>
                      <auto-detection enabled="false"/>
                      <multicast enabled="false"/>
                      <tcp-ip enabled="true">%s</tcp-ip>
                    </join>
                    <interfaces enabled="true"><interface>%s</interface></interfaces>
                  </network>
                  %s
                </hazelcast>
                """.formatted(cluster, port, list, address, settings);
    }

    StockMember awaitListening() {
        Awaitility.await("the member listens on " + address)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    if (!shell.isAlive()) {
                        throw new AssertionError("the member has ended:\n" + log());
                    }
                    try (Socket socket = new Socket()) {
                        socket.connect(address, 500);
                        return log().contains("is STARTED");
                    } catch (IOException e) {
                        return false;
                    }
                });
        return this;
    }

    /** Returns what the member has logged. */
    String log() {
        try {
            return Files.readString(directory.resolve("log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a signal, such as KILL, STOP or CONT. */
    void signal(String name) {
        try {
            int exit = new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new AssertionError("kill -" + name + " of the member failed");
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Lets the member leave in peace, and waits until it is gone. */
    void leave() {
        signal("TERM");
        Awaitility.await("the member ends")
                .atMost(PATIENCE)
                .until(() -> ProcessHandle.of(pid).isEmpty());
        close();
    }

    @Override
    public void close() {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        try {
            shell.getOutputStream().close();
            if (!shell.waitFor(20, TimeUnit.SECONDS)) {
                shell.destroyForcibly();
            }
            Files.deleteIfExists(directory.resolve("log"));
            Files.deleteIfExists(directory.resolve("member.xml"));
            Files.deleteIfExists(directory);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
