package dev.holdfast.session.http.wechat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.holdfast.session.http.wechat.WeChatProblem.Kind;
import dev.holdfast.session.http.wechat.standin.WeChatStandIn;
import dev.holdfast.session.http.wechat.standin.WeChatStandIn.Mood;
import dev.holdfast.session.http.wechat.standin.WeChatStandIn.Standing;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.IntStream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Code2SessionTest {

    private static final String APP_ID = "wx0123456789abcdef";
    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");
    private static final String SECRET = "the-secret-of-the-app";

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final WeChatStandIn weChat = WeChatStandIn.start(APP_ID, SECRET, now::get);

    @AfterEach
    void stop() {
        weChat.close();
    }

    private Code2Session.Builder builder(String secret) {
        return Code2Session.builder(APP_ID, secret).endpoint(weChat.endpoint()).clock(now::get);
    }

    private Code2Session client() {
        return builder(SECRET).build();
    }

    private static WeChatProblem problem(Kind kind, int code) {
        return new WeChatProblem(kind, code);
    }

    @Test
    @DisplayName("M25: a code leads to the user's openid and session_key, and to a unionid if there is one")
    void user() {
        assertThat(client().exchange(weChat.login("alice")))
                .isEqualTo(new WeChatUser("alice", Optional.empty(), weChat.sessionKeyOf("alice")));
        assertThat(weChat.received()).isEqualTo(1);
    }

    @Test
    @DisplayName("M25: WeChat's error codes are types")
    void errors() {
        String used = weChat.login("alice");
        client().exchange(used);
        assertThat(client().exchange(used)).isEqualTo(problem(Kind.USED_CODE, 40163));
        assertThat(client().exchange("never-given-out")).isEqualTo(problem(Kind.INVALID_CODE, 40029));
        assertThat(client().exchange(weChat.login("mallory", Standing.RISKY)))
                .isEqualTo(problem(Kind.BLOCKED_USER, 40226));
        assertThat(builder("wrong").build().exchange(weChat.login("alice")))
                .isEqualTo(problem(Kind.MISCONFIGURED, 40125));
        assertThat(Code2Session.builder("wx-other", SECRET)
                        .endpoint(weChat.endpoint())
                        .build()
                        .exchange(weChat.login("alice")))
                .isEqualTo(problem(Kind.MISCONFIGURED, 40013));
        weChat.be(Mood.BUSY);
        assertThat(client().exchange(weChat.login("alice"))).isEqualTo(problem(Kind.BUSY, -1));
        for (Kind kind : Kind.values()) {
            assertThat(kind.advice()).as("%s", kind).isNotNull();
        }
        assertThat(WeChatProblem.of(12345)).isEqualTo(problem(Kind.OTHER, 12345));
    }

    @Test
    @DisplayName("M25: a code is good for five minutes, and a user may log in a hundred times a minute")
    void limits() {
        String late = weChat.login("alice");
        now.set(START.plus(WeChatStandIn.CODE_LIFETIME).plusSeconds(1));
        Code2Session client = client();
        assertThat(client.exchange(late)).isEqualTo(problem(Kind.INVALID_CODE, 40029));
        for (int i = 0; i < WeChatStandIn.CALLS_PER_MINUTE; i++) {
            assertThat(client.exchange(weChat.login("bob"))).isInstanceOf(WeChatUser.class);
        }
        assertThat(client.exchange(weChat.login("bob"))).isEqualTo(problem(Kind.TOO_MANY_CALLS, 45011));
        now.set(START.plus(WeChatStandIn.CODE_LIFETIME).plusSeconds(61));
        assertThat(client.exchange(weChat.login("bob"))).isInstanceOf(WeChatUser.class);
    }

    @ParameterizedTest
    @DisplayName("M25: the stand-in answers wrong requests as documented: status 200, JSON as text")
    @ValueSource(
            strings = {
                "secret=s&js_code=c&grant_type=authorization_code 41002",
                "appid=a&js_code=c&grant_type=authorization_code 41004",
                "appid=a&secret=s&grant_type=authorization_code 41008",
                "appid=a&secret=s&js_code=c&grant_type=password 40002",
                "appid=a&secret=s&js_code=c&grant_type=authorization_code 40013"
            })
    void standIn(String example) throws Exception {
        String[] parts = example.split(" ", -1);
        var response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(weChat.endpoint() + "?" + parts[0]))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("text/plain");
        assertThat(response.body()).startsWith("{\"errcode\":" + parts[1] + ",\"errmsg\":\"");
    }

    @Test
    @DisplayName("S76: of twenty clients with one code one is logged in, and WeChat is asked once")
    void onceInParallel() throws Exception {
        Code2Session client = client();
        String code = weChat.login("alice");
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(20);
        try {
            Callable<WeChatAnswer> call = () -> {
                start.await();
                return client.exchange(code);
            };
            List<Future<WeChatAnswer>> calls =
                    IntStream.range(0, 20).mapToObj(i -> threads.submit(call)).toList();
            start.countDown();
            int users = 0;
            for (Future<WeChatAnswer> answer : calls) {
                if (answer.get(20, TimeUnit.SECONDS) instanceof WeChatUser) {
                    users++;
                } else {
                    assertThat(answer.get()).isEqualTo(problem(Kind.USED_CODE, 0));
                }
            }
            assertThat(users).isEqualTo(1);
            assertThat(weChat.received()).isEqualTo(1);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    @DisplayName("S76: after a timeout a code is not sent again, by anyone")
    void timeout() {
        Code2Session client = builder(SECRET).timeout(Duration.ofMillis(500)).build();
        weChat.be(Mood.SILENT);
        String code = weChat.login("alice");
        assertThat(client.exchange(code)).isEqualTo(problem(Kind.UNANSWERED, 0));
        weChat.be(Mood.ANSWERING);
        assertThat(client.exchange(code)).isEqualTo(problem(Kind.USED_CODE, 0));
        assertThat(weChat.received()).isEqualTo(1);
    }

    @Test
    @DisplayName("S76: an answer that breaks off or is none of WeChat's is no user")
    void broken() throws Exception {
        weChat.be(Mood.GARBLED);
        assertThat(client().exchange(weChat.login("alice"))).isEqualTo(problem(Kind.UNANSWERED, 0));
        weChat.be(Mood.HANGING_UP);
        assertThat(client().exchange(weChat.login("alice"))).isEqualTo(problem(Kind.UNANSWERED, 0));
        for (String body : new String[] {
            "",
            "{}",
            "[]",
            "null",
            "\"x\"",
            "{\"openid\":\"a\"}",
            "{\"session_key\":\"k\"}",
            "{\"openid\":1,\"x\":",
            "{\"openid\":\"a\",\"session_key\":\"k\",\"padding\":\"" + "x".repeat(20_000) + "\"}"
        }) {
            try (Plain server = new Plain(exchange -> {
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write(body.getBytes(StandardCharsets.UTF_8));
                exchange.close();
            })) {
                assertThat(server.client().exchange("code"))
                        .as(body.length() > 100 ? "long" : body)
                        .isEqualTo(problem(Kind.UNANSWERED, 0));
            }
        }
    }

    @Test
    @DisplayName("S76: a body that trickles is given up at the timeout too")
    void trickling() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        try (Plain server = new Plain(exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            try {
                done.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        })) {
            assertThat(server.client().exchange("code")).isEqualTo(problem(Kind.UNANSWERED, 0));
        } finally {
            done.countDown();
        }
    }

    @Test
    @DisplayName("S75: a redirect is not followed, so the secret goes nowhere else")
    void redirect() throws Exception {
        AtomicInteger followed = new AtomicInteger();
        try (Plain elsewhere = new Plain(exchange -> {
                    followed.incrementAndGet();
                    exchange.close();
                });
                Plain server = new Plain(exchange -> {
                    exchange.getResponseHeaders()
                            .set("Location", elsewhere.uri().toString());
                    exchange.sendResponseHeaders(302, -1);
                    exchange.close();
                })) {
            assertThat(server.client().exchange("code")).isEqualTo(problem(Kind.UNANSWERED, 0));
        }
        assertThat(followed).hasValue(0);
    }

    @Test
    @DisplayName("M25: WeChat that can't be reached got nothing")
    void unreachable() {
        Code2Session client = client();
        weChat.close();
        assertThat(client.exchange("code")).isEqualTo(problem(Kind.UNREACHABLE, 0));
    }

    @Test
    @DisplayName("S72: a server without a trusted certificate gets no secret")
    void certificate(@TempDir Path directory) throws Exception {
        AtomicInteger asked = new AtomicInteger();
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(selfSigned(directory.resolve("keys.p12"))));
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            exchange.close();
        });
        server.start();
        try {
            Code2Session client = Code2Session.builder(APP_ID, SECRET)
                    .endpoint(URI.create(
                            "https://localhost:" + server.getAddress().getPort() + "/"))
                    .build();
            assertThat(client.exchange("code")).isEqualTo(problem(Kind.UNREACHABLE, 0));
            assertThat(asked).hasValue(0);
        } finally {
            server.stop(0);
        }
    }

    private static SSLContext selfSigned(Path file) throws Exception {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "RSA",
                        "-alias",
                        "test",
                        "-dname",
                        "CN=localhost",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "changeit",
                        "-keystore",
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, "changeit".toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "changeit".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    @ParameterizedTest
    @DisplayName("S76: what can't be a code is not sent")
    @ValueSource(strings = {"", " ", "a b", "a&secret=x", "a\nb", "\u00e4", "..%2f", "code#"})
    void malformed(String code) {
        assertThat(client().exchange(code)).isEqualTo(problem(Kind.MALFORMED, 0));
        assertThat(client().exchange("x".repeat(129))).isEqualTo(problem(Kind.MALFORMED, 0));
        assertThat(weChat.received()).isZero();
    }

    @ParameterizedTest
    @DisplayName("S75: the secret travels by https, or within this machine")
    @ValueSource(
            strings = {
                "http://api.weixin.qq.com/sns",
                "ftp://127.0.0.1/",
                "/sns",
                "https://example.org/?a=b",
                "https://x/#y"
            })
    void endpoints(String endpoint) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Code2Session.builder(APP_ID, SECRET).endpoint(URI.create(endpoint)));
    }

    @Test
    @DisplayName("S75, S13: neither secret nor code, openid or session_key in a log or a text")
    void noSecrets() throws Exception {
        Queue<String> logged = new ConcurrentLinkedQueue<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord record) {
                logged.add(new SimpleFormatter().format(record));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        handler.setLevel(Level.ALL);
        Logger logger = Logger.getLogger("dev.holdfast");
        Level before = logger.getLevel();
        logger.setLevel(Level.ALL);
        logger.addHandler(handler);
        Queue<String> said = new ConcurrentLinkedQueue<>();
        try {
            Code2Session client = client();
            said.add(client.toString());
            String code = weChat.login("canary-openid");
            said.add(client.exchange(code).toString());
            said.add(client.exchange(code).toString());
            said.add(client().exchange(code).toString());
            said.add(builder("wrong")
                    .build()
                    .exchange(weChat.login("canary-openid"))
                    .toString());
            weChat.be(Mood.HANGING_UP);
            said.add(client.exchange(weChat.login("canary-openid")).toString());
            weChat.close();
            said.add(client.exchange("canary-code").toString());
            assertThat(logged).isNotEmpty();
            assertThat(String.join("\n", logged) + String.join("\n", said))
                    .contains("40125")
                    .doesNotContain(SECRET, code, "canary", weChat.sessionKeyOf("canary-openid"));
        } finally {
            logger.removeHandler(handler);
            logger.setLevel(before);
        }
    }

    /** A server that answers as the test says. */
    private static final class Plain implements AutoCloseable {

        private final HttpServer server;
        private final ExecutorService executor = Executors.newCachedThreadPool();

        Plain(HttpHandler handler) throws IOException {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", handler);
            server.setExecutor(executor);
            server.start();
        }

        URI uri() {
            return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
        }

        Code2Session client() {
            return Code2Session.builder(APP_ID, SECRET)
                    .endpoint(uri())
                    .timeout(Duration.ofSeconds(2))
                    .build();
        }

        @Override
        public void close() {
            server.stop(0);
            executor.shutdownNow();
        }
    }
}
