package dev.holdfast.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.h2.tools.Server;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The site and a database that comes later. */
class LateDatabaseTest {

    @Test
    @DisplayName(
            "R19, R53: started before its database the site answers 503 without a cookie, and works when it is there")
    void databaseComesLater() throws Exception {
        System.setProperty("h2.bindAddress", "127.0.0.1");
        int port = freePort();
        String store = "jdbc:h2:tcp://127.0.0.1:" + port
                + "/mem:late;DB_CLOSE_DELAY=-1;USER=sa?holdfast.createTables=true&holdfast.timeout=1000";
        try (Site site = Site.start(new Settings(0, store, 1_000))) {
            Client alice = new Client(site.uri());
            assertThat(alice.get("/").statusCode()).isEqualTo(503);
            assertThat(alice.cookie()).isEmpty();

            Server database = start(port);
            try {
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> alice.get("/").statusCode() == 200);
                alice.login("alice", "white-rabbit");
                assertThat(alice.home()).contains("Welcome, alice");
            } finally {
                database.stop();
            }
        }
    }

    private static Server start(int port) throws Exception {
        return Server.createTcpServer("-tcpPort", String.valueOf(port), "-tcpDaemon", "-ifNotExists")
                .start();
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
