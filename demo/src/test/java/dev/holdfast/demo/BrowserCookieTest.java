package dev.holdfast.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.session.Sessions;
import dev.holdfast.session.http.servlet.SessionFilter;
import dev.holdfast.session.memory.MemorySessionStore;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The default cookie in a real browser, which takes {@code localhost} for as good as TLS. */
@Tag("once")
class BrowserCookieTest {

    private static final Logger TOMCAT_LOG = Logger.getLogger("org.apache");

    @Test
    @DisplayName(
            "S37: the browser stores the default cookie, sends it along a link from another site, not with its form")
    void hostCookie(@TempDir Path profile, @TempDir Path directory) throws Exception {
        TOMCAT_LOG.setLevel(Level.WARNING);
        try (Chromium browser = Chromium.start(profile);
                MemorySessionStore store = MemorySessionStore.create();
                Sessions sessions = Sessions.create(store)) {
            Tomcat tomcat = start(sessions, directory);
            try {
                int port = tomcat.getConnector().getLocalPort();
                String own = "http://localhost:" + port;
                URI foreign = URI.create("http://127.0.0.1:" + port + "/from-elsewhere");

                browser.open(URI.create(own + "/begin"));
                JsonNode cookie = browser.cookies().get(0);
                assertThat(cookie.path("name").asString()).isEqualTo("__Host-session");
                assertThat(cookie.path("secure").asBoolean()).isTrue();
                assertThat(cookie.path("httpOnly").asBoolean()).isTrue();
                assertThat(cookie.path("sameSite").asString()).isEqualTo("Lax");
                assertThat(cookie.path("domain").asString()).isEqualTo("localhost");

                browser.open(foreign);
                browser.click("a");
                shows(browser, "known");
                browser.open(foreign);
                browser.click("button");
                shows(browser, "unknown");
                browser.open(URI.create(own + "/look"));
                shows(browser, "known");
            } finally {
                tomcat.stop();
                tomcat.destroy();
            }
        }
    }

    private static void shows(Chromium browser, String text) {
        await().atMost(Duration.ofSeconds(20))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(browser.text()).isEqualTo(text));
    }

    private static Tomcat start(Sessions sessions, Path directory) throws Exception {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(directory.toString());
        Connector connector = new Connector();
        connector.setPort(0);
        connector.setProperty("address", "127.0.0.1");
        tomcat.setConnector(connector);
        Context context = tomcat.addContext("", null);
        context.addServletContainerInitializer(
                (any, servlets) -> {
                    SessionFilter.create(sessions).addTo(servlets);
                    servlets.addServlet("pages", new Pages()).addMapping("/");
                },
                Set.of());
        tomcat.start();
        return tomcat;
    }

    private static final class Pages extends HttpServlet {

        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setContentType("text/html;charset=UTF-8");
            switch (request.getServletPath()) {
                case "/begin" -> request.getSession().setAttribute("begun", true);
                case "/from-elsewhere" -> {
                    String look = "http://localhost:" + request.getServerPort() + "/look";
                    response.getWriter()
                            .print("<a href=\"" + look + "\">link</a><form method=\"post\" action=\"" + look
                                    + "\"><button>send</button></form>");
                }
                default -> response.getWriter().print(request.getSession(false) == null ? "unknown" : "known");
            }
        }
    }
}
