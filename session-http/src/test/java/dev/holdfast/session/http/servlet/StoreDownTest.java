package dev.holdfast.session.http.servlet;

import static dev.holdfast.session.http.servlet.Browser.setCookies;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.Session;
import dev.holdfast.session.StoreDownPolicy;
import jakarta.servlet.http.HttpSession;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What a site does that goes on without sessions while the store is down, in both containers. */
@ParameterizedClass
@EnumSource(Server.class)
class StoreDownTest {

    private final Site site;

    StoreDownTest(Server server) {
        site = new Site(server, true, settings -> settings.storeDown(StoreDownPolicy.readOnlyWithoutSession()))
                .page("/count", (request, response) -> response.getWriter().print(FilterTest.count(request)))
                .page("/peek", (request, response) -> {
                    HttpSession session = request.getSession(false);
                    response.getWriter().print(session == null ? "none" : session.getAttribute("count"));
                })
                .page("/read", (request, response) -> {
                    HttpSession session = request.getSession();
                    Session detached = SessionFilter.sessionOf(session);
                    response.getWriter()
                            .print(session.getAttribute("count") + " " + session.isNew() + " " + detached.isDetached()
                                    + " " + request.isRequestedSessionIdValid());
                })
                .page("/rotate", (request, response) -> response.getWriter().print(request.changeSessionId()))
                .page("/logout", (request, response) -> request.getSession().invalidate());
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    @DisplayName("S73: reading goes on without a session and leaves the cookie alone; what would change it is a 503")
    void goesOn() throws Exception {
        site.start();
        Browser browser = new Browser(site);
        browser.body("/count");
        String id = browser.cookie();
        site.store.down.add("load");

        HttpResponse<String> peek = browser.get("/peek");
        assertThat(peek.body()).isEqualTo("none");
        assertThat(peek.headers().firstValue("Cache-Control")).hasValue("no-store");
        HttpResponse<String> read = browser.get("/read");
        assertThat(read.body()).isEqualTo("null false true false");
        for (String path : new String[] {"/count", "/rotate", "/logout"}) {
            assertThat(browser.get(path).statusCode()).as(path).isEqualTo(503);
        }
        assertThat(setCookies(peek)).isEmpty();
        assertThat(setCookies(read)).isEmpty();

        site.store.down.clear();
        assertThat(browser.cookie()).isEqualTo(id);
        assertThat(browser.body("/count"))
                .as("the session was there all the time")
                .isEqualTo("2");
    }

    @Test
    @DisplayName("R53: a store that fails when the session is saved is a 503 under this policy too")
    void failsAtSave() throws Exception {
        site.start();
        Browser browser = new Browser(site);
        browser.body("/count");
        site.store.down.add("update");
        HttpResponse<String> response = browser.get("/count");
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(setCookies(response)).isEmpty();
        site.store.down.add("create");
        HttpResponse<String> fresh = new Browser(site).get("/count");
        assertThat(fresh.statusCode()).isEqualTo(503);
        assertThat(setCookies(fresh)).isEmpty();
        site.store.down.clear();
        assertThat(browser.body("/peek")).isEqualTo("1");
    }
}
