package dev.holdfast.session.http.servlet;

import static dev.holdfast.session.http.servlet.Browser.setCookies;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.Concurrency;
import dev.holdfast.session.SessionId;
import dev.holdfast.session.http.CookieSettings;
import dev.holdfast.session.spi.StoredSession;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpSession;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The rules of session security that show on the wire, in both containers. */
@ParameterizedClass
@EnumSource(Server.class)
class SecurityTest {

    private final Server server;
    private final Site site;

    SecurityTest(Server server) {
        this.server = server;
        site = new Site(server, true)
                .page("/count", (request, response) -> response.getWriter().print(FilterTest.count(request)))
                .page("/peek", (request, response) -> {
                    HttpSession session = request.getSession(false);
                    response.getWriter().print(session == null ? "none" : session.getAttribute("count"));
                })
                .page(
                        "/rotate",
                        (request, response) -> response.getWriter()
                                .print(request.changeSessionId().length()))
                .page("/logout", (request, response) -> request.getSession().invalidate());
    }

    @AfterEach
    void stop() {
        site.close();
    }

    private static String randomId(Random random) {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Test
    @DisplayName("S03: an unknown or expired id is never adopted")
    void neverAdopted() throws Exception {
        site.start();
        String unknown = randomId(new Random(1));
        assertThat(SessionId.isWellFormed(unknown)).isTrue();
        Browser browser = new Browser(site).with("session", unknown);
        assertThat(browser.body("/count")).isEqualTo("1");
        assertThat(browser.cookie()).isNotEqualTo(unknown);
        assertThat(site.sessions.find(unknown)).isEmpty();

        String expired = browser.cookie();
        site.clock.advance(Duration.ofDays(1));
        assertThat(browser.body("/count")).isEqualTo("1");
        assertThat(browser.cookie()).isNotEqualTo(expired);
        assertThat(site.sessions.find(expired)).isEmpty();
    }

    @Test
    @DisplayName("S04: a malformed id costs no store call")
    void malformed() throws Exception {
        site.start();
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String good = randomId(random);
        List<String> bad = new ArrayList<>(List.of(
                "x",
                good + "A",
                good.substring(1),
                "../../../../etc/passwd",
                "*",
                "{session}",
                "..%2f" + good.substring(5),
                good.substring(0, 42) + "*",
                "\"" + good.substring(1),
                good.substring(0, 20) + "\u00e4" + good.substring(21)));
        String printable = "!#$%&'()*+-./0AZaz:<=>?@[]^_`{|}~";
        for (int i = 0; i < 200; i++) {
            StringBuilder text = new StringBuilder(good);
            text.setCharAt(random.nextInt(43), printable.charAt(random.nextInt(8)));
            bad.add(text.toString());
        }
        for (String id : bad) {
            assertThat(new Browser(site).with("session", id).body("/peek"))
                    .as("%s, seed %d", id, seed)
                    .isEqualTo("none");
        }
        assertThat(site.store.takeCalls()).isEmpty();
        assertThat(new Browser(site).with("session", good).body("/peek")).isEqualTo("none");
        assertThat(site.store.takeCalls()).containsExactly("load");
    }

    @Test
    @DisplayName("S08: of several ids the first that is live decides, and nothing is mixed")
    void several() throws Exception {
        site.start();
        Browser one = new Browser(site);
        one.body("/count");
        Browser two = new Browser(site);
        two.body("/count");
        two.body("/count");
        String dead = randomId(new Random(2));
        Map<String, String> expected = Map.of(
                "session=" + one.cookie() + "; session=" + two.cookie(), "1",
                "session=" + two.cookie() + "; session=" + one.cookie(), "2",
                "session=" + dead + "; session=" + two.cookie(), "2",
                "session=nonsense; session=" + one.cookie(), "1");
        for (Map.Entry<String, String> entry : expected.entrySet()) {
            HttpResponse<String> response = new Browser(site).get("/peek", "Cookie", entry.getKey());
            assertThat(response.body()).isEqualTo(entry.getValue());
            assertThat(setCookies(response)).isEmpty();
        }
    }

    @Test
    @DisplayName("S09: an id where no transport looks is ignored")
    void disabledTransports() throws Exception {
        site.start();
        Browser browser = new Browser(site);
        browser.body("/count");
        String id = browser.cookie();
        site.store.takeCalls();
        Browser stranger = new Browser(site);
        assertThat(stranger.body("/peek?session=" + id)).isEqualTo("none");
        assertThat(stranger.get("/peek;session=" + id).body()).isNotEqualTo("1");
        assertThat(stranger.get("/peek;jsessionid=" + id).body()).isNotEqualTo("1");
        assertThat(stranger.get("/peek", "Authorization", "Bearer " + id).body())
                .isEqualTo("none");
        assertThat(stranger.get("/peek", "X-Auth-Token", id).body()).isEqualTo("none");
        assertThat(stranger.get("/peek", "Cookie", "JSESSIONID=" + id).body()).isEqualTo("none");
        assertThat(stranger.get("/peek", "Cookie", "Session=" + id).body()).isEqualTo("none");
        assertThat(site.store.takeCalls()).isEmpty();
    }

    @Test
    @DisplayName("S11: no id is at rest; S12: and the key that is at rest is no id")
    void idsNotAtRest() throws Exception {
        site.start();
        Browser browser = new Browser(site);
        browser.body("/count");
        String first = browser.cookie();
        browser.body("/rotate");
        browser.body("/count");
        List<StoredSession> dump = site.store.memory.scan().toList();
        assertThat(dump).isNotEmpty();
        for (StoredSession record : dump) {
            String bytes =
                    record + new String(record.payload().toByteArray(), StandardCharsets.ISO_8859_1) + record.key();
            assertThat(bytes).doesNotContain(first, browser.cookie());
            Browser thief = new Browser(site).with("session", record.key().toString());
            assertThat(thief.body("/peek")).isEqualTo("none");
        }
    }

    @Test
    @DisplayName("S14: changeSessionId gives the client a new id, and the old one is dead")
    void rotation() throws Exception {
        site.start();
        Browser browser = new Browser(site);
        browser.body("/count");
        String old = browser.cookie();
        HttpResponse<String> rotated = browser.get("/rotate");
        assertThat(setCookies(rotated)).hasSize(1);
        assertThat(browser.cookie()).isNotEqualTo(old);
        assertThat(browser.body("/count")).isEqualTo("2");
        assertThat(new Browser(site).with("session", old).body("/peek")).isEqualTo("none");
    }

    @Test
    @DisplayName(
            "S28: a request under way when the session ends stores nothing, and leaves the cookie to whoever ended it")
    void saveAfterInvalidate() throws Exception {
        CountDownLatch loaded = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        site.page("/slow", (request, response) -> {
                    request.getSession().setAttribute("count", 99);
                    loaded.countDown();
                    if (!ended.await(20, TimeUnit.SECONDS)) {
                        throw new IllegalStateException("nobody logged out");
                    }
                    response.getWriter().print("done");
                })
                .start();
        Browser browser = new Browser(site);
        browser.body("/count");
        Browser tab = new Browser(site).with("session", browser.cookie());
        HttpResponse<?>[] slow = new HttpResponse<?>[1];
        Thread request = new Thread(() -> {
            try {
                slow[0] = tab.get("/slow");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        request.start();
        assertThat(loaded.await(20, TimeUnit.SECONDS)).isTrue();
        browser.get("/logout");
        ended.countDown();
        request.join();
        assertThat(slow[0].statusCode()).isEqualTo(200);
        assertThat(setCookies(slow[0])).isEmpty();
        assertThat(site.store.size()).isZero();
    }

    @Test
    @DisplayName("S34: logging out takes the cookie back with the attributes that it was given with")
    void removal() throws Exception {
        site.start();
        Browser browser = new Browser(site);
        String given = setCookies(browser.get("/count")).get(0);
        String taken = setCookies(browser.get("/logout")).get(0);
        assertThat(given.replaceFirst("=[^;]*", "="))
                .isEqualTo(taken.replace(" Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT;", ""));
        assertThat(browser.cookie()).isEmpty();
        assertThat(site.store.size()).isZero();
    }

    @Test
    @DisplayName("S37, S43: the golden header, as the container sends it")
    void golden() throws Exception {
        site.filter(filter -> filter.cookie(CookieSettings.create())).start();
        assertThat(setCookies(new Browser(site).get("/count")))
                .singleElement()
                .asString()
                .matches("__Host-session=[A-Za-z0-9_-]{43}; Path=/; Secure; HttpOnly; SameSite=Lax");
    }

    @Test
    @DisplayName("S41: a remembering cookie is clamped to 400 days, as the container sends it")
    void maxAge() throws Exception {
        site.filter(filter -> filter.cookie(
                        CookieSettings.builder().maxAge(Duration.ofDays(401)).build()))
                .start();
        assertThat(setCookies(new Browser(site).get("/count")))
                .singleElement()
                .asString()
                .contains("; Max-Age=34560000; ");
    }

    @Test
    @DisplayName("S42: log in, change the id and log out in one request give one Set-Cookie, others stay")
    void oneSetCookie() throws Exception {
        site.page("/all", (request, response) -> {
                    response.addCookie(new Cookie("theme", "dark"));
                    FilterTest.count(request);
                    response.getOutputStream().write(new byte[2000]);
                    request.changeSessionId();
                    response.getOutputStream().write(new byte[2000]);
                    request.getSession().invalidate();
                    response.addCookie(new Cookie("lang", "en"));
                    FilterTest.count(request);
                    request.changeSessionId();
                })
                .page("/all-and-out", (request, response) -> {
                    FilterTest.count(request);
                    response.getOutputStream().write(new byte[5000]);
                    request.getSession().invalidate();
                })
                .start();
        Browser browser = new Browser(site);
        HttpResponse<String> response = browser.get("/all");
        assertThat(setCookies(response)).hasSize(3);
        assertThat(setCookies(response))
                .filteredOn(line -> line.startsWith("session="))
                .hasSize(1);
        assertThat(browser.body("/peek")).isEqualTo("1");
        assertThat(setCookies(browser.get("/all-and-out"))).hasSize(1);
        assertThat(browser.cookie()).isEmpty();
        assertThat(site.store.size()).isZero();
    }

    @Test
    @DisplayName("S44: a cookie means no-store, a look at the session means Vary, and the application's values stay")
    void caching() throws Exception {
        site.page("/own", (request, response) -> {
                    response.setHeader("Cache-Control", "public, max-age=60");
                    response.setHeader("Vary", "Accept-Encoding");
                    FilterTest.count(request);
                })
                .page("/agreed", (request, response) -> {
                    response.setHeader("Cache-Control", "private, No-Store");
                    response.setHeader("Vary", "accept, cookie");
                    FilterTest.count(request);
                })
                .page("/plain", (request, response) -> response.getWriter().print("x"))
                .start();
        Browser browser = new Browser(site);
        HttpResponse<String> own = browser.get("/own");
        assertThat(own.headers().allValues("Cache-Control")).containsExactly("public, max-age=60", "no-store");
        assertThat(own.headers().allValues("Vary")).containsExactly("Accept-Encoding", "Cookie");
        HttpResponse<String> again = browser.get("/own");
        assertThat(again.headers().allValues("Cache-Control")).containsExactly("public, max-age=60");
        assertThat(again.headers().allValues("Vary")).containsExactly("Accept-Encoding", "Cookie");
        HttpResponse<String> agreed = new Browser(site).get("/agreed");
        assertThat(agreed.headers().allValues("Cache-Control")).containsExactly("private, No-Store");
        assertThat(agreed.headers().allValues("Vary")).containsExactly("accept, cookie");
        assertThat(browser.get("/peek").headers().firstValue("Cache-Control")).isEmpty();
        assertThat(new Browser(site).get("/peek").headers().allValues("Vary")).containsExactly("Cookie");
        assertThat(browser.get("/logout").headers().allValues("Cache-Control")).containsExactly("no-store");
        assertThat(browser.get("/plain").headers().firstValue("Vary")).isEmpty();
    }

    @Test
    @DisplayName("S46: what a client says of the scheme changes nothing about Secure")
    void spoofedScheme() throws Exception {
        site.filter(filter -> filter.cookie(CookieSettings.create())).start();
        for (String scheme : new String[] {"http", "https"}) {
            HttpResponse<String> response =
                    new Browser(site).get("/count", "X-Forwarded-Proto", scheme, "Forwarded", "proto=" + scheme);
            assertThat(setCookies(response)).singleElement().asString().contains("; Secure; ");
        }
    }

    @Test
    @DisplayName("S48: the id stands in Set-Cookie and nowhere else in a response")
    void onlyInTheCookie() throws Exception {
        site.page("/links", (request, response) -> {
                    FilterTest.count(request);
                    response.getWriter().print(response.encodeURL("/peek") + response.encodeRedirectURL("/count"));
                    response.setHeader("Link", response.encodeURL("/next"));
                })
                .page("/away", (request, response) -> {
                    FilterTest.count(request);
                    response.sendRedirect(response.encodeRedirectURL("/peek"));
                })
                .start();
        for (String path : new String[] {"/links", "/away", "/count", "/rotate"}) {
            Browser browser = new Browser(site);
            if (path.equals("/rotate")) {
                browser.body("/count");
            }
            HttpResponse<String> response = browser.get(path);
            assertThat(browser.cookie()).hasSize(43);
            assertThat(response.body()).doesNotContain(browser.cookie());
            response.headers().map().forEach((name, values) -> {
                if (!name.equalsIgnoreCase("Set-Cookie")) {
                    assertThat(values.toString()).doesNotContain(browser.cookie());
                }
            });
        }
    }

    @Test
    @DisplayName("S73, R53: a store that is down means 503 without a cookie, never an anonymous session")
    void storeDown() throws Exception {
        site.page("/swallow", (request, response) -> {
                    FilterTest.count(request);
                    try {
                        response.flushBuffer();
                    } catch (RuntimeException e) {
                        response.getWriter().print("never mind");
                    }
                })
                .page("/stream", (request, response) -> {
                    FilterTest.count(request);
                    response.getOutputStream().write(new byte[100_000]);
                })
                .page("/wrapped", (request, response) -> {
                    try {
                        FilterTest.count(request);
                    } catch (RuntimeException e) {
                        throw new IllegalStateException("wrapped", e);
                    }
                })
                .start();
        Browser known = new Browser(site);
        known.body("/count");
        String id = known.cookie();

        site.store.down.add("load");
        for (String path : new String[] {"/count", "/peek", "/wrapped"}) {
            HttpResponse<String> response = known.get(path);
            assertThat(response.statusCode()).as(path).isEqualTo(503);
            assertThat(setCookies(response)).as(path).isEmpty();
        }
        site.store.down.clear();
        site.store.down.addAll(List.of("create", "update"));
        for (String path : new String[] {"/count", "/swallow", "/stream"}) {
            for (Browser browser : List.of(known, new Browser(site))) {
                HttpResponse<String> response = browser.get(path);
                assertThat(response.statusCode()).as(path).isEqualTo(503);
                assertThat(setCookies(response)).as(path).isEmpty();
                assertThat(response.body()).doesNotContain("never mind");
            }
        }
        site.store.down.clear();
        assertThat(known.cookie()).isEqualTo(id);
        assertThat(known.body("/count")).isEqualTo("2");
        assertThat(site.store.size()).isEqualTo(1);
    }

    @Test
    @DisplayName("S73: a request whose session was not saved once is refused, even if the store is back at its end")
    void storeBack() throws Exception {
        site.page("/retry", (request, response) -> {
                    FilterTest.count(request);
                    try {
                        response.flushBuffer();
                    } catch (RuntimeException e) {
                        site.store.down.clear();
                        response.getWriter().print("never mind");
                    }
                })
                .start();
        site.store.down.add("create");
        HttpResponse<String> response = new Browser(site).get("/retry");
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(setCookies(response)).isEmpty();
        assertThat(site.store.size()).isZero();
    }

    @Test
    @DisplayName("an error page answers for a store that is down, and can't begin a session")
    void storeDownErrorPage() throws Exception {
        site.errorPage(503, "/sorry", (request, response) -> {
                    try {
                        response.getWriter().print(request.getSession().isNew());
                    } catch (IllegalStateException e) {
                        response.getWriter().print("come back later");
                    }
                })
                .start();
        site.store.down.add("create");
        HttpResponse<String> response = new Browser(site).get("/count");
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).isEqualTo("come back later");
        assertThat(setCookies(response)).isEmpty();
    }

    @Test
    @DisplayName("a strict session that another request changed is answered with 409, and nothing is stored")
    void conflict() throws Exception {
        CountDownLatch loaded = new CountDownLatch(1);
        CountDownLatch changed = new CountDownLatch(1);
        try (Site strict = new Site(server, true, settings -> settings.concurrency(Concurrency.STRICT))) {
            strict.page("/count", (request, response) -> response.getWriter().print(FilterTest.count(request)))
                    .page("/slow", (request, response) -> {
                        request.getSession().setAttribute("count", 99);
                        loaded.countDown();
                        if (!changed.await(20, TimeUnit.SECONDS)) {
                            throw new IllegalStateException("nobody changed it");
                        }
                    })
                    .start();
            Browser browser = new Browser(strict);
            browser.body("/count");
            Browser tab = new Browser(strict).with("session", browser.cookie());
            int[] status = new int[1];
            Thread request = new Thread(() -> {
                try {
                    status[0] = tab.get("/slow").statusCode();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            request.start();
            assertThat(loaded.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(browser.body("/count")).isEqualTo("2");
            changed.countDown();
            request.join();
            assertThat(status[0]).isEqualTo(409);
            assertThat(browser.body("/count")).isEqualTo("3");
        }
    }

    @Test
    @DisplayName("a request that still holds the id from before a log-in does not take the new cookie away")
    void lateRequest() throws Exception {
        site.page("/late", (request, response) -> {
                    FilterTest.count(request);
                    site.sessions.open(request.getSession().getId()).rotateId();
                })
                .start();
        Browser browser = new Browser(site);
        browser.body("/count");
        assertThat(setCookies(browser.get("/late"))).isEmpty();
    }
}
