package dev.holdfast.session.http.servlet;

import static dev.holdfast.session.http.servlet.Browser.setCookies;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.holdfast.session.codec.TypedCodec;
import dev.holdfast.session.codec.ValueCodec;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EventListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** R52: what goes wrong or is rare, in both containers. */
@ParameterizedClass
@EnumSource(Server.class)
class FilterEdgeTest {

    private final Site site;

    FilterEdgeTest(Server server) {
        site = new Site(
                        server,
                        true,
                        settings -> settings.codec(new NoteCodec()).codec(TypedCodec.create()))
                .page("/count", (request, response) -> response.getWriter().print(FilterTest.count(request)))
                .page("/peek", (request, response) -> {
                    HttpSession session = request.getSession(false);
                    response.getWriter().print(session == null ? "none" : session.getAttribute("count"));
                });
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    @DisplayName("R52: a client that goes away while the body streams loses nothing of its session")
    void clientAbort() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        CountDownLatch noticed = new CountDownLatch(1);
        site.page("/endless", (request, response) -> {
                    FilterTest.count(request);
                    ServletOutputStream out = response.getOutputStream();
                    try {
                        // few bytes, so that this write is over before the client goes away
                        out.write(new byte[10]);
                        out.flush();
                        if (!gone.await(20, TimeUnit.SECONDS)) {
                            throw new IllegalStateException("the client stays");
                        }
                        FilterTest.count(request);
                        for (int i = 0; i < 10_000; i++) {
                            out.write(new byte[100_000]);
                        }
                    } finally {
                        noticed.countDown();
                    }
                })
                .start();
        Browser browser = new Browser(site);
        try (InputStream body = browser.open("/endless").body()) {
            assertThat(body.read()).isZero();
        }
        gone.countDown();
        assertThat(noticed.await(20, TimeUnit.SECONDS)).isTrue();
        await().atMost(Duration.ofSeconds(20)).until(() -> browser.body("/peek").equals("2"));
    }

    @Test
    @DisplayName("R52: an asynchronous request that times out keeps what it changed in a stored session")
    void asyncTimeout() throws Exception {
        site.page("/hang", (request, response) -> {
                    AsyncContext context = request.startAsync();
                    context.setTimeout(200);
                    FilterTest.count(request);
                })
                .start();
        Browser browser = new Browser(site);
        browser.body("/count");
        assertThat(browser.get("/hang").statusCode()).isEqualTo(500);
        await().atMost(Duration.ofSeconds(20)).until(() -> browser.body("/peek").equals("2"));
    }

    @Test
    @DisplayName("R52: a non-blocking response is saved before its first byte")
    void nonBlocking() throws Exception {
        site.page("/ready", (request, response) -> {
                    AsyncContext context = request.startAsync();
                    FilterTest.count(request);
                    ServletOutputStream out = response.getOutputStream();
                    out.setWriteListener(new WriteListener() {
                        private int chunks;

                        @Override
                        public void onWritePossible() throws IOException {
                            while (out.isReady()) {
                                if (chunks++ == 50) {
                                    context.complete();
                                    return;
                                }
                                out.write(new byte[10_000]);
                            }
                        }

                        @Override
                        public void onError(Throwable problem) {
                            context.complete();
                        }
                    });
                })
                .start();
        Browser browser = new Browser(site);
        HttpResponse<String> response = browser.get("/ready");
        assertThat(response.body()).hasSize(500_000);
        assertThat(setCookies(response)).hasSize(1);
        assertThat(site.store.takeCalls()).containsExactly("create");
        assertThat(browser.body("/peek")).isEqualTo("1");
    }

    @Test
    @DisplayName("the end of a request saves nothing twice, also when it was dispatched to an error page")
    void errorPage() throws Exception {
        site.page("/teapot", (request, response) -> {
                    FilterTest.count(request);
                    response.sendError(418);
                })
                .errorPage(418, "/short-and-stout", (request, response) -> {
                    assertThat(request.getDispatcherType()).isEqualTo(DispatcherType.ERROR);
                    response.getWriter().print(request.getSession().getAttribute("count"));
                })
                .errorPage(
                        404,
                        "/nothing",
                        (request, response) -> response.getWriter().print(FilterTest.count(request)))
                .start();
        Browser browser = new Browser(site);
        HttpResponse<String> response = browser.get("/teapot");
        assertThat(response.body()).isEqualTo("1");
        assertThat(setCookies(response)).hasSize(1);
        assertThat(site.store.takeCalls()).containsExactly("create");
        assertThat(browser.get("/nowhere").body()).isEqualTo("2");
        assertThat(site.store.takeCalls()).containsExactly("load", "update");
        HttpResponse<String> begunByErrorPage = new Browser(site).get("/nowhere");
        assertThat(begunByErrorPage.body()).isEqualTo("1");
        assertThat(setCookies(begunByErrorPage)).hasSize(1);
    }

    @Test
    @DisplayName("a value that listens hears when it is bound and unbound, also at the session's end")
    void bindingListener() throws Exception {
        Note.HEARD.clear();
        site.page("/bind", (request, response) -> {
                    HttpSession session = request.getSession();
                    session.setAttribute("note", new Note("one"));
                    session.setAttribute("note", new Note("two"));
                    session.setAttribute("gone", new Note("three"));
                    session.removeAttribute("gone");
                })
                .page("/end", (request, response) -> request.getSession().invalidate())
                .start();
        Browser browser = new Browser(site);
        browser.get("/bind");
        assertThat(List.copyOf(Note.HEARD))
                .containsExactly("bound one", "bound two", "unbound one", "bound three", "unbound three");
        Note.HEARD.clear();
        browser.get("/end");
        assertThat(Note.HEARD).containsExactly("unbound two");
    }

    @Test
    @DisplayName("what listens to no session event is refused when the filter is built")
    void wrongListener() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SessionFilter.builder(site.sessions).listener(new EventListener() {}));
    }

    private record Note(String text) implements HttpSessionBindingListener {

        static final List<String> HEARD = new CopyOnWriteArrayList<>();

        @Override
        public void valueBound(HttpSessionBindingEvent event) {
            HEARD.add("bound " + text);
        }

        @Override
        public void valueUnbound(HttpSessionBindingEvent event) {
            HEARD.add("unbound " + text);
        }
    }

    private static final class NoteCodec implements ValueCodec {

        @Override
        public int format() {
            return 64;
        }

        @Override
        public boolean canEncode(Object value) {
            return value instanceof Note;
        }

        @Override
        public byte[] encode(Object value) {
            return ((Note) value).text().getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public Object decode(ByteBuffer bytes) {
            return new Note(StandardCharsets.UTF_8.decode(bytes).toString());
        }
    }
}
