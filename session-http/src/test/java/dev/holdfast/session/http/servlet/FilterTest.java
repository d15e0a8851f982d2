package dev.holdfast.session.http.servlet;

import static dev.holdfast.session.http.servlet.Browser.setCookies;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.session.http.CookieSettings;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** M13: when the session is saved and its cookie sent, in both containers and both ways of registering the filter. */
@ParameterizedClass(name = "{0}, all dispatches: {1}")
@MethodSource("variants")
class FilterTest {

    private final Site site;

    static Stream<Arguments> variants() {
        return Stream.of(Server.values())
                .flatMap(server -> Stream.of(true, false).map(all -> Arguments.of(server, all)));
    }

    FilterTest(Server server, boolean allDispatches) {
        site = new Site(server, allDispatches)
                .page("/count", (request, response) -> response.getWriter().print(count(request)))
                .page("/peek", (request, response) -> {
                    HttpSession session = request.getSession(false);
                    response.getWriter().print(session == null ? "none" : session.getAttribute("count"));
                })
                .page("/plain", (request, response) -> response.getWriter().print("plain"));
    }

    @AfterEach
    void stop() {
        site.close();
    }

    static int count(HttpServletRequest request) {
        HttpSession session = request.getSession();
        int count = session.getAttribute("count") instanceof Integer before ? before + 1 : 1;
        session.setAttribute("count", count);
        return count;
    }

    @Test
    @DisplayName("M13: the cookie is issued once, and the session counts on")
    void issuedOnce() throws Exception {
        site.start();
        Browser browser = new Browser(site);

        HttpResponse<String> first = browser.get("/count");
        assertThat(first.body()).isEqualTo("1");
        assertThat(setCookies(first)).singleElement().asString().startsWith("session=");
        assertThat(site.store.takeCalls()).containsExactly("create");

        HttpResponse<String> second = browser.get("/count");
        assertThat(second.body()).isEqualTo("2");
        assertThat(setCookies(second)).isEmpty();
        assertThat(site.store.takeCalls()).containsExactly("load", "update");
    }

    @Test
    @DisplayName("two browsers have two sessions")
    void twoBrowsers() throws Exception {
        site.start();
        Browser one = new Browser(site);
        Browser two = new Browser(site);
        assertThat(one.body("/count")).isEqualTo("1");
        assertThat(one.body("/count")).isEqualTo("2");
        assertThat(two.body("/count")).isEqualTo("1");
        assertThat(one.cookie()).isNotEqualTo(two.cookie());
    }

    @Test
    @DisplayName("S45: a request that does not ask costs no store call and gets no cookie")
    void untouched() throws Exception {
        site.start();
        Browser browser = new Browser(site);
        browser.body("/count");
        site.store.takeCalls();
        for (int i = 0; i < 1000; i++) {
            HttpResponse<String> response = i % 2 == 0 ? browser.get("/plain") : new Browser(site).get("/plain");
            assertThat(setCookies(response)).isEmpty();
            assertThat(response.headers().firstValue("Vary")).isEmpty();
        }
        assertThat(site.store.takeCalls()).isEmpty();
    }

    @Test
    @DisplayName(
            "S45: a session that was only looked at leaves no record and no cookie; nor an empty one, if so wanted")
    void nothingForNothing() throws Exception {
        site.filter(filter -> filter.cookie(CookieSettings.forPlainHttp()).keepEmpty(false))
                .page(
                        "/empty",
                        (request, response) ->
                                response.getWriter().print(request.getSession().isNew()))
                .start();
        Browser browser = new Browser(site);
        assertThat(setCookies(browser.get("/peek"))).isEmpty();
        HttpResponse<String> empty = browser.get("/empty");
        assertThat(empty.body()).isEqualTo("true");
        assertThat(setCookies(empty)).isEmpty();
        assertThat(site.store.takeCalls()).isEmpty();
    }

    @Test
    @DisplayName("M13: saved before the first byte of a large body, which still streams")
    void streaming() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        site.page("/stream", (request, response) -> {
                    int count = count(request);
                    ServletOutputStream out = response.getOutputStream();
                    byte[] chunk = new byte[1000];
                    chunk[0] = (byte) count;
                    for (int i = 0; i < 200; i++) {
                        out.write(chunk);
                    }
                    if (!go.await(20, TimeUnit.SECONDS)) {
                        throw new IOException("nobody read");
                    }
                    out.write(chunk);
                })
                .start();
        Browser browser = new Browser(site);
        HttpResponse<InputStream> response = browser.open("/stream");
        try (InputStream body = response.body()) {
            assertThat(body.read()).isEqualTo(1);
            assertThat(browser.body("/peek")).isEqualTo("1");
            go.countDown();
            assertThat(body.readAllBytes()).hasSize(201_000 - 1);
        }
        assertThat(site.store.takeCalls()).containsExactly("create", "load");
    }

    @Test
    @DisplayName("M13: saved before one write that is larger than the buffer")
    void oneLargeWrite() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        site.page("/large", (request, response) -> {
                    count(request);
                    response.getOutputStream().write(new byte[300_000]);
                    if (!go.await(20, TimeUnit.SECONDS)) {
                        throw new IOException("nobody read");
                    }
                })
                .start();
        Browser browser = new Browser(site);
        HttpResponse<InputStream> response = browser.open("/large");
        assertThat(setCookies(response)).hasSize(1);
        assertThat(browser.body("/peek")).isEqualTo("1");
        go.countDown();
        try (InputStream body = response.body()) {
            assertThat(body.readAllBytes()).hasSize(300_000);
        }
    }

    @Test
    @DisplayName("M13: saved before the writer's buffer overflows")
    void largeText() throws Exception {
        site.page("/text", (request, response) -> {
                    response.setContentType("text/plain;charset=UTF-8");
                    count(request);
                    for (int i = 0; i < 20_000; i++) {
                        response.getWriter().print("Grüße ");
                    }
                    response.getWriter().println();
                })
                .start();
        Browser browser = new Browser(site);
        HttpResponse<String> response = browser.get("/text");
        assertThat(setCookies(response)).hasSize(1);
        assertThat(response.body()).hasSize(6 * 20_000 + System.lineSeparator().length());
        assertThat(site.store.takeCalls()).containsExactly("create");
    }

    @Test
    @DisplayName("M13: saved before a flush, and what is changed afterwards at the end")
    void flush() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        site.page("/flush", (request, response) -> {
                    count(request);
                    response.getWriter().print("head");
                    response.flushBuffer();
                    if (!go.await(20, TimeUnit.SECONDS)) {
                        throw new IOException("nobody read");
                    }
                    count(request);
                    response.getWriter().print("tail");
                    done.countDown();
                })
                .start();
        Browser browser = new Browser(site);
        HttpResponse<InputStream> response = browser.open("/flush");
        assertThat(setCookies(response)).hasSize(1);
        assertThat(browser.body("/peek")).isEqualTo("1");
        go.countDown();
        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        await().atMost(Duration.ofSeconds(20)).until(() -> browser.body("/peek").equals("2"));
    }

    @Test
    @DisplayName("M6: a new session after the response was committed is a clear error")
    void tooLate() throws Exception {
        AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
        site.filter(filter -> filter.cookie(CookieSettings.forPlainHttp()).keepEmpty(false))
                .page("/late", (request, response) -> {
                    response.getWriter().print("out");
                    response.flushBuffer();
                    try {
                        request.getSession();
                    } catch (IllegalStateException e) {
                        thrown.set(e);
                    }
                })
                .page("/empty-then-late", (request, response) -> {
                    HttpSession session = request.getSession();
                    response.flushBuffer();
                    try {
                        session.setAttribute("a", 1);
                    } catch (IllegalStateException e) {
                        thrown.set(e);
                    }
                })
                .page("/rotate-late", (request, response) -> {
                    request.getSession();
                    response.flushBuffer();
                    try {
                        request.changeSessionId();
                    } catch (IllegalStateException e) {
                        thrown.set(e);
                    }
                })
                .start();
        Browser browser = new Browser(site);
        assertThat(browser.body("/late")).isEqualTo("out");
        assertThat(thrown.getAndSet(null)).hasMessageContaining("committed");
        browser.body("/empty-then-late");
        assertThat(thrown.getAndSet(null)).hasMessageContaining("committed");
        assertThat(site.store.takeCalls()).isEmpty();
        browser.body("/count");
        browser.body("/rotate-late");
        assertThat(thrown.getAndSet(null)).hasMessageContaining("committed");
        assertThat(browser.body("/count")).isEqualTo("2");
    }

    @Test
    @DisplayName("M13: saved before a redirect, and before an error")
    void redirectAndError() throws Exception {
        site.page("/redirect", (request, response) -> {
                    count(request);
                    response.sendRedirect("/peek");
                })
                .page("/see-other", (request, response) -> {
                    count(request);
                    response.sendRedirect("/peek", 303);
                })
                .page("/error", (request, response) -> {
                    count(request);
                    response.sendError(418);
                })
                .start();
        Browser browser = new Browser(site);
        HttpResponse<String> redirect = browser.get("/redirect");
        assertThat(redirect.statusCode()).isEqualTo(302);
        assertThat(setCookies(redirect)).hasSize(1);
        assertThat(browser.body("/peek")).isEqualTo("1");
        assertThat(browser.get("/see-other").statusCode()).isEqualTo(303);
        assertThat(browser.body("/peek")).isEqualTo("2");
        assertThat(browser.get("/error").statusCode()).isEqualTo(418);
        assertThat(browser.body("/peek")).isEqualTo("3");

        HttpResponse<String> error = new Browser(site).get("/error");
        assertThat(error.statusCode()).isEqualTo(418);
        assertThat(setCookies(error)).hasSize(1);
    }

    @Test
    @DisplayName("M13: saved when the application throws, also seen by the error page")
    void exception() throws Exception {
        site.page("/throw", (request, response) -> {
                    count(request);
                    throw new IllegalArgumentException("the application's own");
                })
                .errorPage(
                        500,
                        "/sorry",
                        (request, response) -> response.getWriter().print("sorry"))
                .start();
        Browser browser = new Browser(site);
        HttpResponse<String> response = browser.get("/throw");
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).isEqualTo("sorry");
        assertThat(setCookies(response)).hasSize(1);
        assertThat(browser.body("/peek")).isEqualTo("1");
        browser.get("/throw");
        assertThat(browser.body("/peek")).isEqualTo("2");
    }

    @Test
    @DisplayName("M13: a forward saves once, whoever touched the session")
    void forward() throws Exception {
        site.page(
                        "/to-count",
                        (request, response) ->
                                request.getRequestDispatcher("/count").forward(request, response))
                .page("/to-plain", (request, response) -> {
                    count(request);
                    request.getRequestDispatcher("/plain").forward(request, response);
                })
                .page("/twice", (request, response) -> {
                    count(request);
                    request.getRequestDispatcher("/to-count").forward(request, response);
                })
                .start();
        for (String path : new String[] {"/to-count", "/to-plain", "/twice"}) {
            Browser browser = new Browser(site);
            HttpResponse<String> first = browser.get(path);
            assertThat(setCookies(first)).as(path).hasSize(1);
            assertThat(site.store.takeCalls()).as(path).containsExactly("create");
            assertThat(setCookies(browser.get(path))).as(path).isEmpty();
            assertThat(site.store.takeCalls()).as(path).containsExactly("load", "update");
            assertThat(browser.body("/peek")).as(path).isEqualTo(path.equals("/twice") ? "4" : "2");
            site.store.takeCalls();
        }
    }

    @Test
    @DisplayName(
            "M19: a log-out, and a session with a timeout of its own only, reach the client from the target of a forward")
    void forwardedCookies() throws Exception {
        site.page("/logout", (request, response) -> request.getSession().invalidate())
                .page("/timeout", (request, response) -> request.getSession().setMaxInactiveInterval(60))
                .page(
                        "/to-logout",
                        (request, response) ->
                                request.getRequestDispatcher("/logout").forward(request, response))
                .page(
                        "/to-timeout",
                        (request, response) ->
                                request.getRequestDispatcher("/timeout").forward(request, response))
                .start();
        Browser browser = new Browser(site);
        assertThat(setCookies(browser.get("/to-timeout"))).hasSize(1);
        assertThat(setCookies(browser.get("/to-logout"))).hasSize(1);
        assertThat(browser.cookie()).isEmpty();
        assertThat(site.store.size()).isZero();
    }

    @Test
    @DisplayName("M13: an include saves once, whoever touched the session")
    void include() throws Exception {
        site.page("/with-count", (request, response) -> {
                    response.getWriter().print("<");
                    request.getRequestDispatcher("/count").include(request, response);
                    response.getWriter().print(">");
                })
                .page("/with-plain", (request, response) -> {
                    count(request);
                    request.getRequestDispatcher("/plain").include(request, response);
                })
                .page("/big", (request, response) -> {
                    for (int i = 0; i < 100; i++) {
                        response.getWriter().print("x".repeat(1000));
                    }
                })
                .page("/with-big", (request, response) -> {
                    count(request);
                    request.getRequestDispatcher("/big").include(request, response);
                })
                .start();
        assertThat(new Browser(site).body("/with-count")).isEqualTo("<1>");
        site.store.takeCalls();
        for (String path : new String[] {"/with-count", "/with-plain", "/with-big"}) {
            Browser browser = new Browser(site);
            assertThat(setCookies(browser.get(path))).as(path).hasSize(1);
            assertThat(site.store.takeCalls()).as(path).containsExactly("create");
            assertThat(setCookies(browser.get(path))).as(path).isEmpty();
            assertThat(site.store.takeCalls()).as(path).containsExactly("load", "update");
        }
    }

    @Test
    @DisplayName("M13: an asynchronous request is saved when it completes")
    void async() throws Exception {
        site.page("/async", (request, response) -> {
                    AsyncContext context = request.startAsync();
                    context.start(() -> {
                        try {
                            int count = count(request);
                            context.getResponse().getWriter().print(count);
                        } catch (IOException e) {
                            throw new IllegalStateException(e);
                        }
                        context.complete();
                    });
                })
                .page("/async-own", (request, response) -> {
                    AsyncContext context = request.startAsync(request, response);
                    new Thread(() -> {
                                count((HttpServletRequest) context.getRequest());
                                request.getAsyncContext().complete();
                            })
                            .start();
                })
                .start();
        for (String path : new String[] {"/async", "/async-own"}) {
            Browser browser = new Browser(site);
            assertThat(setCookies(browser.get(path))).as(path).hasSize(1);
            assertThat(site.store.takeCalls()).as(path).containsExactly("create");
            assertThat(setCookies(browser.get(path))).as(path).isEmpty();
            assertThat(site.store.takeCalls()).as(path).containsExactly("load", "update");
            assertThat(browser.body("/peek")).isEqualTo("2");
            site.store.takeCalls();
        }
    }

    @Test
    @DisplayName("M13: an asynchronous dispatch is saved at its end")
    void asyncDispatch() throws Exception {
        site.page("/async-dispatch", (request, response) -> {
                    AsyncContext context = request.startAsync();
                    context.start(() -> context.dispatch("/count"));
                })
                .page("/count-then-dispatch", (request, response) -> {
                    count(request);
                    request.startAsync().dispatch("/plain");
                })
                .start();
        for (String path : new String[] {"/count-then-dispatch", "/async-dispatch"}) {
            Browser browser = new Browser(site);
            HttpResponse<String> first = browser.get(path);
            assertThat(first.statusCode()).as(path).isEqualTo(200);
            assertThat(setCookies(first)).as(path).hasSize(1);
            assertThat(setCookies(browser.get(path))).as(path).isEmpty();
            await().untilAsserted(
                            () -> assertThat(browser.body("/peek")).as(path).isEqualTo("2"));
        }
    }

    @Test
    @DisplayName("HEAD issues the cookie too")
    void head() throws Exception {
        site.start();
        Browser browser = new Browser(site);
        HttpResponse<String> response = browser.head("/count");
        assertThat(response.body()).isEmpty();
        assertThat(setCookies(response)).hasSize(1);
        assertThat(browser.body("/peek")).isEqualTo("1");
    }

    @Test
    @DisplayName("the content length reached commits the response, after the session was saved")
    void contentLength() throws Exception {
        site.page("/exact", (request, response) -> {
                    response.setContentLength(4);
                    count(request);
                    response.getWriter().print("four");
                })
                .page("/exact-header", (request, response) -> {
                    response.setHeader("Content-Length", "4");
                    count(request);
                    response.getOutputStream().write(new byte[] {'f', 'o', 'u', 'r'});
                })
                .page("/afterwards", (request, response) -> {
                    count(request);
                    response.getOutputStream().write(new byte[] {'f', 'o', 'u', 'r'});
                    response.setContentLengthLong(4);
                })
                .start();
        for (String path : new String[] {"/exact", "/exact-header", "/afterwards"}) {
            HttpResponse<String> response = new Browser(site).get(path);
            assertThat(response.body()).as(path).isEqualTo("four");
            assertThat(setCookies(response)).as(path).hasSize(1);
            assertThat(site.store.takeCalls()).as(path).containsExactly("create");
        }
    }

    @Test
    @DisplayName("a response closed by the application was saved first")
    void closed() throws Exception {
        site.page("/close-writer", (request, response) -> {
                    count(request);
                    response.getWriter().print("x");
                    response.getWriter().close();
                })
                .page("/close-stream", (request, response) -> {
                    count(request);
                    response.getOutputStream().close();
                })
                .page("/reset", (request, response) -> {
                    count(request);
                    response.getOutputStream().write(new byte[5000]);
                    response.reset();
                    response.setStatus(202);
                })
                .start();
        for (Map.Entry<String, Integer> page : Map.of("/close-writer", 200, "/close-stream", 200, "/reset", 202)
                .entrySet()) {
            HttpResponse<String> response = new Browser(site).get(page.getKey());
            assertThat(response.statusCode()).as(page.getKey()).isEqualTo(page.getValue());
            assertThat(setCookies(response)).as(page.getKey()).hasSize(1);
        }
    }
}
