package dev.holdfast.session.http.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.holdfast.session.Session;
import dev.holdfast.session.http.CookieSettings;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What the Servlet specification says of a session, in both containers. */
@ParameterizedClass
@EnumSource(Server.class)
class HttpSessionTest {

    private final Site site;
    private final Browser browser;
    private volatile Consumer<HttpServletRequest> next = request -> {};

    HttpSessionTest(Server server) {
        site = new Site(server, true).page("/", (request, response) -> {
            next.accept(request);
            response.getWriter().print("done");
        });
        browser = new Browser(site);
    }

    @AfterEach
    void stop() {
        site.close();
    }

    private HttpResponse<String> request(Consumer<HttpServletRequest> action) throws Exception {
        AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
        next = request -> {
            try {
                action.accept(request);
            } catch (RuntimeException | AssertionError e) {
                thrown.set(e);
            }
        };
        HttpResponse<String> response = browser.get("/");
        if (thrown.get() != null) {
            throw new AssertionError("in the request", thrown.get());
        }
        return response;
    }

    @Test
    @DisplayName("M8: attributes are set, read, listed and removed")
    void attributes() throws Exception {
        site.start();
        request(request -> {
            HttpSession session = request.getSession();
            session.setAttribute("a", 1);
            session.setAttribute("b", List.of("x", "y"));
            assertThat(session.getAttribute("a")).isEqualTo(1);
            assertThat(Collections.list(session.getAttributeNames())).containsExactlyInAnyOrder("a", "b");
        });
        request(request -> {
            HttpSession session = request.getSession();
            assertThat(session.getAttribute("b")).isEqualTo(List.of("x", "y"));
            session.setAttribute("a", null);
            session.removeAttribute("b");
            session.removeAttribute("never there");
            assertThat(session.getAttribute("a")).isNull();
        });
        request(request -> assertThat(request.getSession().getAttributeNames().hasMoreElements())
                .isFalse());
    }

    @Test
    @DisplayName("a value that can't be stored is an IllegalArgumentException at once")
    void unencodable() throws Exception {
        site.start();
        request(request -> assertThatIllegalArgumentException()
                .isThrownBy(() -> request.getSession().setAttribute("thread", new Thread()))
                .withMessageContaining("java.lang.Thread"));
    }

    @Test
    @DisplayName("one request has one session object, and a null or new one until there is something")
    void sameObject() throws Exception {
        site.start();
        request(request -> {
            assertThat(request.getSession(false)).isNull();
            HttpSession session = request.getSession();
            assertThat(session.isNew()).isTrue();
            assertThat(request.getSession()).isSameAs(session);
            assertThat(request.getSession(false)).isSameAs(session);
            assertThat(session.getServletContext()).isSameAs(request.getServletContext());
            session.setAttribute("a", 1);
            assertThat(session.isNew()).isTrue();
        });
        request(request -> assertThat(request.getSession().isNew()).isFalse());
    }

    @Test
    @DisplayName("times: creation stays, last access is the request before")
    void times() throws Exception {
        site.start();
        long begun = site.clock.millis();
        request(request -> {
            request.getSession().setAttribute("a", 1);
            assertThat(request.getSession().getCreationTime()).isEqualTo(begun);
            assertThat(request.getSession().getLastAccessedTime()).isEqualTo(begun);
        });
        site.clock.advance(Duration.ofMinutes(5));
        request(request ->
                assertThat(request.getSession().getLastAccessedTime()).isEqualTo(begun));
        site.clock.advance(Duration.ofMinutes(5));
        request(request -> {
            assertThat(request.getSession().getCreationTime()).isEqualTo(begun);
            assertThat(request.getSession().getLastAccessedTime())
                    .isEqualTo(begun + Duration.ofMinutes(5).toMillis());
        });
    }

    @Test
    @DisplayName("the idle timeout is the session's own, zero means never")
    void maxInactiveInterval() throws Exception {
        site.start();
        request(request -> {
            HttpSession session = request.getSession();
            session.setAttribute("a", 1);
            assertThat(session.getMaxInactiveInterval()).isEqualTo(1800);
            session.setMaxInactiveInterval(7200);
            assertThat(session.getMaxInactiveInterval()).isEqualTo(7200);
        });
        site.clock.advance(Duration.ofMinutes(119));
        request(request -> {
            assertThat(request.getSession().getMaxInactiveInterval()).isEqualTo(7200);
            request.getSession().setMaxInactiveInterval(-1);
            assertThat(request.getSession().getMaxInactiveInterval()).isEqualTo(-1);
        });
        site.clock.advance(Duration.ofDays(5000));
        request(request -> {
            assertThat(request.getSession().isNew()).isFalse();
            request.getSession().setMaxInactiveInterval(60);
        });
        site.clock.advance(Duration.ofMinutes(3));
        request(request -> assertThat(request.getSession(false)).isNull());
    }

    @Test
    @DisplayName("M10: after invalidate the session's methods fail, and the same request can begin another one")
    void invalidate() throws Exception {
        site.start();
        AtomicReference<@Nullable String> first = new AtomicReference<>();
        request(request -> {
            request.getSession().setAttribute("a", 1);
            first.set(request.getSession().getId());
        });
        assertThat(browser.cookie()).isEqualTo(first.get());
        HttpResponse<String> response = request(request -> {
            HttpSession old = request.getSession();
            old.invalidate();
            assertThat(request.getSession(false)).isNull();
            assertThatIllegalStateException().isThrownBy(() -> old.getAttribute("a"));
            assertThatIllegalStateException().isThrownBy(() -> old.setAttribute("a", 2));
            assertThatIllegalStateException().isThrownBy(() -> old.removeAttribute("a"));
            assertThatIllegalStateException().isThrownBy(old::getAttributeNames);
            assertThatIllegalStateException().isThrownBy(old::getCreationTime);
            assertThatIllegalStateException().isThrownBy(old::getLastAccessedTime);
            assertThatIllegalStateException().isThrownBy(old::isNew);
            assertThatIllegalStateException().isThrownBy(old::invalidate);
            HttpSession fresh = request.getSession();
            assertThat(fresh).isNotSameAs(old);
            assertThat(fresh.isNew()).isTrue();
            assertThat(fresh.getId()).isNotEqualTo(first.get());
            assertThat(fresh.getAttribute("a")).isNull();
            fresh.setAttribute("b", 2);
        });
        assertThat(Browser.setCookies(response)).hasSize(1);
        assertThat(browser.cookie()).isNotEmpty().isNotEqualTo(first.get());
        assertThat(site.store.size()).isEqualTo(1);
        request(request -> assertThat(request.getSession().getAttribute("b")).isEqualTo(2));
    }

    @Test
    @DisplayName("the requested id is what the client sent, and says whether it led to a session")
    void requestedId() throws Exception {
        site.start();
        request(request -> {
            assertThat(request.getRequestedSessionId()).isNull();
            assertThat(request.isRequestedSessionIdValid()).isFalse();
            assertThat(request.isRequestedSessionIdFromCookie()).isFalse();
            request.getSession().setAttribute("a", 1);
            assertThat(request.getRequestedSessionId()).isNull();
        });
        String id = browser.cookie();
        request(request -> {
            assertThat(request.getRequestedSessionId()).isEqualTo(id);
            assertThat(request.isRequestedSessionIdValid()).isTrue();
            assertThat(request.isRequestedSessionIdFromCookie()).isTrue();
            assertThat(request.isRequestedSessionIdFromURL()).isFalse();
            request.changeSessionId();
            assertThat(request.getRequestedSessionId()).isEqualTo(id);
            assertThat(request.isRequestedSessionIdValid()).isFalse();
        });
        request(request -> {
            assertThat(request.isRequestedSessionIdValid()).isTrue();
            request.getSession().invalidate();
            assertThat(request.isRequestedSessionIdValid()).isFalse();
        });
        browser.with("session", "bogus");
        request(request -> {
            assertThat(request.getRequestedSessionId()).isEqualTo("bogus");
            assertThat(request.isRequestedSessionIdValid()).isFalse();
        });
    }

    @Test
    @DisplayName("changeSessionId without a session is an IllegalStateException, with a new one it changes the id")
    void changeSessionId() throws Exception {
        site.start();
        request(request -> {
            assertThatIllegalStateException().isThrownBy(request::changeSessionId);
            HttpSession session = request.getSession();
            session.setAttribute("a", 1);
            String before = session.getId();
            String after = request.changeSessionId();
            assertThat(after).isNotEqualTo(before).isEqualTo(session.getId());
            assertThat(request.getSession()).isSameAs(session);
        });
        request(request -> assertThat(request.getSession().getAttribute("a")).isEqualTo(1));
    }

    @Test
    @DisplayName("what the Servlet API has no words for is behind the session")
    void behind() throws Exception {
        site.start();
        request(request -> {
            Session session = SessionFilter.sessionOf(request.getSession());
            session.principal("alice");
            session.put("a", 1);
            assertThat(request.getSession().getAttribute("a")).isEqualTo(1);
        });
        request(request -> assertThat(
                        SessionFilter.sessionOf(request.getSession()).principal())
                .hasValue("alice"));
    }

    @Test
    @DisplayName("an accessor works after the request, as long as the session lives")
    void accessor() throws Exception {
        site.start();
        List<HttpSession.Accessor> accessors = new CopyOnWriteArrayList<>();
        request(request -> {
            request.getSession().setAttribute("a", 1);
            accessors.add(request.getSession().getAccessor());
        });
        accessors.get(0).access(session -> session.setAttribute("a", 2));
        request(request -> {
            assertThat(request.getSession().getAttribute("a")).isEqualTo(2);
            request.getSession().invalidate();
        });
        assertThatIllegalStateException().isThrownBy(() -> accessors.get(0).access(session -> {}));
    }

    @Test
    @DisplayName("listeners hear of what this application's requests do")
    void listeners() throws Exception {
        Recorder recorder = new Recorder();
        site.filter(filter -> filter.cookie(CookieSettings.forPlainHttp()).listener(recorder))
                .start();
        request(request -> {
            HttpSession session = request.getSession();
            session.setAttribute("a", 1);
            session.setAttribute("a", 2);
            session.removeAttribute("a");
            session.removeAttribute("a");
            session.setAttribute("b", 3);
        });
        assertThat(recorder.take()).containsExactly("created", "added a=1", "replaced a=1", "removed a=2", "added b=3");
        request(request -> {
            request.changeSessionId();
            request.getSession().invalidate();
        });
        assertThat(recorder.take()).containsExactly("id changed", "destroyed with [b]", "removed b=3");
    }

    private static final class Recorder
            implements HttpSessionListener, HttpSessionIdListener, HttpSessionAttributeListener {

        private final List<String> heard = Collections.synchronizedList(new ArrayList<>());

        List<String> take() {
            List<String> taken = List.copyOf(heard);
            heard.clear();
            return taken;
        }

        @Override
        public void sessionCreated(HttpSessionEvent event) {
            heard.add("created");
        }

        @Override
        public void sessionDestroyed(HttpSessionEvent event) {
            heard.add("destroyed with " + Collections.list(event.getSession().getAttributeNames()));
        }

        @Override
        public void sessionIdChanged(HttpSessionEvent event, String oldId) {
            heard.add(event.getSession().getId().equals(oldId) ? "id not changed" : "id changed");
        }

        @Override
        public void attributeAdded(HttpSessionBindingEvent event) {
            heard.add("added " + event.getName() + "=" + event.getValue());
        }

        @Override
        public void attributeReplaced(HttpSessionBindingEvent event) {
            heard.add("replaced " + event.getName() + "=" + event.getValue());
        }

        @Override
        public void attributeRemoved(HttpSessionBindingEvent event) {
            heard.add("removed " + event.getName() + "=" + event.getValue());
        }
    }
}
