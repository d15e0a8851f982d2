package dev.holdfast.demo.servlet;

import static dev.holdfast.demo.servlet.Visitor.setCookies;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.holdfast.session.http.CookieSettings;
import dev.holdfast.session.http.UrlTransport;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.net.http.HttpResponse;
import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** How sessions are tracked, begun, named and scoped. */
@ParameterizedClass(name = "{0}, {1}")
@MethodSource("dev.holdfast.demo.servlet.Everywhere#combinations")
class CreationRulesTest {

    private final Container container;
    private final Backend backend;
    private final Application application;
    private final Visitor visitor;

    CreationRulesTest(Container container, Backend backend) {
        this.container = container;
        this.backend = backend;
        application = new Application(container, backend);
        visitor = new Visitor(application);
    }

    @AfterEach
    void stop() {
        application.close();
    }

    private String idSeenByNextRequest() throws Exception {
        List<String> ids = new ArrayList<>();
        visitor.visit(request -> ids.add(request.getSession().getId()));
        return ids.get(0);
    }

    @Test
    @DisplayName("V1, M1: a cookie that the client returns associates its requests with one session")
    void cookie() throws Exception {
        application.start();
        HttpResponse<String> first =
                visitor.visit(request -> request.getSession().setAttribute("a", 1));
        assertThat(setCookies(first)).hasSize(1);
        HttpResponse<String> second = visitor.visit(
                request -> assertThat(request.getSession().getAttribute("a")).isEqualTo(1));
        assertThat(setCookies(second)).isEmpty();
    }

    @Test
    @DisplayName("V2: the cookie's name can be configured, JSESSIONID included, and the container's own is not there")
    void cookieName() throws Exception {
        application
                .filter(filter -> filter.cookie(CookieSettings.builder()
                        .name("JSESSIONID")
                        .secure(false)
                        .build()))
                .start();
        HttpResponse<String> response =
                visitor.visit(request -> request.getSession().setAttribute("a", 1));
        assertThat(setCookies(response)).singleElement().asString().startsWith("JSESSIONID=");
        visitor.visit(request ->
                assertThat(request.getSession(false).getAttribute("a")).isEqualTo(1));
    }

    @Test
    @DisplayName("V3: whether the cookie is HttpOnly can be configured")
    void httpOnly() throws Exception {
        application.start();
        assertThat(setCookies(visitor.visit(request -> request.getSession().setAttribute("a", 1))))
                .singleElement()
                .asString()
                .contains("HttpOnly");
        try (Application open = new Application(container, backend)
                .filter(filter -> filter.cookie(CookieSettings.builder()
                        .name("session")
                        .secure(false)
                        .httpOnly(false)
                        .build()))
                .start()) {
            assertThat(setCookies(new Visitor(open)
                            .visit(request -> request.getSession().setAttribute("a", 1))))
                    .singleElement()
                    .asString()
                    .doesNotContain("HttpOnly");
        }
    }

    @Test
    @DisplayName(
            "V4: without a transport that puts ids into URLs encodeURL and encodeRedirectURL leave them as they are")
    void encodeUrl() throws Exception {
        application.start();
        visitor.act((request, response) -> {
            request.getSession().setAttribute("a", 1);
            for (String url : new String[] {"", "/a", "a?b=c#d", "http://example.org/a", "#a"}) {
                assertThat(response.encodeURL(url)).isEqualTo(url);
                assertThat(response.encodeRedirectURL(url)).isEqualTo(url);
            }
        });
    }

    @Test
    @DisplayName("V5: getSession(false) is null when there is no session")
    void noSession() throws Exception {
        application.start();
        HttpResponse<String> response =
                visitor.visit(request -> assertThat(request.getSession(false)).isNull());
        assertThat(setCookies(response)).isEmpty();
    }

    @Test
    @DisplayName("V6: getSession() and getSession(true) begin a session, which is the request's from then on")
    void begin() throws Exception {
        application.start();
        visitor.visit(request -> {
            HttpSession session = request.getSession(true);
            assertThat(session).isNotNull();
            assertThat(request.getSession()).isSameAs(session);
            assertThat(request.getSession(true)).isSameAs(session);
            assertThat(request.getSession(false)).isSameAs(session);
        });
        visitor.visit(request -> assertThat(request.getSession()).isNotNull());
    }

    @Test
    @DisplayName("V7: a session is new until the client joins it")
    void isNew() throws Exception {
        application.start();
        visitor.visit(request -> {
            HttpSession session = request.getSession();
            assertThat(session.isNew()).isTrue();
            session.setAttribute("a", 1);
            assertThat(session.isNew()).isTrue();
        });
        visitor.visit(request -> assertThat(request.getSession(false).isNew()).isFalse());
        visitor.visit(request -> assertThat(request.getSession(true).isNew()).isFalse());
    }

    @Test
    @DisplayName("V8: a client that does not join has another session each time, and each is new")
    void neverJoins() throws Exception {
        application.start();
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            visitor.forget().visit(request -> {
                request.getSession().setAttribute("a", 1);
                assertThat(request.getSession().isNew()).isTrue();
                ids.add(request.getSession().getId());
            });
        }
        assertThat(ids).hasSize(3);
    }

    @Test
    @DisplayName("V9: the id is the session's own, and stays the same")
    void id() throws Exception {
        application.start();
        visitor.visit(request -> request.getSession().setAttribute("a", 1));
        String id = idSeenByNextRequest();
        assertThat(id).isNotBlank().isEqualTo(idSeenByNextRequest()).isEqualTo(visitor.cookie());
        Visitor other = new Visitor(application);
        other.visit(request -> {
            request.getSession().setAttribute("a", 1);
            assertThat(request.getSession().getId()).isNotEqualTo(id);
        });
    }

    @Test
    @DisplayName("V10: a session that was begun, and holds nothing, is there for the next request")
    void empty() throws Exception {
        application.start();
        AtomicReference<String> id = new AtomicReference<>();
        assertThat(setCookies(
                        visitor.visit(request -> id.set(request.getSession().getId()))))
                .hasSize(1);
        assertThat(setCookies(visitor.visit(request -> {
                    assertThat(request.getSession(false)).isNotNull();
                    assertThat(request.getSession().isNew()).isFalse();
                    assertThat(request.getSession().getId()).isEqualTo(id.get());
                    assertThat(request.isRequestedSessionIdValid()).isTrue();
                    request.getSession().setMaxInactiveInterval(60);
                })))
                .isEmpty();
        application.clock.advance(Duration.ofSeconds(59));
        visitor.visit(request ->
                assertThat(request.getSession(false).getMaxInactiveInterval()).isEqualTo(60));
        assertThat(setCookies(new Visitor(application).visit(request -> request.getSession(false))))
                .as("a request that begins none")
                .isEmpty();
    }

    @Test
    @DisplayName("V11, M7: with keepEmpty(false) one that holds nothing is a prospect only: no cookie, and new again")
    void emptyIsProspective() throws Exception {
        application.filter(filter -> filter.keepEmpty(false)).start();
        assertThat(setCookies(visitor.visit(HttpServletRequest::getSession))).isEmpty();
        visitor.visit(request -> {
            assertThat(request.getSession(false)).isNull();
            assertThat(request.getSession().isNew()).isTrue();
            request.getSession().setMaxInactiveInterval(60);
        });
        visitor.visit(request -> assertThat(request.getSession(false))
                .as("one with a timeout of its own holds something")
                .isNotNull());
    }

    @Test
    @DisplayName("V12: beginning a session after the response was committed is an IllegalStateException")
    void committed() throws Exception {
        application.start();
        visitor.act((request, response) -> {
            response.flushBuffer();
            assertThatIllegalStateException().isThrownBy(request::getSession);
            assertThatIllegalStateException().isThrownBy(() -> request.getSession(true));
            assertThat(request.getSession(false)).isNull();
        });
        visitor.visit(request -> request.getSession().setAttribute("a", 1));
        visitor.act((request, response) -> {
            response.flushBuffer();
            assertThat(request.getSession().getAttribute("a")).isEqualTo(1);
            request.getSession().setAttribute("a", 2);
        });
        visitor.visit(
                request -> assertThat(request.getSession().getAttribute("a")).isEqualTo(2));
    }

    @Test
    @DisplayName("V13: changeSessionId gives the session another id and leaves the rest; without a session it fails")
    void changeSessionId() throws Exception {
        application.start();
        visitor.visit(request -> {
            assertThatIllegalStateException().isThrownBy(request::changeSessionId);
            request.getSession().setAttribute("a", 1);
        });
        String before = visitor.cookie();
        application.clock.advance(Duration.ofMinutes(1));
        HttpResponse<String> response = visitor.visit(request -> {
            HttpSession session = request.getSession();
            long created = session.getCreationTime();
            String id = request.changeSessionId();
            assertThat(id).isNotEqualTo(before).isEqualTo(session.getId());
            assertThat(request.getSession()).isSameAs(session);
            assertThat(session.getAttribute("a")).isEqualTo(1);
            assertThat(session.getCreationTime()).isEqualTo(created);
            assertThat(session.isNew()).isFalse();
        });
        assertThat(setCookies(response)).hasSize(1);
        assertThat(idSeenByNextRequest()).isEqualTo(visitor.cookie()).isNotEqualTo(before);
        new Visitor(application)
                .with("session", before)
                .visit(request -> assertThat(request.getSession(false)).isNull());
    }

    @Test
    @DisplayName("V14: the requested id is what the client sent, whether or not it names a session")
    void requestedId() throws Exception {
        application.start();
        visitor.visit(request -> {
            assertThat(request.getRequestedSessionId()).isNull();
            assertThat(request.isRequestedSessionIdFromCookie()).isFalse();
            assertThat(request.isRequestedSessionIdFromURL()).isFalse();
            request.getSession().setAttribute("a", 1);
            assertThat(request.getRequestedSessionId()).isNull();
        });
        String id = visitor.cookie();
        visitor.visit(request -> {
            assertThat(request.getRequestedSessionId()).isEqualTo(id);
            assertThat(request.isRequestedSessionIdFromCookie()).isTrue();
            assertThat(request.isRequestedSessionIdFromURL()).isFalse();
            request.changeSessionId();
            assertThat(request.getRequestedSessionId()).isEqualTo(id);
        });
        visitor.with("session", "unknown").visit(request -> {
            assertThat(request.getRequestedSessionId()).isEqualTo("unknown");
            assertThat(request.isRequestedSessionIdFromCookie()).isTrue();
            assertThat(request.getSession(false)).isNull();
        });
    }

    @Test
    @DisplayName("V15: the requested id is valid if it names the live session of the request")
    void requestedIdIsValid() throws Exception {
        application.start();
        visitor.visit(request -> {
            assertThat(request.isRequestedSessionIdValid()).isFalse();
            request.getSession().setAttribute("a", 1);
            assertThat(request.isRequestedSessionIdValid())
                    .as("the client does not know it yet")
                    .isFalse();
        });
        visitor.visit(request -> assertThat(request.isRequestedSessionIdValid()).isTrue());
        visitor.visit(request -> {
            assertThat(request.isRequestedSessionIdValid()).isTrue();
            request.getSession().invalidate();
            assertThat(request.isRequestedSessionIdValid()).isFalse();
        });
        visitor.with("session", "unknown")
                .visit(request ->
                        assertThat(request.isRequestedSessionIdValid()).isFalse());
    }

    @Test
    @DisplayName("V16: an application does not see the attributes of another one's session, not even by its id")
    void scope() throws Exception {
        application.start();
        visitor.visit(request -> request.getSession().setAttribute("a", 1));
        try (Application other = new Application(container, backend).start()) {
            new Visitor(other).with("session", visitor.cookie()).visit(request -> {
                assertThat(request.getSession(false)).isNull();
                assertThat(request.getSession().getAttribute("a")).isNull();
            });
        }
    }

    @Test
    @DisplayName("V17: the session tells the context that it belongs to")
    void context() throws Exception {
        application.start();
        visitor.visit(request -> {
            HttpSession session = request.getSession();
            assertThat(session.getServletContext()).isSameAs(request.getServletContext());
            session.invalidate();
            assertThat(session.getServletContext()).isSameAs(request.getServletContext());
        });
    }

    @Test
    @DisplayName("V18: all windows of a client take part in the same session")
    void windows() throws Exception {
        application.start();
        visitor.visit(request -> request.getSession().setAttribute("a", 1));
        Visitor window = new Visitor(application).with("session", visitor.cookie());
        window.visit(request -> request.getSession().setAttribute("b", 2));
        visitor.visit(request -> {
            assertThat(request.getSession().getAttribute("a")).isEqualTo(1);
            assertThat(request.getSession().getAttribute("b")).isEqualTo(2);
        });
    }

    @Test
    @DisplayName(
            "V63: where ids travel as path parameters, encodeURL adds them, and a client without cookies has its session")
    void urlRewriting() throws Exception {
        application.filter(filter -> filter.transport(UrlTransport.path("sid"))).start();
        List<String> links = new ArrayList<>();
        HttpResponse<String> first = visitor.act((request, response) -> {
            assertThat(response.encodeURL("/next")).isEqualTo("/next");
            request.getSession().setAttribute("a", 1);
            links.add(response.encodeURL("/next"));
            assertThat(response.encodeRedirectURL("/next")).isEqualTo(links.get(0));
            assertThat(response.encodeURL("http://example.org/")).isEqualTo("http://example.org/");
        });
        assertThat(setCookies(first)).isEmpty();
        assertThat(links.get(0)).startsWith("/next;sid=");
        visitor.act(links.get(0), (request, response) -> {
            assertThat(request.getSession(false).getAttribute("a")).isEqualTo(1);
            assertThat(request.isRequestedSessionIdValid()).isTrue();
            assertThat(request.isRequestedSessionIdFromURL()).isTrue();
            assertThat(request.isRequestedSessionIdFromCookie()).isFalse();
            assertThat(links.get(0)).endsWith(request.getRequestedSessionId());
        });
    }

    @Test
    @DisplayName("V64, S14: each node of an application has the session, and on none is an id good that was changed")
    void nodes() throws Exception {
        application.start();
        visitor.visit(request -> request.getSession().setAttribute("a", 1));
        String before = visitor.cookie();
        try (Application node = application.node().start()) {
            Visitor there = new Visitor(node).with("session", before);
            there.visit(request -> {
                assertThat(request.getSession().getAttribute("a")).isEqualTo(1);
                request.changeSessionId();
                request.getSession().setAttribute("b", 2);
            });
            new Visitor(application)
                    .with("session", there.cookie())
                    .visit(request ->
                            assertThat(request.getSession().getAttribute("b")).isEqualTo(2));
            for (Application each : new Application[] {application, node}) {
                new Visitor(each)
                        .with("session", before)
                        .visit(request -> assertThat(request.getSession(false)).isNull());
            }
        }
    }

    @Test
    @DisplayName("V65, S14: a log-in by the container gives the session another id, and begins none")
    void containerLogin() throws Exception {
        application
                .before(context -> context.addFilter(
                                "realm",
                                (request, response, chain) ->
                                        chain.doFilter(new Realm((HttpServletRequest) request), response))
                        .addMappingForUrlPatterns(null, false, "/*"))
                .start();
        assertThat(setCookies(visitor.visit(request -> request.login("alice", "secret"))))
                .isEmpty();
        visitor.visit(request -> request.getSession().setAttribute("a", 1));
        String before = visitor.cookie();
        visitor.visit(request -> {
            assertThatExceptionOfType(ServletException.class).isThrownBy(() -> request.login("alice", "wrong"));
            assertThat(request.getSession().getId()).isEqualTo(before);
            request.login("alice", "secret");
            assertThat(request.getSession().getId()).isNotEqualTo(before);
            assertThat(request.getSession().getAttribute("a")).isEqualTo(1);
        });
        String second = visitor.cookie();
        assertThat(second).isNotEqualTo(before);
        visitor.act((request, response) -> {
            assertThat(request.authenticate(response)).isTrue();
            assertThat(request.getSession().getId()).isNotEqualTo(second);
            String third = request.getSession().getId();
            assertThat(request.authenticate(response)).isTrue();
            assertThat(request.getSession().getId()).as("known already").isEqualTo(third);
            request.logout();
            assertThat(request.getSession(false)).as("the session goes on").isNotNull();
        });
    }

    /** A container that knows one user. */
    private static final class Realm extends HttpServletRequestWrapper {

        private @Nullable Principal user;

        Realm(HttpServletRequest request) {
            super(request);
        }

        @Override
        public void login(String name, String password) throws ServletException {
            if (!password.equals("secret")) {
                throw new ServletException("wrong password");
            }
            user = () -> name;
        }

        @Override
        public boolean authenticate(HttpServletResponse response) {
            user = () -> "alice";
            return true;
        }

        @Override
        public void logout() {
            user = null;
        }

        @Override
        public @Nullable Principal getUserPrincipal() {
            return user;
        }
    }
}
