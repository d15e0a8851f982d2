package dev.holdfast.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The site as a real browser sees it. */
@Tag("once")
class BrowserTest {

    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
    private final InstantSource clock = () -> Instant.now().plus(ahead.get());

    @TempDir
    private Path profile;

    private Chromium browser;
    private Site site;

    @BeforeEach
    void start() throws Exception {
        browser = Chromium.start(profile);
        site = Site.start(new Settings(0, "memory:" + UUID.randomUUID(), 1_000), clock);
    }

    @AfterEach
    void stop() {
        if (browser != null) {
            browser.close();
        }
        if (site != null) {
            site.close();
        }
    }

    private void home() {
        browser.open(site.uri());
    }

    private void login() {
        home();
        browser.type("#userid", "alice");
        browser.type("#password", "white-rabbit");
        browser.click("form[action='/login'] button");
        shows("Welcome, alice");
    }

    private void shows(String text) {
        await().atMost(Duration.ofSeconds(20))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(browser.text()).contains(text));
    }

    private String id() {
        return browser.cookies().get(0).path("value").asString();
    }

    @Test
    @DisplayName("M21, S14: a log-in by the form gives the browser another id, and a reload is still logged in")
    void loginAndReload() {
        home();
        String before = id();
        login();
        assertThat(id()).isNotEqualTo(before);
        browser.reload();
        shows("Welcome, alice");
        assertThat(browser.cookies()).hasSize(1);
    }

    @Test
    @DisplayName("M21: a second tab is logged in, and logging out there logs out the first")
    void secondTab() {
        login();
        String first = browser.tab();
        browser.newTab();
        home();
        shows("Welcome, alice");
        browser.click("form[action='/logout'] button");
        shows("Logged out");
        browser.switchTo(first);
        browser.reload();
        shows("You are not logged in");
    }

    @Test
    @DisplayName(
            "M10, S34: the log-out takes the cookie out of the browser, and the back button shows nothing of before")
    void logoutAndBack() {
        login();
        browser.open(site.uri().resolve("/members"));
        shows("alice");
        home();
        browser.click("form[action='/logout'] button");
        shows("Logged out");
        assertThat(browser.cookies()).isEmpty();
        browser.back();
        shows("You are not logged in");
        assertThat(browser.text()).doesNotContain("Welcome, alice");
        browser.back();
        await().atMost(Duration.ofSeconds(20))
                .ignoreExceptions()
                .untilAsserted(() ->
                        assertThat(browser.script("return location.pathname")).isEqualTo("/members"));
        assertThat(browser.text()).doesNotContain("Welcome");
    }

    @Test
    @DisplayName("M21: a session that has expired leaves the browser with a new one, and no error")
    void expired() {
        login();
        String old = id();
        ahead.set(Duration.ofMinutes(31));
        browser.reload();
        shows("You are not logged in");
        assertThat(id()).isNotEqualTo(old);
        login();
    }

    @Test
    @DisplayName("U4: two tabs that send their forms at once both have what they sent stored")
    void parallelTabs() {
        login();
        Client onlooker = new Client(site.uri()).present(id());
        for (int round = 0; round < 5; round++) {
            String first = browser.tab();
            home();
            fill("first", round);
            browser.newTab();
            home();
            fill("second", round);
            submitSoon();
            browser.switchTo(first);
            submitSoon();
            int sent = round;
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(
                            () -> assertThat(onlooker.home()).contains("<td>first " + sent, "<td>second " + sent));
        }
    }

    private void fill(String tab, int round) {
        browser.type("#name", tab);
        browser.type("#value", tab + " " + round);
    }

    private void submitSoon() {
        browser.script("setTimeout(() => document.querySelector(\"form[action='/attributes']\").requestSubmit(), 300)");
    }

    @Test
    @DisplayName("S37, S43: the cookie is stored with the attributes that it was sent with, and goes with the browser")
    void cookie() {
        login();
        JsonNode cookie = browser.cookies().get(0);
        assertThat(cookie.path("name").asString()).isEqualTo("session");
        assertThat(cookie.path("httpOnly").asBoolean()).isTrue();
        assertThat(cookie.path("sameSite").asString()).isEqualTo("Lax");
        assertThat(cookie.path("path").asString()).isEqualTo("/");
        assertThat(cookie.path("domain").asString()).isEqualTo("127.0.0.1");
        assertThat(cookie.has("expiry")).isFalse();
        assertThat(browser.script("return document.cookie")).isEmpty();
        browser.restart();
        home();
        shows("You are not logged in");
    }

    @Test
    @DisplayName("S31: a user ends a session of another browser from the list of the own ones")
    void yourSessions() throws Exception {
        Client phone = new Client(site.uri());
        phone.login("alice", "white-rabbit");
        login();
        shows("Your sessions");
        browser.click("form[action='/sessions/end'] button");
        shows("That session has ended");
        assertThat(phone.home()).contains("You are not logged in");
        shows("Welcome, alice");
    }
}
