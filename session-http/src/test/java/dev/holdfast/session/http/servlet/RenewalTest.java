package dev.holdfast.session.http.servlet;

import static dev.holdfast.session.http.servlet.Browser.setCookies;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.Concurrency;
import dev.holdfast.session.SessionsBuilder;
import jakarta.servlet.http.HttpSession;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ids that are renewed, and sessions that one request holds at a time, in both containers. */
class RenewalTest {

    private static final Duration INTERVAL = Duration.ofMinutes(10);
    private static final Duration GRACE = Duration.ofSeconds(30);

    private static Site site(Server server, UnaryOperator<SessionsBuilder> settings) {
        return new Site(server, true, settings)
                .page("/count", (request, response) -> response.getWriter().print(FilterTest.count(request)))
                .page("/late", (request, response) -> {
                    HttpSession session = request.getSession();
                    response.getWriter().print(session.getAttribute("count"));
                    response.flushBuffer();
                    session.setAttribute("late", true);
                })
                .page("/peek", (request, response) -> {
                    HttpSession session = request.getSession(false);
                    response.getWriter().print(session == null ? "none" : session.getAttribute("count"));
                });
    }

    @ParameterizedTest
    @EnumSource(Server.class)
    @DisplayName(
            "M11: an id that has grown old is renewed with the answer; the old one is answered with the new, then dead")
    void renewed(Server server) throws Exception {
        try (Site site =
                site(server, settings -> settings.renewal(INTERVAL, GRACE)).start()) {
            Browser browser = new Browser(site);
            browser.get("/count");
            String old = browser.cookie();
            site.clock.advance(INTERVAL);
            HttpResponse<String> renewing = browser.get("/count");
            assertThat(renewing.body()).isEqualTo("2");
            assertThat(setCookies(renewing)).hasSize(1);
            assertThat(browser.cookie()).isNotEqualTo(old);

            Browser parallel = new Browser(site).with("session", old);
            assertThat(parallel.body("/peek")).isEqualTo("2");
            assertThat(parallel.cookie()).isEqualTo(browser.cookie());

            site.clock.advance(GRACE);
            assertThat(new Browser(site).with("session", old).body("/peek")).isEqualTo("none");
            assertThat(browser.body("/count")).isEqualTo("3");
        }
    }

    @ParameterizedTest
    @EnumSource(Server.class)
    @DisplayName(
            "M20: held exclusively, parallel requests have the session one by one, and a plain counter loses nothing")
    void exclusive(Server server) throws Exception {
        int requests = 8;
        ExecutorService threads = Executors.newFixedThreadPool(requests);
        try (Site site = site(
                        server,
                        settings -> settings.concurrency(Concurrency.EXCLUSIVE).lockWait(Duration.ofSeconds(30)))
                .start()) {
            Browser browser = new Browser(site);
            browser.get("/count");
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < requests; i++) {
                Browser parallel = new Browser(site).with("session", browser.cookie());
                answers.add(threads.submit(() -> parallel.get("/count").statusCode()));
            }
            for (Future<Integer> answer : answers) {
                assertThat(answer.get()).isEqualTo(200);
            }
            assertThat(browser.body("/late")).isEqualTo(Integer.toString(requests + 1));
            assertThat(browser.body("/peek")).isEqualTo(Integer.toString(requests + 1));
        } finally {
            threads.shutdownNow();
        }
    }
}
