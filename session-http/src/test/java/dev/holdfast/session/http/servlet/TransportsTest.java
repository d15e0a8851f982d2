package dev.holdfast.session.http.servlet;

import static dev.holdfast.session.http.servlet.Browser.setCookies;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.Session;
import dev.holdfast.session.http.CookieSettings;
import dev.holdfast.session.http.CookieTransport;
import dev.holdfast.session.http.FormTransport;
import dev.holdfast.session.http.HeaderTransport;
import dev.holdfast.session.http.SessionTransport;
import dev.holdfast.session.http.TransportChain;
import dev.holdfast.session.http.UrlTransport;
import jakarta.servlet.http.HttpSession;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** How ids travel, in both containers. */
@ParameterizedClass
@EnumSource(Server.class)
class TransportsTest {

    private static final SessionTransport COOKIE = CookieTransport.create(CookieSettings.forPlainHttp());
    private static final SessionTransport ALL = TransportChain.of(
            COOKIE, HeaderTransport.named("x-token"), UrlTransport.query("sid"), FormTransport.create("sid"));

    private final Site site;

    TransportsTest(Server server) {
        site = new Site(server, true)
                .page("/count", (request, response) -> response.getWriter().print(FilterTest.count(request)))
                .page("/who", (request, response) -> {
                    HttpSession session = request.getSession(false);
                    String from = request.isRequestedSessionIdFromCookie()
                            ? "cookie"
                            : request.isRequestedSessionIdFromURL() ? "url" : "other";
                    response.getWriter().print(session == null ? "none" : session.getAttribute("name") + " by " + from);
                })
                .page("/field", (request, response) -> {
                    HttpSession session = request.getSession(false);
                    response.getWriter()
                            .print((session == null ? "none" : session.getAttribute("name")) + " "
                                    + request.getParameter("text"));
                })
                .page("/rotate", (request, response) -> request.changeSessionId())
                .page("/logout", (request, response) -> request.getSession().invalidate());
    }

    @AfterEach
    void stop() {
        site.close();
    }

    private Site with(SessionTransport transport) throws Exception {
        return site.filter(filter -> filter.transport(transport)).start();
    }

    private String sessionOf(String name) {
        Session session = site.sessions.open(null);
        session.put("name", name);
        session.save();
        return session.id().value();
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        return new Browser(site).get(path, headers);
    }

    private HttpResponse<String> post(String path, String type, String body) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(site.uri(path))
                                .header("Content-Type", type)
                                .POST(BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString());
    }

    @Test
    @DisplayName(
            "S08, M5: cookie, header, URL and form in that order, whatever their number; dead ones are passed over")
    void conflicting() throws Exception {
        with(ALL);
        String cookie = sessionOf("A");
        String header = sessionOf("B");
        String url = sessionOf("C");
        String dead = sessionOf("D");
        site.sessions.open(dead).invalidate();
        for (String inCookie : new String[] {"", dead, "junk", cookie}) {
            for (String inHeader : new String[] {"", dead, "junk", header}) {
                for (String inUrl : new String[] {"", dead, "junk", url}) {
                    String expected = inCookie.equals(cookie)
                            ? "A by cookie"
                            : inHeader.equals(header) ? "B by other" : inUrl.equals(url) ? "C by url" : "none";
                    HttpResponse<String> response =
                            get("/who?sid=" + inUrl, "Cookie", "session=" + inCookie, "x-token", inHeader);
                    assertThat(response.body())
                            .as("%s %s %s", inCookie, inHeader, inUrl)
                            .isEqualTo(expected);
                    assertThat(setCookies(response)).isEmpty();
                }
            }
        }
        assertThat(get("/who", "Cookie", "session=" + cookie + "; session=" + header)
                        .body())
                .isEqualTo("A by cookie");
    }

    @Test
    @DisplayName("S09: with the cookie alone, an id in a header, the URL or a form is ignored")
    void disabled() throws Exception {
        with(COOKIE);
        String id = sessionOf("A");
        site.store.takeCalls();
        assertThat(get("/who?sid=" + id, "x-token", id, "Authorization", "Bearer " + id)
                        .body())
                .isEqualTo("none");
        assertThat(get("/who;sid=" + id + ";jsessionid=" + id).body()).isEqualTo("none");
        assertThat(post("/field", "application/x-www-form-urlencoded", "sid=" + id + "&text=x")
                        .body())
                .isEqualTo("none x");
        assertThat(site.store.takeCalls()).isEmpty();
    }

    @Test
    @DisplayName("M22: a Cookie header that a mini-program wrote from Set-Cookie lines is understood")
    void miniProgramCookie() throws Exception {
        with(COOKIE);
        String line = setCookies(get("/count")).get(0);
        assertThat(get("/count", "Cookie", line).body()).isEqualTo("2");
        assertThat(get("/count", "Cookie", "theme=dark; Path=/," + line).body()).isEqualTo("3");
    }

    @Test
    @DisplayName("M23: a client by header gets new ids in a header, and never a cookie")
    void byHeader() throws Exception {
        with(TransportChain.of(COOKIE, HeaderTransport.bearer()));
        String id = sessionOf("A");
        HttpResponse<String> rotated = get("/rotate", "Authorization", "Bearer " + id);
        String fresh = rotated.headers().firstValue("X-Auth-Token").orElseThrow();
        assertThat(setCookies(rotated)).isEmpty();
        assertThat(rotated.headers().allValues("Cache-Control")).containsExactly("no-store");
        assertThat(rotated.headers().allValues("Vary")).containsExactlyInAnyOrder("Cookie", "Authorization");
        assertThat(get("/who", "Authorization", "Bearer " + id).body()).isEqualTo("none");
        assertThat(get("/who", "Authorization", "Bearer " + fresh).body()).isEqualTo("A by other");
        HttpResponse<String> ended = get("/logout", "Authorization", "Bearer " + fresh);
        assertThat(ended.headers().allValues("X-Auth-Token")).containsExactly("");
        assertThat(setCookies(ended)).isEmpty();
        assertThat(site.store.size()).isZero();
    }

    @Test
    @DisplayName("S48: a header beside the cookie does not make the cookie's id readable")
    void noExfiltration() throws Exception {
        with(TransportChain.of(COOKIE, HeaderTransport.named("x-token")));
        Browser browser = new Browser(site);
        browser.body("/count");
        HttpResponse<String> rotated = browser.get("/rotate", "x-token", "junk");
        assertThat(rotated.headers().firstValue("x-token")).isEmpty();
        assertThat(setCookies(rotated)).hasSize(1);
    }

    @Test
    @DisplayName(
            "M4, S10: a browser without cookies goes on by links, which are told to nobody; one with cookies does not")
    void links() throws Exception {
        site.page("/page", (request, response) -> {
            FilterTest.count(request);
            response.getWriter()
                    .print(String.join(
                            " ",
                            response.encodeURL("/page"),
                            response.encodeURL("//evil.example/"),
                            response.encodeRedirectURL("/count")));
        });
        site.page("/plain", (request, response) -> response.getWriter().print(response.encodeURL("/page")));
        with(ALL);
        HttpResponse<String> first = get("/page");
        String link = first.body().split(" ", -1)[0];
        assertThat(link).matches("/page\\?sid=[A-Za-z0-9_-]{43}");
        assertThat(first.body()).contains(" //evil.example/ ").endsWith(link.replace("/page", "/count"));
        for (HttpResponse<String> response : List.of(first, get(link), get(link.replace("/page", "/plain")))) {
            assertThat(response.headers().allValues("Referrer-Policy")).containsExactly("no-referrer");
            assertThat(response.headers().allValues("Cache-Control")).containsExactly("no-store");
        }
        assertThat(get(link.replace("/page", "/count")).body()).isEqualTo("3");
        assertThat(get(link.replace("/page", "/plain")).body()).isEqualTo(link);
        String id = link.substring(link.indexOf('=') + 1);
        HttpResponse<String> byCookie = get("/page", "Cookie", "session=" + id);
        assertThat(byCookie.body()).isEqualTo("/page //evil.example/ /count");
        assertThat(byCookie.headers().firstValue("Referrer-Policy")).isEmpty();
    }

    @Test
    @DisplayName("M4: the id as a path parameter")
    void pathParameter() throws Exception {
        with(UrlTransport.path("sid"));
        String id = sessionOf("A");
        assertThat(get("/who;sid=" + id).body()).isEqualTo("A by url");
        assertThat(get("/who?sid=" + id).body()).isEqualTo("none");
    }

    @Test
    @DisplayName("M5: the id in a form's field; the query is no form, and the form stays readable")
    void form() throws Exception {
        with(TransportChain.of(COOKIE, FormTransport.create("sid")));
        String id = sessionOf("A");
        String form = "application/x-www-form-urlencoded; charset=UTF-8";
        HttpResponse<String> response = post("/field", form, "text=caf%C3%A9+%26&sid=" + id);
        assertThat(response.body()).startsWith("A caf");
        assertThat(response.headers().allValues("Cache-Control")).containsExactly("no-store");
        assertThat(post("/field?sid=" + id, form, "text=x").body()).isEqualTo("none x");
        assertThat(post("/field?s%69d=" + id, form, "sid=junk&text=x").body()).isEqualTo("none x");
        assertThat(post("/field", "text/plain", "sid=" + id).body()).startsWith("none");
    }

    @Test
    @DisplayName("M2: a sliding cookie is given out again with each look at the session")
    void sliding() throws Exception {
        with(CookieTransport.create(CookieSettings.builder()
                .name("session")
                .secure(false)
                .maxAge(Duration.ofDays(30))
                .sliding(true)
                .build()));
        Browser browser = new Browser(site);
        browser.body("/count");
        HttpResponse<String> again = browser.get("/who");
        assertThat(setCookies(again)).singleElement().asString().contains(browser.cookie(), "Max-Age=2592000");
        assertThat(again.headers().allValues("Cache-Control")).containsExactly("no-store");
    }
}
