package dev.holdfast.demo.servlet;

import dev.holdfast.session.Sessions;
import dev.holdfast.session.SessionsBuilder;
import dev.holdfast.session.http.CookieSettings;
import dev.holdfast.session.http.servlet.SessionFilter;
import dev.holdfast.session.http.servlet.SessionFilterBuilder;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** An application behind the filter. Its pages are what the tests hand in: by a request's header, or by path. */
final class Application implements AutoCloseable {

    static final String ACTION = "X-Action";

    final MovedClock clock;
    final Sessions sessions;

    private final Backend.Opened backend;
    private final Container container;
    private final Map<String, Page> actions = new ConcurrentHashMap<>();
    private final Map<String, Throwable> failures = new ConcurrentHashMap<>();
    private final Map<String, Page> pages = new LinkedHashMap<>();
    private UnaryOperator<SessionFilterBuilder> settings = UnaryOperator.identity();
    private Consumer<ServletContext> before = context -> {};
    private Consumer<ServletContext> more = context -> {};
    private Container.@Nullable Running running;

    /** What a servlet does. */
    interface Page {
        void answer(HttpServletRequest request, HttpServletResponse response) throws Exception;
    }

    Application(Container container, Backend kind) {
        this(container, kind, UnaryOperator.identity());
    }

    Application(Container container, Backend kind, UnaryOperator<SessionsBuilder> settings) {
        this(container, new MovedClock(), kind, settings);
    }

    private Application(Container container, MovedClock clock, Backend kind, UnaryOperator<SessionsBuilder> settings) {
        this(container, clock, kind.open("rules-" + UUID.randomUUID(), clock), settings);
    }

    private Application(
            Container container, MovedClock clock, Backend.Opened backend, UnaryOperator<SessionsBuilder> settings) {
        this.container = container;
        this.clock = clock;
        this.backend = backend;
        sessions = settings.apply(Sessions.builder(backend.store())
                        .clock(clock)
                        .touchInterval(Duration.ZERO)
                        .purgeInterval(Duration.ZERO))
                .build();
    }

    /** Returns another node of this application, to be closed before this one. */
    Application node() {
        return new Application(
                container, clock, new Backend.Opened(backend.store(), () -> {}), UnaryOperator.identity());
    }

    Application filter(UnaryOperator<SessionFilterBuilder> settings) {
        this.settings = settings;
        return this;
    }

    Application page(String path, Page page) {
        pages.put(path, page);
        return this;
    }

    /** Does something with the context before the filter is registered. */
    Application before(Consumer<ServletContext> before) {
        this.before = before;
        return this;
    }

    /** Does more with the context after the filter was registered. */
    Application more(Consumer<ServletContext> more) {
        this.more = more;
        return this;
    }

    Application start() throws IOException {
        running = container.start(this::setUp, Map.of());
        return this;
    }

    private void setUp(ServletContext context) {
        before.accept(context);
        settings.apply(SessionFilter.builder(sessions).cookie(CookieSettings.forPlainHttp()))
                .build()
                .addTo(context);
        more.accept(context);
        pages.forEach((path, page) -> add(context, path, page));
        add(context, "/", this::act);
    }

    private static void add(ServletContext context, String path, Page page) {
        ServletRegistration.Dynamic registration = context.addServlet(path, new PageServlet(page));
        registration.addMapping(path);
        registration.setAsyncSupported(true);
    }

    private void act(HttpServletRequest request, HttpServletResponse response) throws Exception {
        String name = Objects.requireNonNullElse(request.getHeader(ACTION), "");
        Page action = actions.get(name);
        if (action == null) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        try {
            action.answer(request, response);
        } catch (Exception | AssertionError e) {
            failures.put(name, e);
            throw e;
        }
    }

    /** Keeps an action under the name that a request can call it by. */
    String keep(Page action) {
        String name = UUID.randomUUID().toString();
        actions.put(name, action);
        return name;
    }

    @Nullable
    Throwable failureOf(String action) {
        return failures.remove(action);
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + Objects.requireNonNull(running).port() + path);
    }

    @Override
    public void close() {
        try {
            if (running != null) {
                running.stop().run();
            }
        } catch (Exception e) {
            throw new AssertionError("the container does not stop", e);
        } finally {
            sessions.close();
            backend.close().run();
        }
    }

    private static final class PageServlet extends HttpServlet {

        private static final long serialVersionUID = 1L;

        private final transient Page page;

        PageServlet(Page page) {
            this.page = page;
        }

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            try {
                page.answer(request, response);
            } catch (IOException | RuntimeException | Error e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
