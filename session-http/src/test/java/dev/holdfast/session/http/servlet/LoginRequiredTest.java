package dev.holdfast.session.http.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.holdfast.session.Session;
import dev.holdfast.session.StoreDownPolicy;
import dev.holdfast.session.http.CookieSettings;
import dev.holdfast.session.http.CookieTransport;
import dev.holdfast.session.http.HeaderTransport;
import dev.holdfast.session.http.TransportChain;
import jakarta.servlet.FilterChain;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Server.class)
class LoginRequiredTest {

    private static final String UNKNOWN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPA";

    private final Server server;
    private Site site;

    LoginRequiredTest(Server server) {
        this.server = server;
        site = new Site(server, true);
    }

    @AfterEach
    void stop() {
        site.close();
    }

    private void start() throws IOException {
        FilterChain api = (request, response) -> response.getWriter().print("welcome");
        site.page("/api", (request, response) -> LoginRequired.create().doFilter(request, response, api))
                .filter(filter -> filter.transport(TransportChain.of(
                        CookieTransport.create(CookieSettings.forPlainHttp()), HeaderTransport.bearer())))
                .start();
    }

    private String login(String user) {
        Session session = site.sessions.open(null);
        session.principal(user);
        session.save();
        return session.id().value();
    }

    private HttpResponse<String> bearer(String id) throws Exception {
        return new Browser(site).get("/api", "Authorization", "Bearer " + id);
    }

    private static void assertRefused(HttpResponse<String> response, String reason) {
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.body()).isEqualTo("{\"error\":\"unauthorized\",\"reason\":\"" + reason + "\"}");
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/json");
        assertThat(response.headers().allValues("WWW-Authenticate"))
                .singleElement()
                .asString()
                .startsWith("Bearer realm=\"session\"");
        assertThat(response.headers().allValues("Cache-Control")).containsExactly("no-store");
        assertThat(response.headers().firstValue("Location")).isEmpty();
        assertThat(response.headers().firstValue("Set-Cookie")).isEmpty();
    }

    @Test
    @DisplayName(
            "S77: 401 with a stable reason in JSON, never a redirect, and ended or never known are the same answer")
    void reasons() throws Exception {
        start();
        String id = login("alice");
        assertThat(bearer(id).body()).isEqualTo("welcome");
        site.sessions.open(id).invalidate();
        HttpResponse<String> ended = bearer(id);
        HttpResponse<String> unknown = bearer(UNKNOWN);
        assertRefused(ended, "revoked");
        assertRefused(unknown, "revoked");
        assertThat(unknown.headers().map().keySet())
                .isEqualTo(ended.headers().map().keySet());
        assertRefused(bearer("junk"), "malformed");
        assertRefused(new Browser(site).get("/api"), "missing");
    }

    @Test
    @DisplayName(
            "S77: whatever became of a session, its id costs the same steps, and the same octets, as one never given out")
    void noOracle() throws Exception {
        start();
        String loggedOut = login("alice");
        site.sessions.open(loggedOut).invalidate();
        String replaced = login("bob");
        site.sessions.open(replaced).rotateId();
        String used = login("bob");
        site.sessions.open(used).rotateId(Duration.ofHours(1));
        String expired = login("carol");
        site.clock.advance(Duration.ofHours(1));
        String deleted = login("dave");
        site.store.memory.delete(site.sessions.open(deleted).id().key());
        for (String id : List.of(UNKNOWN, loggedOut, replaced, used, expired, deleted)) {
            site.store.takeCalls();
            HttpResponse<String> response = bearer(id);
            assertRefused(response, "revoked");
            assertThat(site.store.takeCalls()).containsExactly("load");
            assertThat(octets(response)).isEqualTo(octets(bearer(UNKNOWN)));
        }
        site.store.takeCalls();
        assertRefused(bearer("junk"), "malformed");
        assertThat(site.store.takeCalls()).isEmpty();
    }

    private static String octets(HttpResponse<String> response) {
        Map<String, List<String>> headers = new TreeMap<>(response.headers().map());
        headers.keySet().removeIf(name -> name.equalsIgnoreCase("date"));
        return response.statusCode() + " " + headers + " " + response.body();
    }

    @Test
    @DisplayName("a session without a principal is no log-in")
    void anonymous() throws Exception {
        start();
        Session session = site.sessions.open(null);
        session.put("a", 1);
        session.save();
        assertRefused(bearer(session.id().value()), "missing");
    }

    @Test
    @DisplayName("S73: a store that is down is no reason to log in anew")
    void storeDown() throws Exception {
        site.close();
        site = new Site(server, true, settings -> settings.storeDown(StoreDownPolicy.readOnlyWithoutSession()));
        start();
        String id = login("alice");
        site.store.down.add("load");
        assertThat(bearer(id).statusCode()).isEqualTo(503);
    }

    @Test
    @DisplayName("without a session filter in front it says so")
    void noFilter() {
        HttpServletRequest request = proxy(HttpServletRequest.class);
        HttpServletResponse response = proxy(HttpServletResponse.class);
        assertThatIllegalStateException()
                .isThrownBy(() -> LoginRequired.create().doFilter(request, response, (any, other) -> {}))
                .withMessageContaining("session filter");
    }

    private static <T> T proxy(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> null));
    }
}
