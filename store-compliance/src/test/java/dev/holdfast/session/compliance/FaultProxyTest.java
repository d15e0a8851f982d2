package dev.holdfast.session.compliance;

import static dev.holdfast.session.compliance.FaultProxy.Direction.REPLIES;
import static dev.holdfast.session.compliance.FaultProxy.Direction.REQUESTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class FaultProxyTest {

    private final BlockingQueue<Integer> arrived = new LinkedBlockingQueue<>();
    private ServerSocket echo;
    private Thread serving;
    private FaultProxy proxy;

    @BeforeEach
    void start() throws IOException {
        echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        serving = daemon(this::serve);
        proxy = FaultProxy.to(echo.getLocalPort());
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        echo.close();
        Set<String> left = Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.startsWith(FaultProxy.THREADS))
                .collect(Collectors.toSet());
        assertThat(left).as("threads of a closed proxy").isEmpty();
        assertThat(proxy.connections()).isZero();
    }

    private void serve() {
        while (!echo.isClosed()) {
            try {
                Socket client = echo.accept();
                daemon(() -> echo(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void echo(Socket client) {
        try (client) {
            for (int b = client.getInputStream().read();
                    b >= 0;
                    b = client.getInputStream().read()) {
                arrived.add(b);
                client.getOutputStream().write(b);
            }
        } catch (IOException e) {
            arrived.add(-1);
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "echo");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setSoTimeout(5_000);
        return socket;
    }

    private static byte[] say(Socket socket, String text) throws IOException {
        send(socket, text);
        return socket.getInputStream().readNBytes(text.length());
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    private static void assertSilent(Socket socket) throws IOException {
        socket.setSoTimeout(150);
        assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        socket.setSoTimeout(5_000);
    }

    @Test
    @DisplayName("without a fault bytes and their end pass both ways, and are counted")
    void forwards() throws Exception {
        try (Socket socket = connect()) {
            assertThat(say(socket, "hello")).asString().isEqualTo("hello");
            assertThat(proxy.forwarded(REQUESTS)).isEqualTo(5);
            assertThat(proxy.forwarded(REPLIES)).isEqualTo(5);
            assertThat(proxy.connections()).isEqualTo(1);
            socket.shutdownOutput();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    @DisplayName("cut resets open connections, and lets new ones in")
    void cuts() throws Exception {
        try (Socket before = connect()) {
            say(before, "a");
            proxy.cut();
            assertThatThrownBy(() -> before.getInputStream().read()).isInstanceOf(SocketException.class);
        }
        try (Socket after = connect()) {
            assertThat(say(after, "b")).asString().isEqualTo("b");
        }
    }

    @Test
    @DisplayName("refuse resets open connections and refuses new ones until restore, on the same port")
    void refuses() throws Exception {
        try (Socket before = connect()) {
            say(before, "a");
            proxy.refuse();
            assertThatThrownBy(() -> before.getInputStream().read()).isInstanceOf(SocketException.class);
        }
        assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
        proxy.restore();
        try (Socket after = connect()) {
            assertThat(say(after, "b")).asString().isEqualTo("b");
        }
    }

    @Test
    @DisplayName("stalled requests don't arrive, and do after restore")
    void stallsRequests() throws Exception {
        try (Socket socket = connect()) {
            say(socket, "a");
            arrived.clear();
            proxy.stall(REQUESTS);
            send(socket, "b");
            assertSilent(socket);
            assertThat(arrived).isEmpty();
            proxy.restore();
            assertThat(socket.getInputStream().read()).isEqualTo('b');
        }
    }

    @Test
    @DisplayName("stalled replies belong to requests that have arrived")
    void stallsReplies() throws Exception {
        proxy.stall(REPLIES);
        try (Socket socket = connect()) {
            send(socket, "b");
            assertThat(arrived.poll(5, TimeUnit.SECONDS)).isEqualTo('b');
            assertSilent(socket);
            proxy.restore();
            assertThat(socket.getInputStream().read()).isEqualTo('b');
        }
    }

    @Test
    @DisplayName("a stalled connection can be cut, and its bytes are lost")
    void cutsStalled() throws Exception {
        try (Socket socket = connect()) {
            say(socket, "a");
            arrived.clear();
            proxy.stall(REQUESTS);
            send(socket, "b");
            assertSilent(socket);
            proxy.cut();
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketException.class);
            proxy.restore();
            assertThat(arrived.poll(5, TimeUnit.SECONDS)).isEqualTo(-1);
        }
    }

    @Test
    @DisplayName("a reset after n bytes of the replies lets exactly n through, on open and on new connections")
    void resetsAfter() throws Exception {
        try (Socket open = connect()) {
            say(open, "a");
            for (int n = 0; n < 4; n++) {
                proxy.resetAfter(REPLIES, n);
                try (Socket socket = n == 0 ? open : connect()) {
                    send(socket, "wxyz");
                    assertThat(readUntilReset(socket)).isEqualTo("wxyz".substring(0, n));
                }
            }
        }
        proxy.restore();
        try (Socket socket = connect()) {
            assertThat(say(socket, "long enough")).asString().isEqualTo("long enough");
        }
    }

    @Test
    @DisplayName("a reset after n bytes of the requests leaves the server with no more than n")
    void resetsRequests() throws Exception {
        proxy.resetAfter(REQUESTS, 2);
        try (Socket socket = connect()) {
            send(socket, "wxyz");
            readUntilReset(socket);
        }
        StringBuilder received = new StringBuilder();
        for (Integer b = arrived.poll(5, TimeUnit.SECONDS);
                b != null && b >= 0;
                b = arrived.poll(5, TimeUnit.SECONDS)) {
            received.append((char) b.intValue());
        }
        assertThat("wx").startsWith(received);
        assertThat(proxy.forwarded(REQUESTS)).isEqualTo(2);
    }

    private static String readUntilReset(Socket socket) {
        StringBuilder text = new StringBuilder();
        try {
            for (int b = socket.getInputStream().read();
                    b >= 0;
                    b = socket.getInputStream().read()) {
                text.append((char) b);
            }
            return fail("the connection ended in order, after " + text);
        } catch (IOException e) {
            return text.toString();
        }
    }

    @Test
    @DisplayName("slices and delays change how long it takes, not what arrives")
    void slows() throws Exception {
        proxy.slice(REPLIES, 1);
        proxy.delay(REPLIES, Duration.ofMillis(20));
        try (Socket socket = connect()) {
            long start = System.nanoTime();
            assertThat(say(socket, "12345")).asString().isEqualTo("12345");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(20));
        }
    }

    @Test
    @DisplayName("a server that is not there shows as a reset")
    void withoutServer() throws Exception {
        echo.close();
        // the kernel listens until the last accept has returned, which a busy machine puts off
        serving.join();
        try (Socket socket = connect()) {
            assertThatThrownBy(() -> say(socket, "a").clone()).isInstanceOf(SocketException.class);
        }
    }
}
