package dev.holdfast.session.http.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.holdfast.session.Session;
import dev.holdfast.session.http.CookieSettings;
import dev.holdfast.session.http.CookieTransport;
import dev.holdfast.session.http.TransportChain;
import dev.holdfast.session.http.token.AttackTokens;
import dev.holdfast.session.http.token.SessionTokens;
import dev.holdfast.session.http.token.TestKeys;
import dev.holdfast.session.http.token.TokenTransport;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Signed tokens through both containers: what is no genuine token never reaches the store. */
@ParameterizedClass
@EnumSource(Server.class)
class TokensOnTheWireTest {

    private final Site site;
    private final TestKeys keys;
    private final SessionTokens tokens;

    TokensOnTheWireTest(Server server) throws GeneralSecurityException {
        site = new Site(server, true);
        keys = TestKeys.create();
        tokens = keys.tokens(site.clock);
    }

    @BeforeEach
    void start() throws Exception {
        LoginRequired api = LoginRequired.create();
        site.page(
                        "/api",
                        (request, response) -> api.doFilter(
                                request,
                                response,
                                (any, answer) -> answer.getWriter().print("welcome")))
                .page("/refresh", this::refresh)
                .page("/rotate", (request, response) -> request.changeSessionId())
                .page("/revoke", (request, response) -> request.getSession().invalidate())
                .filter(filter -> filter.transport(TransportChain.of(
                        CookieTransport.create(CookieSettings.forPlainHttp()), TokenTransport.create(tokens))))
                .start();
    }

    @AfterEach
    void stop() {
        site.close();
    }

    private void refresh(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        LoginRequired.endingReplays()
                .doFilter(
                        request,
                        response,
                        (any, answer) ->
                                SessionFilter.sessionOf(request.getSession()).rotateId(tokens.validity()));
    }

    private Session login() {
        Session session = site.sessions.open(null);
        session.principal("alice");
        session.save();
        site.store.takeCalls();
        return session;
    }

    private HttpResponse<String> call(String path, String token) throws Exception {
        return new Browser(site).get(path, "Authorization", "Bearer " + token);
    }

    private void assertReason(HttpResponse<String> response, String reason) {
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.body()).isEqualTo("{\"error\":\"unauthorized\",\"reason\":\"" + reason + "\"}");
    }

    @Test
    @DisplayName("S50, S51, S53, S54, S55, S56, S57, S58: no attack token costs a store call, or has a key fetched")
    void attacks() throws Exception {
        Session session = login();
        AtomicInteger fetched = new AtomicInteger();
        HttpServer canary = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        canary.createContext("/", exchange -> {
            fetched.incrementAndGet();
            exchange.close();
        });
        canary.start();
        try {
            URI keySet = URI.create("http://127.0.0.1:" + canary.getAddress().getPort() + "/keys");
            Map<String, String> attacks = AttackTokens.against(keys, session.id(), keySet);
            attacks.entrySet().removeIf(attack -> !attack.getValue().matches("[!-~]{1,6000}"));
            assertThat(attacks).hasSizeGreaterThan(140);
            for (Map.Entry<String, String> attack : attacks.entrySet()) {
                HttpResponse<String> response = call("/api", attack.getValue());
                assertThat(response.statusCode()).as(attack.getKey()).isEqualTo(401);
                assertThat(response.body())
                        .as(attack.getKey())
                        .contains("\"" + AttackTokens.expected(attack.getKey()).reason() + "\"");
            }
            assertThat(site.store.takeCalls()).isEmpty();
            assertThat(fetched).hasValue(0);
        } finally {
            canary.stop(0);
        }
        assertThat(call("/api", tokens.issue(session.id()).value()).body()).isEqualTo("welcome");
        assertThat(site.store.takeCalls()).containsExactly("load");
    }

    @Test
    @DisplayName("S36: after the log-out a token is refused, though its time is not over")
    void revoked() throws Exception {
        String token = tokens.issue(login().id()).value();
        HttpResponse<String> ended = call("/revoke", token);
        assertThat(ended.headers().allValues("X-Auth-Token")).containsExactly("");
        assertReason(call("/api", token), "revoked");
    }

    @Test
    @DisplayName("S77: an expired token is refused without asking whether its session lives")
    void expired() throws Exception {
        String token = tokens.issue(login().id()).value();
        site.clock.advance(SessionTokens.DEFAULT_LIFETIME.plus(Duration.ofMinutes(1)));
        assertReason(call("/api", token), "expired");
        assertThat(site.store.takeCalls()).isEmpty();
    }

    @Test
    @DisplayName("M24, S14: a new id is answered with a new token, and the old one is dead")
    void rotated() throws Exception {
        String token = tokens.issue(login().id()).value();
        HttpResponse<String> rotated = call("/rotate", token);
        String fresh = rotated.headers().firstValue("X-Auth-Token").orElseThrow();
        assertThat(rotated.headers().allValues("Set-Cookie")).isEmpty();
        assertThat(rotated.headers().allValues("Cache-Control")).containsExactly("no-store");
        assertReason(call("/api", token), "revoked");
        assertThat(call("/api", fresh).body()).isEqualTo("welcome");
    }

    @Test
    @DisplayName("S61: a token that was refreshed, and comes to be refreshed once more, ends the session")
    void replayed() throws Exception {
        String stolen = tokens.issue(login().id()).value();
        String fresh =
                call("/refresh", stolen).headers().firstValue("X-Auth-Token").orElseThrow();
        String freshest =
                call("/refresh", fresh).headers().firstValue("X-Auth-Token").orElseThrow();
        assertReason(call("/api", stolen), "revoked");
        assertThat(call("/api", freshest).body()).isEqualTo("welcome");
        assertReason(call("/refresh", stolen), "revoked");
        assertReason(call("/api", freshest), "revoked");
        assertReason(call("/refresh", freshest), "revoked");
        assertThat(site.store.size()).as("nothing is left").isZero();
    }

    @Test
    @DisplayName("S61: a token that has expired ends nothing, and costs no store call")
    void expiredReplay() throws Exception {
        String old = tokens.issue(login().id()).value();
        String fresh =
                call("/refresh", old).headers().firstValue("X-Auth-Token").orElseThrow();
        site.clock.advance(tokens.validity().minusSeconds(1));
        assertThat(call("/api", fresh).body()).isEqualTo("welcome");
        site.clock.advance(Duration.ofSeconds(1));
        site.store.takeCalls();
        assertReason(call("/refresh", old), "expired");
        assertThat(site.store.takeCalls()).isEmpty();
    }

    @Test
    @DisplayName("S09: a bare id is no token, where tokens are asked for")
    void bareId() throws Exception {
        String id = login().id().value();
        assertReason(call("/api", id), "malformed");
        assertThat(site.store.takeCalls()).isEmpty();
    }
}
