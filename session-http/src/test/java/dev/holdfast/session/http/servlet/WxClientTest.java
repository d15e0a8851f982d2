package dev.holdfast.session.http.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.session.SealingKeys;
import dev.holdfast.session.Session;
import dev.holdfast.session.http.CookieSettings;
import dev.holdfast.session.http.CookieTransport;
import dev.holdfast.session.http.TransportChain;
import dev.holdfast.session.http.token.SessionTokens;
import dev.holdfast.session.http.token.TokenKey;
import dev.holdfast.session.http.token.TokenTransport;
import dev.holdfast.session.http.wechat.Code2Session;
import dev.holdfast.session.http.wechat.WeChatAnswer;
import dev.holdfast.session.http.wechat.WeChatUser;
import dev.holdfast.session.http.wechat.standin.WeChatStandIn;
import jakarta.servlet.FilterChain;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The mini-program's client file under Node, against a real server; {@code src/test/js} says what is tested. */
class WxClientTest {

    private static final Path CLIENT =
            Path.of("src/main/resources/dev/holdfast/session/http/wechat/holdfast-session.js");
    private static final Path TESTS = Path.of("src/test/js/holdfast-session.test.js");
    private static final int OLDEST_NODE = 20;
    private static final Pattern CODE = Pattern.compile("\\{\"code\":\"([^\"]*)\"}");
    private static final SecretKeySpec KEY = new SecretKeySpec(new byte[32], "HmacSHA256");

    private final WeChatStandIn weChat = WeChatStandIn.start("wx-app", "app-secret");
    private final Code2Session code2Session = Code2Session.builder("wx-app", "app-secret")
            .endpoint(weChat.endpoint())
            .build();
    private final Site site = new Site(Server.TOMCAT, true, settings -> settings.sealing(SealingKeys.create("k", KEY)));
    private final SessionTokens tokens = SessionTokens.builder(TokenKey.create("k", KEY), "site", "api")
            .clock(site.clock)
            .build();
    private final AtomicReference<String> latest = new AtomicReference<>("");

    @AfterEach
    void stop() {
        site.close();
        weChat.close();
    }

    @Test
    @DisplayName("M22, M23, M25, S76: token and cookie kept by a phone; ten parallel 401s cause one log-in")
    void underNode() throws Exception {
        assumeTrue(
                nodeVersion() >= OLDEST_NODE,
                "the mini-program's client is tested under Node " + OLDEST_NODE
                        + " or newer, which is not on this machine's path as 'node'");
        start();
        ProcessBuilder command =
                new ProcessBuilder("node", "--test", "--test-reporter=tap", TESTS.toString()).redirectErrorStream(true);
        command.environment().put("HOLDFAST_SERVER", site.uri("").toString().replaceFirst("/$", ""));
        command.environment().put("HOLDFAST_CLIENT", CLIENT.toAbsolutePath().toString());
        Process node = command.start();
        try {
            node.getOutputStream().close();
            String report = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(node.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(node.exitValue()).as(report).isZero();
            assertThat(report).contains("# pass 13").contains("# skipped 0");
        } finally {
            node.destroyForcibly();
        }
    }

    private static int nodeVersion() throws InterruptedException {
        try {
            Process node = new ProcessBuilder("node", "--version").start();
            String version = new String(node.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            node.waitFor();
            Matcher major = Pattern.compile("v(\\d+)\\..*\\s*").matcher(version);
            return major.matches() ? Integer.parseInt(major.group(1)) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    private void start() throws IOException {
        AtomicInteger logins = new AtomicInteger();
        LoginRequired members = LoginRequired.create();
        FilterChain api = (request, response) -> {
            HttpServletRequest http = (HttpServletRequest) request;
            Session session = SessionFilter.sessionOf(http.getSession());
            response.getWriter().print(session.principal().orElseThrow() + " " + FilterTest.count(http));
        };
        site.page("/wx-login", (request, response) -> response.getWriter().print(weChat.login("alice")))
                .page("/login-token", (request, response) -> {
                    logins.incrementAndGet();
                    login(
                            request,
                            response,
                            session ->
                                    "{\"token\":\"" + tokens.issue(session.id()).value() + "\"}");
                })
                .page("/login-cookie", (request, response) -> {
                    logins.incrementAndGet();
                    login(
                            request,
                            response,
                            session -> "{\"cookie\":\"session=" + session.id().value() + "\"}");
                })
                .page("/logins", (request, response) -> response.getWriter().print(logins.get()))
                .page(
                        "/end",
                        (request, response) -> site.sessions.open(latest.get()).invalidate())
                .page("/api", (request, response) -> members.doFilter(request, response, api))
                .page(
                        "/rotate",
                        (request, response) -> members.doFilter(
                                request, response, (any, answer) -> ((HttpServletRequest) any).changeSessionId()))
                .page("/revoke", (request, response) -> request.getSession().invalidate())
                .filter(filter -> filter.transport(TransportChain.of(
                        CookieTransport.create(CookieSettings.forPlainHttp()), TokenTransport.create(tokens))))
                .start();
    }

    private void login(HttpServletRequest request, HttpServletResponse response, Function<Session, String> answer)
            throws IOException {
        Matcher body = CODE.matcher(new String(request.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        WeChatAnswer whose = code2Session.exchange(body.matches() ? body.group(1) : "");
        if (whose instanceof WeChatUser user) {
            Session session = user.begin(site.sessions);
            session.save();
            latest.set(session.id().value());
            response.setContentType("application/json");
            response.getWriter().print(answer.apply(session));
        } else {
            response.sendError(HttpServletResponse.SC_FORBIDDEN);
        }
    }
}
