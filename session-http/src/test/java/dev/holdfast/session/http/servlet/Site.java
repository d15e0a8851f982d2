package dev.holdfast.session.http.servlet;

import dev.holdfast.session.Sessions;
import dev.holdfast.session.SessionsBuilder;
import dev.holdfast.session.http.CookieSettings;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A small site behind the filter: pages by path, on a store that can be watched. */
final class Site implements AutoCloseable {

    final TestClock clock = new TestClock();
    final SpyStore store = new SpyStore(clock);
    final Sessions sessions;

    private final Server server;
    private final boolean allDispatches;
    private final Map<String, Page> pages = new LinkedHashMap<>();
    private final Map<Integer, String> errorPages = new LinkedHashMap<>();
    private UnaryOperator<SessionFilterBuilder> filter = builder -> builder.cookie(CookieSettings.forPlainHttp());
    private Server.@Nullable Running running;

    interface Page {
        void answer(HttpServletRequest request, HttpServletResponse response) throws Exception;
    }

    Site(Server server, boolean allDispatches) {
        this(server, allDispatches, UnaryOperator.identity());
    }

    Site(Server server, boolean allDispatches, UnaryOperator<SessionsBuilder> settings) {
        this.server = server;
        this.allDispatches = allDispatches;
        sessions = settings.apply(Sessions.builder(store).clock(clock).purgeInterval(Duration.ZERO))
                .build();
    }

    Site page(String path, Page page) {
        pages.put(path, page);
        return this;
    }

    Site errorPage(int status, String path, Page page) {
        errorPages.put(status, path);
        return page(path, page);
    }

    Site filter(UnaryOperator<SessionFilterBuilder> filter) {
        this.filter = filter;
        return this;
    }

    Site start() throws IOException {
        running = server.start(this::setUp, errorPages);
        return this;
    }

    private void setUp(ServletContext context) {
        SessionFilter sessionFilter =
                filter.apply(SessionFilter.builder(sessions)).build();
        if (allDispatches) {
            sessionFilter.addTo(context);
        } else {
            FilterRegistration.Dynamic registration = context.addFilter("sessions", sessionFilter);
            registration.setAsyncSupported(true);
            registration.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
        }
        pages.forEach((path, page) -> {
            ServletRegistration.Dynamic registration = context.addServlet(path, new PageServlet(page));
            registration.addMapping(path);
            registration.setAsyncSupported(true);
        });
    }

    URI uri(String path) {
        return Objects.requireNonNull(running).uri().resolve(path);
    }

    @Override
    public void close() {
        try {
            if (running != null) {
                running.stop().run();
            }
        } catch (Exception e) {
            throw new AssertionError("the container does not stop", e);
        }
        sessions.close();
        store.close();
    }

    private static final class PageServlet extends HttpServlet {

        private static final long serialVersionUID = 1L;

        private final transient Page page;

        PageServlet(Page page) {
            this.page = page;
        }

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response)
                throws ServletException, IOException {
            try {
                page.answer(request, response);
            } catch (ServletException | IOException | RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new ServletException(e);
            }
        }

        @Override
        protected void doPost(HttpServletRequest request, HttpServletResponse response)
                throws ServletException, IOException {
            doGet(request, response);
        }
    }
}
