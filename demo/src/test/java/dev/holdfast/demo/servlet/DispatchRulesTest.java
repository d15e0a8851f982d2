package dev.holdfast.demo.servlet;

import static dev.holdfast.demo.servlet.Visitor.setCookies;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.holdfast.session.Sessions;
import dev.holdfast.session.http.CookieSettings;
import dev.holdfast.session.http.servlet.SessionFilter;
import dev.holdfast.session.memory.MemorySessionStore;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The session is the same in every dispatch of a request, and saved, with one cookie, before the answer is sent. */
@ParameterizedClass(name = "{0}, {1}")
@MethodSource("dev.holdfast.demo.servlet.Everywhere#combinations")
class DispatchRulesTest {

    private static final byte[] LARGE = "x".repeat(300_000).getBytes(StandardCharsets.US_ASCII);

    private final Application application;

    DispatchRulesTest(Container container, Backend backend) {
        application = new Application(container, backend)
                .page("/count", (request, response) -> response.getWriter().print(count(request)))
                .page("/peek", (request, response) -> response.getWriter().print(peek(request)))
                .page("/error-page", (request, response) -> response.getWriter().print("error page " + peek(request)));
    }

    @AfterEach
    void stop() {
        application.close();
    }

    private static int count(HttpServletRequest request) {
        HttpSession session = request.getSession();
        int count = session.getAttribute("count") instanceof Integer before ? before + 1 : 1;
        session.setAttribute("count", count);
        return count;
    }

    private static String peek(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        return session == null ? "none" : String.valueOf(session.getAttribute("count"));
    }

    /** The action counts once: in a new session first, then in the one that it has begun. */
    private HttpResponse<String> countsOnce(int status, Application.Page action) throws Exception {
        application.page("/counting", action).start();
        Visitor visitor = new Visitor(application);
        HttpResponse<String> first = visitor.send("GET", "/counting");
        assertThat(first.statusCode()).isEqualTo(status);
        assertThat(setCookies(first)).hasSize(1);
        assertThat(visitor.send("GET", "/peek").body()).isEqualTo("1");
        HttpResponse<String> second = visitor.send("GET", "/counting");
        assertThat(second.statusCode()).isEqualTo(status);
        assertThat(setCookies(second)).isEmpty();
        assertThat(visitor.send("GET", "/peek").body()).isEqualTo("2");
        return first;
    }

    @Test
    @DisplayName("V48, R52: saved before a body that is larger than the buffer")
    void largeBody() throws Exception {
        assertThat(countsOnce(200, (request, response) -> {
                            count(request);
                            response.getOutputStream().write(LARGE);
                        })
                        .body())
                .hasSize(LARGE.length);
    }

    @Test
    @DisplayName("V49, R52: saved before a flush, and what is changed after it at the end")
    void flush() throws Exception {
        countsOnce(200, (request, response) -> {
            HttpSession session = request.getSession();
            session.setAttribute("begun", true);
            response.getWriter().print("begin");
            response.flushBuffer();
            count(request);
        });
    }

    @Test
    @DisplayName("V50, R52: saved before a redirect is sent")
    void redirect() throws Exception {
        countsOnce(302, (request, response) -> {
            count(request);
            response.sendRedirect("/peek");
        });
    }

    @Test
    @DisplayName("V51, R52: saved before an error is sent, and the error page has the session")
    void error() throws Exception {
        assertThat(countsOnce(Container.TEAPOT, (request, response) -> {
                            count(request);
                            response.sendError(Container.TEAPOT);
                        })
                        .body())
                .isEqualTo("error page 1");
    }

    @Test
    @DisplayName("V52, R52: saved when the application throws")
    void exception() throws Exception {
        countsOnce(500, (request, response) -> {
            count(request);
            throw new IllegalArgumentException("the application's own");
        });
    }

    @Test
    @DisplayName("V53, R52: the target of a forward has the session of the request")
    void forward() throws Exception {
        assertThat(countsOnce(200, (request, response) -> {
                            request.getSession();
                            request.getRequestDispatcher("/count").forward(request, response);
                        })
                        .body())
                .isEqualTo("1");
    }

    @Test
    @DisplayName("V54, R52: the target of an include has the session of the request")
    void include() throws Exception {
        assertThat(countsOnce(200, (request, response) -> {
                            response.getWriter().print("<");
                            request.getRequestDispatcher("/count").include(request, response);
                            response.getWriter().print(">");
                        })
                        .body())
                .isEqualTo("<1>");
    }

    @Test
    @DisplayName("V55, R52: a forward by the context, by path and by the servlet's name, has the session too")
    void contextDispatchers() throws Exception {
        application.page(
                "/by-name",
                (request, response) ->
                        request.getServletContext().getNamedDispatcher("/count").forward(request, response));
        countsOnce(
                200,
                (request, response) -> request.getServletContext()
                        .getRequestDispatcher("/by-name")
                        .forward(request, response));
    }

    @Test
    @DisplayName("V56, R52: a log-out in the target of a forward reaches the client")
    void forwardedLogout() throws Exception {
        application
                .page("/logout", (request, response) -> request.getSession().invalidate())
                .page(
                        "/to-logout",
                        (request, response) ->
                                request.getRequestDispatcher("/logout").forward(request, response))
                .start();
        Visitor visitor = new Visitor(application);
        visitor.send("GET", "/count");
        assertThat(setCookies(visitor.send("GET", "/to-logout")))
                .singleElement()
                .asString()
                .contains("Max-Age=0");
        assertThat(visitor.send("GET", "/peek").body()).isEqualTo("none");
    }

    @Test
    @DisplayName("V57, R52: an asynchronous request is saved when it completes")
    void async() throws Exception {
        assertThat(countsOnce(200, (request, response) -> {
                            AsyncContext context = request.startAsync();
                            context.start(() -> {
                                int count = count(request);
                                try {
                                    context.getResponse().getWriter().print(count);
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                }
                                context.complete();
                            });
                        })
                        .body())
                .isEqualTo("1");
    }

    @Test
    @DisplayName("V58, R52: the target of an asynchronous dispatch has the session of the request")
    void asyncDispatch() throws Exception {
        assertThat(countsOnce(200, (request, response) -> {
                            AsyncContext context = request.startAsync();
                            context.start(() -> context.dispatch("/count"));
                        })
                        .body())
                .isEqualTo("1");
    }

    @Test
    @DisplayName("V59, R52: HEAD has the session, and the cookie")
    void head() throws Exception {
        application.start();
        Visitor visitor = new Visitor(application);
        assertThat(setCookies(visitor.send("HEAD", "/count"))).hasSize(1);
        assertThat(visitor.send("GET", "/peek").body()).isEqualTo("1");
    }

    @Test
    @DisplayName("V60: filters behind this one may wrap request and response")
    void otherFilters() throws Exception {
        application.more(context -> context.addFilter("wrapping", (request, response, chain) -> {
                    HttpServletRequest inner = (HttpServletRequest) request;
                    count(inner);
                    chain.doFilter(
                            new jakarta.servlet.http.HttpServletRequestWrapper(inner),
                            new HttpServletResponseWrapper((HttpServletResponse) response));
                })
                .addMappingForUrlPatterns(null, true, "/counting"));
        countsOnce(200, (request, response) -> {
            assertThat(request.getSession().getAttribute("count")).isNotNull();
            response.getOutputStream().write(LARGE);
        });
    }

    @Test
    @DisplayName("V61: of two session filters the inner one's sessions are the application's, and both keep their own")
    void nestedFilters() throws Exception {
        try (MemorySessionStore store = MemorySessionStore.create();
                Sessions inner = Sessions.create(store)) {
            CookieSettings cookie =
                    CookieSettings.builder().name("inner").secure(false).build();
            application.more(context -> {
                context.addFilter("between", (request, response, chain) -> {
                            count((HttpServletRequest) request);
                            chain.doFilter(request, response);
                        })
                        .addMappingForUrlPatterns(null, true, "/*");
                context.addFilter(
                                "inner",
                                SessionFilter.builder(inner).cookie(cookie).build())
                        .addMappingForUrlPatterns(null, true, "/*");
            });
            application.start();
            Visitor visitor = new Visitor(application);
            assertThat(setCookies(visitor.send("GET", "/count"))).hasSize(2);
            HttpResponse<String> second = visitor.act((request, response) -> {
                assertThat(request.getSession().getAttribute("count")).isEqualTo(1);
                assertThat(request.getRequestedSessionId()).isNotEqualTo(visitor.cookie());
            });
            assertThat(setCookies(second)).isEmpty();
        }
    }

    @Test
    @DisplayName("V62, M7: paths may be excluded, read only, or begin a session by themselves")
    void paths() throws Exception {
        application
                .filter(filter ->
                        filter.exclude("/static/*", "*.css").readOnly("/read").autoStart("/start", "/read"))
                .page("/read", (request, response) -> {
                    assertThat(request.getSession().getAttribute("count")).isEqualTo(1);
                    assertThatIllegalStateException()
                            .isThrownBy(() -> request.getSession().setAttribute("count", 5));
                    assertThatIllegalStateException().isThrownBy(request::changeSessionId);
                    response.getWriter().print("read");
                })
                .page("/start", (request, response) -> response.getWriter().print("nothing asked"))
                .page("/static/*", DispatchRulesTest::hasNoSession)
                .page("/site.css", DispatchRulesTest::hasNoSession)
                .start();
        Visitor visitor = new Visitor(application);
        assertThat(setCookies(visitor.send("GET", "/start"))).hasSize(1);
        assertThat(setCookies(visitor.send("GET", "/start"))).isEmpty();
        assertThat(visitor.send("GET", "/count").body()).isEqualTo("1");
        assertThat(visitor.send("GET", "/read").body()).isEqualTo("read");
        assertThat(visitor.send("GET", "/peek").body()).isEqualTo("1");
        for (String path : new String[] {"/static", "/static/a/b", "/site.css"}) {
            HttpResponse<String> response = visitor.send("GET", path);
            assertThat(response.body()).as(path).isEqualTo("no session");
            assertThat(setCookies(response)).isEmpty();
        }
    }

    @Test
    @DisplayName("V71: a response that is reset after the session was saved has its cookie nevertheless")
    void reset() throws Exception {
        assertThat(countsOnce(200, (request, response) -> {
                            count(request);
                            response.getOutputStream().write(new byte[5_000]);
                            response.reset();
                            response.getWriter().print("again");
                        })
                        .body())
                .isEqualTo("again");
    }

    @Test
    @DisplayName("V72: what is included after the commit may use the session, and begin none")
    void includeAfterCommit() throws Exception {
        application.start();
        Visitor visitor = new Visitor(application);
        visitor.act((request, response) -> {
            response.flushBuffer();
            assertThatIllegalStateException()
                    .isThrownBy(() -> request.getRequestDispatcher("/count").include(request, response));
            assertThat(request.getSession(false)).isNull();
        });
        visitor.send("GET", "/count");
        HttpResponse<String> second = visitor.act((request, response) -> {
            response.flushBuffer();
            request.getRequestDispatcher("/count").include(request, response);
        });
        assertThat(second.body()).isEqualTo("2");
        assertThat(visitor.send("GET", "/peek").body()).isEqualTo("2");
    }

    private static void hasNoSession(HttpServletRequest request, HttpServletResponse response) throws IOException {
        assertThat(request.getSession(false)).isNull();
        assertThatIllegalStateException().isThrownBy(request::getSession);
        assertThatIllegalStateException().isThrownBy(() -> request.getSession(true));
        assertThatIllegalStateException().isThrownBy(request::changeSessionId);
        assertThat(request.getRequestedSessionId()).isNull();
        assertThat(request.isRequestedSessionIdValid()).isFalse();
        assertThat(request.isRequestedSessionIdFromCookie()).isFalse();
        assertThat(request.isRequestedSessionIdFromURL()).isFalse();
        response.getWriter().print("no session");
    }
}
