package dev.holdfast.session.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.holdfast.session.SessionStores;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoreMisconfiguredException;
import dev.holdfast.session.spi.StoreUnavailableException;
import dev.holdfast.session.spi.StoredSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stores that are opened by URI: what they open they close, and nothing of it is seen outside this machine. */
class HazelcastUriTest {

    private static final String LOOPBACK_4 = "0100007F";
    private static final String LOOPBACK_6 = "0000000000000000FFFF00000100007F";
    private static final String LISTENING = "0A";

    @Test
    @DisplayName("M17: a URI opens a member, and another one a client of it, which may come first")
    void memberAndClient() {
        int port = Ports.free();
        StoredSession session = TestSessions.any();
        try (SessionStore client =
                SessionStores.open("hazelcast://127.0.0.1:" + port + "?cluster=uri&timeoutMillis=2000")) {
            long start = System.nanoTime();
            assertThat(catchThrowable(() -> client.load(session.key()))).isInstanceOf(StoreUnavailableException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
            try (SessionStore member = SessionStores.open("hazelcast:?cluster=uri&port=" + port)) {
                assertThat(member.create(session)).isTrue();
                Awaitility.await("the client finds the member")
                        .atMost(Duration.ofSeconds(30))
                        .ignoreExceptionsInstanceOf(StoreUnavailableException.class)
                        .until(() -> client.load(session.key()).isPresent());
                assertThat(client.delete(session.key())).isTrue();
                assertThat(member.load(session.key())).isEmpty();
            }
        }
    }

    @Test
    @DisplayName(
            "F5: a member that a URI opens listens on the loopback address only, connects nowhere, and leaves no thread")
    void leavesNothing() throws IOException {
        Set<Thread> before = hazelcastThreads();
        Set<String> socketsBefore = foreignSockets();
        int port = Ports.free();
        try (SessionStore store = SessionStores.open("hazelcast:?cluster=alone&port=" + port)) {
            assertThat(store.create(TestSessions.any())).isTrue();
            assertThat(sockets().filter(socket -> socket.isListening() && socket.localPort == port))
                    .as("listening sockets of the member")
                    .isNotEmpty()
                    .allMatch(Socket::isLocal);
            Set<String> sockets = foreignSockets();
            sockets.removeAll(socketsBefore);
            assertThat(sockets)
                    .as("sockets of this JVM that are not of the loopback address")
                    .isEmpty();
        }
        Awaitility.await("no thread is left").atMost(Duration.ofSeconds(20)).until(() -> {
            Set<Thread> left = hazelcastThreads();
            left.removeAll(before);
            return left.isEmpty();
        });
    }

    private static Set<Thread> hazelcastThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("hz."))
                .collect(Collectors.toCollection(HashSet::new));
    }

    private record Socket(String localAddress, int localPort, String remoteAddress, String state) {

        boolean isListening() {
            return state.equals(LISTENING);
        }

        boolean isLocal() {
            return localAddress.equals(LOOPBACK_4) || localAddress.equals(LOOPBACK_6);
        }
    }

    private static Set<String> foreignSockets() throws IOException {
        return sockets()
                .filter(socket -> !socket.isLocal())
                .map(Socket::toString)
                .collect(Collectors.toCollection(HashSet::new));
    }

    /** Returns the TCP sockets of this process, as Linux lists them; none on another system. */
    private static Stream<Socket> sockets() throws IOException {
        Path descriptors = Path.of("/proc/self/fd");
        if (!Files.exists(descriptors)) {
            return Stream.of();
        }
        Set<String> inodes;
        try (Stream<Path> links = Files.list(descriptors)) {
            inodes = links.map(HazelcastUriTest::target)
                    .filter(target -> target.startsWith("socket:["))
                    .map(target -> target.substring("socket:[".length(), target.length() - 1))
                    .collect(Collectors.toSet());
        }
        return Stream.of("tcp", "tcp6")
                .flatMap(kind -> lines(Path.of("/proc/self/net/" + kind)).stream()
                        .skip(1)
                        .map(line -> line.trim().split("\\s+", -1))
                        .filter(fields -> inodes.contains(fields[9]))
                        .map(fields -> new Socket(
                                fields[1].substring(0, fields[1].indexOf(':')),
                                Integer.parseInt(fields[1].substring(fields[1].indexOf(':') + 1), 16),
                                fields[2],
                                fields[3])));
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return "";
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hazelcast:?colour=red",
                "hazelcast:?backups=7",
                "hazelcast:?port=seven",
                "hazelcast:?address=192.0.2.77",
                "hazelcast://localhost:5701?members=a",
                "hazelcast://localhost:5701?timeoutMillis=0"
            })
    @DisplayName("a wrong setting is an error that names it")
    void wrongSettings(String uri) {
        assertThatThrownBy(() -> SessionStores.open(uri))
                .isInstanceOf(StoreMisconfiguredException.class)
                .hasMessageContaining(uri.replaceAll(".*\\?|=.*", ""));
    }
}
