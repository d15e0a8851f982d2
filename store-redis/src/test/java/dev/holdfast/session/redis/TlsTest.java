package dev.holdfast.session.redis;

import static dev.holdfast.session.redis.TestSessions.session;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.session.SessionStores;
import dev.holdfast.session.redis.servers.RedisProcess;
import dev.holdfast.session.redis.servers.RedisVersion;
import dev.holdfast.session.redis.servers.TlsFront;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoreUnavailableException;
import dev.holdfast.session.spi.StoredSession;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a {@code rediss:} URI asks of the server: a certificate that the JVM trusts, and that is the host's. */
class TlsTest {

    private static final String TRUSTED = "javax.net.ssl.trustStore";
    private static final String PASSWORD = TRUSTED + "Password";
    private static final String TYPE = TRUSTED + "Type";

    private static RedisProcess server;

    @TempDir
    Path folder;

    private final Map<String, String> before = List.of(TRUSTED, PASSWORD, TYPE).stream()
            .filter(name -> System.getProperty(name) != null)
            .collect(Collectors.toMap(name -> name, System::getProperty));

    @BeforeAll
    static void start() {
        server = RedisProcess.start(RedisVersion.V7_4);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void restore() {
        for (String name : List.of(TRUSTED, PASSWORD, TYPE)) {
            System.clearProperty(name);
        }
        before.forEach(System::setProperty);
    }

    private TlsFront front(String name) throws IOException, GeneralSecurityException, InterruptedException {
        return TlsFront.start(folder.resolve("keys.p12"), name, server.port());
    }

    private void trust() {
        System.setProperty(TRUSTED, folder.resolve("keys.p12").toString());
        System.setProperty(PASSWORD, TlsFront.PASSWORD);
        System.setProperty(TYPE, "PKCS12");
    }

    private static SessionStore open(TlsFront front) {
        return SessionStores.open(URI.create("rediss://127.0.0.1:" + front.port()));
    }

    private static void createIn(TlsFront front) {
        try (SessionStore store = open(front)) {
            store.create(session("payload"));
        }
    }

    @Test
    @DisplayName("sessions pass through TLS when the certificate is trusted and the host's")
    void trusted() throws Exception {
        try (TlsFront front = front("ip:127.0.0.1")) {
            trust();
            try (SessionStore store = open(front)) {
                StoredSession session = session("payload");
                assertThat(store.create(session)).isTrue();
                assertThat(store.load(session.key())).contains(session);
            }
        }
    }

    @Test
    @DisplayName("a trusted certificate of another host is refused")
    void anotherHost() throws Exception {
        try (TlsFront front = front("dns:elsewhere.example")) {
            trust();
            assertThatThrownBy(() -> createIn(front))
                    .isInstanceOf(StoreUnavailableException.class)
                    .rootCause()
                    .isInstanceOf(GeneralSecurityException.class);
        }
    }

    @Test
    @DisplayName("a certificate that nobody vouches for is refused")
    void untrusted() throws Exception {
        try (TlsFront front = front("ip:127.0.0.1")) {
            assertThatThrownBy(() -> createIn(front))
                    .isInstanceOf(StoreUnavailableException.class)
                    .rootCause()
                    .isInstanceOf(GeneralSecurityException.class);
        }
    }
}
