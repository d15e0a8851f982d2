package dev.holdfast.demo.servlet;

import static dev.holdfast.demo.servlet.Visitor.setCookies;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.holdfast.session.SessionId;
import dev.holdfast.session.spi.Payload;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoredSession;
import jakarta.servlet.http.HttpSession;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The times of a session, its end, and what outlives a request. */
@ParameterizedClass(name = "{0}, {1}")
@MethodSource("dev.holdfast.demo.servlet.Everywhere#combinations")
class TimeRulesTest {

    private final Application application;
    private final Visitor visitor;

    TimeRulesTest(Container container, Backend backend) {
        application = new Application(container, backend);
        visitor = new Visitor(application);
    }

    @AfterEach
    void stop() {
        application.close();
    }

    private void begin() throws Exception {
        application.start();
        visitor.visit(request -> request.getSession().setAttribute("a", 1));
    }

    @Test
    @DisplayName("V34: the default timeout can be read, in seconds")
    void defaultTimeout() throws Exception {
        application.start();
        visitor.visit(request ->
                assertThat(request.getSession().getMaxInactiveInterval()).isEqualTo(1800));
    }

    @Test
    @DisplayName("V35: setMaxInactiveInterval changes this session's timeout, to seconds")
    void ownTimeout() throws Exception {
        begin();
        visitor.visit(request -> {
            request.getSession().setMaxInactiveInterval(90);
            assertThat(request.getSession().getMaxInactiveInterval()).isEqualTo(90);
        });
        visitor.visit(request ->
                assertThat(request.getSession().getMaxInactiveInterval()).isEqualTo(90));
        new Visitor(application)
                .visit(request -> assertThat(request.getSession().getMaxInactiveInterval())
                        .isEqualTo(1800));
        application.clock.advance(Duration.ofSeconds(91));
        visitor.visit(request -> assertThat(request.getSession(false)).isNull());
    }

    @Test
    @DisplayName("V36: with a timeout of zero or less the session never expires")
    void never() throws Exception {
        begin();
        for (int seconds : new int[] {0, -1}) {
            visitor.visit(request -> {
                request.getSession().setMaxInactiveInterval(seconds);
                assertThat(request.getSession().getMaxInactiveInterval()).isEqualTo(seconds);
            });
            application.clock.advance(Duration.ofDays(10_000));
            visitor.visit(request -> {
                assertThat(request.getSession().getAttribute("a")).isEqualTo(1);
                assertThat(request.getSession().getMaxInactiveInterval()).isNotPositive();
                request.getSession().setMaxInactiveInterval(60);
            });
        }
    }

    @Test
    @DisplayName("V37: once the timeout has passed no request sees the session")
    void expired() throws Exception {
        begin();
        String id = visitor.cookie();
        application.clock.advance(Duration.ofMinutes(31));
        visitor.visit(request -> {
            assertThat(request.getRequestedSessionId()).isEqualTo(id);
            assertThat(request.isRequestedSessionIdValid()).isFalse();
            assertThat(request.getSession(false)).isNull();
            HttpSession fresh = request.getSession();
            assertThat(fresh.isNew()).isTrue();
            assertThat(fresh.getId()).isNotEqualTo(id);
            assertThat(fresh.getAttribute("a")).isNull();
        });
    }

    @Test
    @DisplayName("V38: each access begins the timeout anew")
    void prolonged() throws Exception {
        begin();
        for (int i = 0; i < 4; i++) {
            application.clock.advance(Duration.ofMinutes(20));
            visitor.visit(request ->
                    assertThat(request.getSession().getAttribute("a")).isEqualTo(1));
        }
    }

    @Test
    @DisplayName("V39: getLastAccessedTime is when the request before this one came in")
    void lastAccess() throws Exception {
        long begun = application.clock.millis();
        begin();
        for (int i = 0; i < 3; i++) {
            long before = begun + Duration.ofMinutes(5L * i).toMillis();
            application.clock.advance(Duration.ofMinutes(5));
            visitor.visit(request ->
                    assertThat(request.getSession().getLastAccessedTime()).isEqualTo(before));
        }
    }

    @Test
    @DisplayName("V40: what the application does with the session does not change its time of access")
    void actionsAreNoAccess() throws Exception {
        long begun = application.clock.millis();
        begin();
        application.clock.advance(Duration.ofMinutes(5));
        visitor.visit(request -> {
            HttpSession session = request.getSession();
            session.setAttribute("a", 2);
            session.getAttribute("a");
            application.clock.advance(Duration.ofMinutes(1));
            session.setAttribute("b", 2);
            assertThat(session.getLastAccessedTime()).isEqualTo(begun);
        });
        visitor.visit(request -> assertThat(request.getSession().getLastAccessedTime())
                .isEqualTo(begun + Duration.ofMinutes(5).toMillis()));
    }

    @Test
    @DisplayName("V41: getCreationTime is when the session was begun, and stays")
    void creation() throws Exception {
        long begun = application.clock.millis();
        begin();
        application.clock.advance(Duration.ofMinutes(5));
        visitor.visit(request -> {
            assertThat(request.getSession().getCreationTime()).isEqualTo(begun);
            request.changeSessionId();
        });
        visitor.visit(
                request -> assertThat(request.getSession().getCreationTime()).isEqualTo(begun));
    }

    @Test
    @DisplayName("V42: on an invalidated session these methods are IllegalStateExceptions")
    void refusedAfterTheEnd() throws Exception {
        begin();
        visitor.visit(request -> {
            HttpSession session = request.getSession();
            session.invalidate();
            assertThatIllegalStateException().isThrownBy(session::getCreationTime);
            assertThatIllegalStateException().isThrownBy(session::getLastAccessedTime);
            assertThatIllegalStateException().isThrownBy(() -> session.getAttribute("a"));
            assertThatIllegalStateException().isThrownBy(session::getAttributeNames);
            assertThatIllegalStateException().isThrownBy(() -> session.setAttribute("a", 2));
            assertThatIllegalStateException().isThrownBy(() -> session.setAttribute("a", null));
            assertThatIllegalStateException().isThrownBy(() -> session.removeAttribute("a"));
            assertThatIllegalStateException().isThrownBy(session::invalidate);
            assertThatIllegalStateException().isThrownBy(session::isNew);
            assertThatIllegalStateException().isThrownBy(session::getAccessor);
        });
    }

    @Test
    @DisplayName("V43: on an invalidated session the other methods go on to answer")
    void answeredAfterTheEnd() throws Exception {
        begin();
        String id = visitor.cookie();
        visitor.visit(request -> {
            HttpSession session = request.getSession();
            session.invalidate();
            assertThat(session.getId()).isEqualTo(id);
            assertThat(session.getServletContext()).isNotNull();
            session.setMaxInactiveInterval(5);
            assertThat(session.getMaxInactiveInterval()).isEqualTo(1800);
        });
    }

    @Test
    @DisplayName("V44: after invalidate the request has no session, and may begin another one")
    void anotherAfterTheEnd() throws Exception {
        begin();
        String id = visitor.cookie();
        HttpResponse<String> response = visitor.visit(request -> {
            HttpSession old = request.getSession();
            old.invalidate();
            assertThat(request.getSession(false)).isNull();
            HttpSession fresh = request.getSession();
            assertThat(fresh).isNotSameAs(old);
            assertThat(fresh.isNew()).isTrue();
            assertThat(fresh.getId()).isNotEqualTo(id);
            assertThat(fresh.getAttributeNames().hasMoreElements()).isFalse();
            fresh.setAttribute("b", 2);
        });
        assertThat(setCookies(response)).hasSize(1);
        visitor.visit(request ->
                assertThat(request.getSession(false).getAttribute("b")).isEqualTo(2));
    }

    @Test
    @DisplayName("V45, M19: an invalidated session is gone for every request, and the client is told to forget its id")
    void goneForAll() throws Exception {
        begin();
        String id = visitor.cookie();
        HttpResponse<String> response =
                visitor.visit(request -> request.getSession().invalidate());
        assertThat(setCookies(response)).singleElement().asString().contains("Max-Age=0");
        assertThat(visitor.cookie()).isEmpty();
        new Visitor(application)
                .with("session", id)
                .visit(request -> assertThat(request.getSession(false)).isNull());
    }

    @Test
    @DisplayName(
            "S35: the answer that ends a session clears site data if the filter says so, unless another one begins")
    void clearSiteData() throws Exception {
        application.filter(filter -> filter.clearSiteData("cache", "cookies")).start();
        HttpResponse<String> begun =
                visitor.visit(request -> request.getSession().setAttribute("a", 1));
        assertThat(begun.headers().firstValue("Clear-Site-Data")).isEmpty();
        HttpResponse<String> replaced = visitor.act((request, response) -> {
            request.getSession().invalidate();
            response.getOutputStream().write(new byte[2_000]);
            request.getSession().setAttribute("a", 2);
        });
        assertThat(replaced.headers().firstValue("Clear-Site-Data")).isEmpty();
        HttpResponse<String> ended =
                visitor.visit(request -> request.getSession().invalidate());
        assertThat(ended.headers().firstValue("Clear-Site-Data")).hasValue("\"cache\", \"cookies\"");
        assertThat(visitor.visit(request -> {}).headers().firstValue("Clear-Site-Data"))
                .isEmpty();
    }

    @Test
    @DisplayName("V46: an accessor reaches the session outside of a request, as a request would")
    void accessor() throws Exception {
        List<HttpSession.Accessor> accessors = new ArrayList<>();
        begin();
        visitor.visit(request -> accessors.add(request.getSession().getAccessor()));
        application.clock.advance(Duration.ofMinutes(20));
        accessors.get(0).access(session -> {
            assertThat(session.getAttribute("a")).isEqualTo(1);
            session.setAttribute("a", 2);
        });
        application.clock.advance(Duration.ofMinutes(20));
        visitor.visit(
                request -> assertThat(request.getSession().getAttribute("a")).isEqualTo(2));
    }

    @Test
    @DisplayName(
            "V47: an accessor of a session that has ended is an IllegalStateException, one whose id changed is not")
    void accessorAfterTheEnd() throws Exception {
        List<HttpSession.Accessor> accessors = new ArrayList<>();
        begin();
        visitor.visit(request -> {
            accessors.add(request.getSession().getAccessor());
            request.changeSessionId();
        });
        accessors.get(0).access(session -> session.setAttribute("a", 3));
        visitor.visit(request -> {
            assertThat(request.getSession().getAttribute("a")).isEqualTo(3);
            request.getSession().invalidate();
        });
        assertThatIllegalStateException().isThrownBy(() -> accessors.get(0).access(session -> {}));
    }

    @Test
    @DisplayName("V70: a log-out also ends a session that can't be read, and takes the client's id back")
    void unreadable() throws Exception {
        begin();
        SessionStore store = application.sessions.store();
        SessionKey key = SessionId.parse(visitor.cookie()).orElseThrow().key();
        StoredSession record = store.load(key).orElseThrow();
        store.update(record.withPayload(Payload.wrap(new byte[] {99})), record.version());
        visitor.visit(request -> assertThat(request.getSession(false)).isNull());
        assertThat(store.load(key)).isPresent();
        HttpResponse<String> response =
                visitor.visit(request -> request.getSession().invalidate());
        assertThat(setCookies(response)).singleElement().asString().contains("Max-Age=0");
        assertThat(store.load(key)).isEmpty();
    }
}
