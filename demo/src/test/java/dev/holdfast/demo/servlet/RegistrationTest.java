package dev.holdfast.demo.servlet;

import static dev.holdfast.demo.servlet.Visitor.setCookies;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.session.Sessions;
import dev.holdfast.session.http.servlet.ConfiguredSessionFilter;
import dev.holdfast.session.http.servlet.SessionFilterInitializer;
import dev.holdfast.session.memory.MemorySessionStore;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The filter as a deployment descriptor or the container registers it: by parameters, without a line of code. */
class RegistrationTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private interface Check {
        void check(URI page) throws Exception;
    }

    private static void run(
            Container container, Map<String, String> parameters, Consumer<ServletContext> setup, Check check)
            throws Exception {
        Container.Running running = container.start(
                context -> {
                    context.addServlet("page", new Counter()).addMapping("/");
                    setup.accept(context);
                },
                parameters);
        try {
            check.check(URI.create("http://127.0.0.1:" + running.port() + "/"));
        } finally {
            running.stop().run();
        }
    }

    private static HttpResponse<String> get(URI page, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(page);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    private static void initialize(ServletContext context) {
        assertThat(ServiceLoader.load(ServletContainerInitializer.class))
                .as("the container finds it")
                .anyMatch(SessionFilterInitializer.class::isInstance);
        new SessionFilterInitializer().onStartup(null, context);
    }

    private static void register(ServletContext context, Map<String, String> parameters) {
        var registration = context.addFilter("sessions", ConfiguredSessionFilter.class);
        registration.setInitParameters(parameters);
        registration.addMappingForUrlPatterns(null, false, "/*");
    }

    private static String memory() {
        return "memory:" + UUID.randomUUID();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("by the container, if the context has parameters for it")
    void initializer(Container container) throws Exception {
        Map<String, String> parameters = Map.of(
                SessionFilterInitializer.PREFIX + "store", memory(),
                SessionFilterInitializer.PREFIX + "plain-http", "true",
                SessionFilterInitializer.PREFIX + "cookie-name", "sid",
                SessionFilterInitializer.PREFIX + "idle-timeout", "PT90S");
        run(container, parameters, RegistrationTest::initialize, page -> {
            HttpResponse<String> first = get(page);
            assertThat(first.body()).isEqualTo("1 of 90 s");
            String cookie = setCookies(first).get(0);
            assertThat(cookie).startsWith("sid=").doesNotContain("Secure");
            assertThat(get(page, "Cookie", cookie.split(";", 2)[0]).body()).isEqualTo("2 of 90 s");
        });
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("not by the container, if the context has none")
    void noParameters(Container container) throws Exception {
        run(
                container,
                Map.of("other", "parameter"),
                context -> {
                    initialize(context);
                    assertThat(context.getFilterRegistrations()).isEmpty();
                },
                page -> {});
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("by a descriptor's init parameters, with listeners and paths")
    void initParameters(Container container) throws Exception {
        Begun.COUNT.set(0);
        Map<String, String> parameters = Map.of(
                "store", memory(),
                "listeners", Begun.class.getName(),
                "cookie-same-site", "strict",
                "cookie-max-age", "P7D",
                "exclude", "/static/*, *.css",
                "auto-start", "/*",
                "clear-site-data", "cookies storage");
        run(container, Map.of(), context -> register(context, parameters), page -> {
            String cookie = setCookies(get(page)).get(0);
            assertThat(cookie).startsWith("__Host-session=").contains("Max-Age=604800", "Secure", "SameSite=Strict");
            assertThat(Begun.COUNT).hasValue(1);
            assertThat(get(page.resolve("/static/x")).statusCode())
                    .as("no session there")
                    .isEqualTo(500);
            HttpResponse<String> logout = get(page.resolve("/logout"), "Cookie", cookie.split(";", 2)[0]);
            assertThat(logout.headers().firstValue("Clear-Site-Data")).hasValue("\"cookies\", \"storage\"");
        });
    }

    @Test
    @DisplayName("by the README's web.xml in an application's directory, as Tomcat reads it")
    void descriptor(@TempDir Path application) throws Exception {
        String filter = readme("<filter>", "</filter-mapping>")
                .replace("file:/var/lib/app/sessions", "file:" + application.resolve("sessions"))
                .replace("</filter>", """
                        <init-param>
                          <param-name>idle-timeout</param-name>
                          <param-value>PT90S</param-value>
                        </init-param>
                        </filter>""");
        deploy(application, filter, page -> {
            HttpResponse<String> first = get(page);
            assertThat(first.body()).isEqualTo("1 of 90 s");
            String cookie = setCookies(first).get(0);
            assertThat(cookie).startsWith("__Host-session=");
            assertThat(get(page, "Cookie", cookie.split(";", 2)[0]).body()).isEqualTo("2 of 90 s");
            assertThat(application.resolve("sessions")).isDirectory();
        });
    }

    @Test
    @DisplayName("by the README's context parameter in a web.xml, and the initializer that Tomcat finds by itself")
    void contextParameter(@TempDir Path application) throws Exception {
        String parameter = readme("<context-param>", "</context-param>")
                .replace("file:/var/lib/app/sessions", "file:" + application.resolve("sessions"));
        deploy(application, parameter, page -> {
            String cookie = setCookies(get(page)).get(0);
            assertThat(cookie).startsWith("__Host-session=");
            assertThat(get(page, "Cookie", cookie.split(";", 2)[0]).body()).isEqualTo("2 of 1800 s");
        });
    }

    private static String readme(String from, String to) throws IOException {
        String readme = Files.readString(Path.of("..", "session-http", "README.md"));
        return readme.substring(readme.indexOf(from), readme.indexOf(to) + to.length());
    }

    private static void deploy(Path application, String descriptor, Check check) throws Exception {
        Files.writeString(Files.createDirectory(application.resolve("WEB-INF")).resolve("web.xml"), """
                <?xml version="1.0" encoding="UTF-8"?>
                <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.1">
                %s
                <servlet>
                  <servlet-name>page</servlet-name>
                  <servlet-class>%s</servlet-class>
                  <async-supported>true</async-supported>
                </servlet>
                <servlet-mapping>
                  <servlet-name>page</servlet-name>
                  <url-pattern>/</url-pattern>
                </servlet-mapping>
                </web-app>
                """.formatted(
                        descriptor, Counter.class.getName()));
        Container.Running running = Container.deploy(application);
        try {
            check.check(URI.create("http://127.0.0.1:" + running.port() + "/"));
        } finally {
            running.stop().run();
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("with sessions that a listener of the application has built, and closes")
    void sessionsOfTheContext(Container container) throws Exception {
        try (MemorySessionStore store = MemorySessionStore.create();
                Sessions sessions = Sessions.create(store)) {
            run(
                    container,
                    Map.of(),
                    context -> {
                        context.setAttribute(ConfiguredSessionFilter.SESSIONS, sessions);
                        register(context, Map.of());
                    },
                    page -> assertThat(get(page).body()).isEqualTo("1 of 1800 s"));
            assertThat(store.scan()).as("still open").hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "a parameter that is unknown, wrong or missing keeps the application from starting, and no URI is told")
    void wrong(Container container) {
        for (Map<String, String> parameters : List.of(
                Map.of("store", memory(), "idle-timout", "PT1M"),
                Map.of("store", memory(), "idle-timeout", "5 minutes"),
                Map.of("store", memory(), "keep-empty", "maybe"),
                Map.of("store", memory(), "cookie-same-site", "none", "plain-http", "true"),
                Map.of("store", memory(), "listeners", "no.such.Listener"),
                Map.of("store", "nosuch://user:secret@host/"),
                Map.<String, String>of())) {
            assertThatThrownBy(() -> run(container, Map.of(), context -> register(context, parameters), page -> {
                        assertThat(get(page).statusCode())
                                .as("a page without sessions")
                                .isNotEqualTo(200);
                        throw new IOException("not available");
                    }))
                    .as("%s", parameters)
                    .isInstanceOf(IOException.class)
                    .satisfies(e -> assertThat(String.valueOf(e.getCause())).doesNotContain("secret"));
        }
    }

    /** Hears of sessions that begin. */
    public static final class Begun implements HttpSessionListener {

        static final AtomicInteger COUNT = new AtomicInteger();

        /** Called by the container. */
        public Begun() {}

        @Override
        public void sessionCreated(HttpSessionEvent event) {
            COUNT.incrementAndGet();
        }
    }

    /** Counts the visits in a session. */
    public static final class Counter extends HttpServlet {

        private static final long serialVersionUID = 1L;

        /** Called by the container. */
        public Counter() {}

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            if (request.getServletPath().equals("/logout")) {
                request.getSession().invalidate();
                return;
            }
            var session = request.getSession();
            int count = session.getAttribute("count") instanceof Integer before ? before + 1 : 1;
            session.setAttribute("count", count);
            response.getWriter().print(count + " of " + session.getMaxInactiveInterval() + " s");
        }
    }
}
