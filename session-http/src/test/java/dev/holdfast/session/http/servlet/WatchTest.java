package dev.holdfast.session.http.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.SessionEvent;
import dev.holdfast.session.http.CookieSettings;
import dev.holdfast.session.http.GuessingAlarm;
import jakarta.servlet.http.HttpSession;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that change and clients that guess, in both containers. */
@ParameterizedClass
@EnumSource(Server.class)
class WatchTest {

    private final List<SessionEvent> heard = new CopyOnWriteArrayList<>();
    private final List<String> alarms = new CopyOnWriteArrayList<>();
    private final Site site;

    WatchTest(Server server) {
        site = new Site(server, true, settings -> settings.listener(heard::add))
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

    private void start(ClientChange onChange) throws Exception {
        GuessingAlarm alarm = GuessingAlarm.create(alarms::add, 3, Duration.ofMinutes(1), site.clock);
        site.filter(builder -> builder.cookie(CookieSettings.forPlainHttp())
                        .bindClient(request -> String.valueOf(request.getHeader("User-Agent")), onChange)
                        .guessingAlarm(alarm))
                .start();
    }

    @Test
    @DisplayName("S79: a session that another client presents goes on, and is told")
    void observe() throws Exception {
        start(ClientChange.OBSERVE);
        Browser browser = new Browser(site);
        browser.get("/count", "User-Agent", "one");
        assertThat(browser.get("/count", "User-Agent", "one").body()).isEqualTo("2");
        assertThat(heard).noneMatch(SessionEvent.ClientChanged.class::isInstance);
        assertThat(browser.get("/count", "User-Agent", "two").body()).isEqualTo("3");
        assertThat(heard)
                .filteredOn(SessionEvent.ClientChanged.class::isInstance)
                .hasSize(1);
        site.store.takeCalls();
        browser.get("/peek", "User-Agent", "one");
        assertThat(site.store.takeCalls()).as("looking costs nothing more").containsExactly("load");
    }

    @Test
    @DisplayName("S79: or it is ended, for the thief and for the client that it belonged to")
    void end() throws Exception {
        start(ClientChange.END);
        Browser browser = new Browser(site);
        browser.get("/count", "User-Agent", "one");
        Browser thief = new Browser(site).with("session", browser.cookie());
        assertThat(thief.get("/peek", "User-Agent", "two").body()).isEqualTo("none");
        assertThat(thief.cookie()).as("told to forget it").isEmpty();
        assertThat(browser.get("/peek", "User-Agent", "one").body()).isEqualTo("none");
        assertThat(site.store.size()).isZero();
    }

    @Test
    @DisplayName("S80: unknown ids are counted by who presents them")
    void guessing() throws Exception {
        start(ClientChange.OBSERVE);
        for (int i = 0; i < 5; i++) {
            String guess = site.sessions.open(null).id().value();
            new Browser(site).with("session", guess).get("/peek");
        }
        assertThat(alarms).containsExactly("127.0.0.1");
    }
}
