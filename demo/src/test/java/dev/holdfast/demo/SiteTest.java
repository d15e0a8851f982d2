package dev.holdfast.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.apache.catalina.LifecycleException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** M21: the site, driven as a browser drives it, on the file store. */
class SiteTest {

    private final String store;
    private Site site;
    private final Client alice;

    SiteTest(@TempDir Path directory) throws LifecycleException {
        store = "file:" + directory.resolve("sessions");
        site = start();
        alice = new Client(site.uri());
    }

    private Site start() throws LifecycleException {
        return Site.start(new Settings(0, store, 1000));
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    @DisplayName("M21: log in, members only, log out")
    void loginMembersLogout() throws Exception {
        assertThat(alice.home()).contains("You are not logged in");
        assertThat(alice.get("/members").statusCode()).isEqualTo(403);
        assertThat(alice.login("alice", "white-rabbit").body()).contains("You are logged in as <strong>alice</strong>");
        assertThat(alice.get("/members").body()).contains("You are logged in as <strong>alice</strong>");
        assertThat(alice.logout().body()).contains("Logged out");
        assertThat(alice.cookie()).isEmpty();
        assertThat(alice.home()).contains("You are not logged in");
        assertThat(alice.logout().body()).contains("You were not logged in");
    }

    @ParameterizedTest
    @DisplayName("M21: what is not a user's name and password logs nobody in")
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "alice, wrong",
                "alice, can-we-fix-it",
                "Alice, white-rabbit",
                "nobody, white-rabbit",
                "' or '1'='1, ' or '1'='1",
                "alice' --, x",
                "alice'; drop table authorized_users; --, x",
                "\"\", \"\""
            })
    void wrongPassword(String user, String password) throws Exception {
        assertThat(alice.login(user, password).body()).contains("Could not log you in");
        assertThat(alice.get("/members").statusCode()).isEqualTo(403);
        assertThat(alice.login("alice", "white-rabbit").body()).contains("Welcome, alice");
    }

    @Test
    @DisplayName("S14: the log-in changes the id, and one that was planted before is dead")
    void fixation() throws Exception {
        alice.home();
        String planted = alice.cookie();
        alice.login("alice", "white-rabbit");
        assertThat(alice.cookie()).isNotEqualTo(planted);
        Client attacker = new Client(site.uri()).present(planted);
        assertThat(attacker.get("/members").statusCode()).isEqualTo(403);
        assertThat(attacker.home()).contains("You are not logged in");
    }

    @ParameterizedTest
    @DisplayName("S49: a form without the session's own secret does nothing")
    @ValueSource(strings = {"/login", "/logout", "/attributes", "/sessions/end", "/sessions/end-others"})
    void csrf(String path) throws Exception {
        Client other = new Client(site.uri());
        other.login("alice", "white-rabbit");
        String others = other.csrf();
        alice.login("alice", "white-rabbit");
        String[] fields = {"userid", "bob", "password", "can-we-fix-it", "name", "a", "value", "planted"};
        for (String secret : new String[] {"", "x", others}) {
            HttpResponse<String> response = alice.post(path, secret, fields);
            assertThat(response.statusCode()).as(secret).isEqualTo(403);
        }
        assertThat(alice.home()).contains("Welcome, alice").doesNotContain("<td>planted");
        assertThat(other.home()).contains("Welcome, alice");
        assertThat(new Client(site.uri()).post(path, others, fields).statusCode())
                .isEqualTo(403);
    }

    @Test
    @DisplayName("S49: the secret changes with the id")
    void csrfRotates() throws Exception {
        String before = alice.csrf();
        alice.login("alice", "white-rabbit");
        assertThat(alice.csrf()).isNotEqualTo(before);
        assertThat(alice.post("/logout", before).statusCode()).isEqualTo(403);
    }

    @Test
    @DisplayName("M21: opening a form's address does nothing")
    void getDoesNothing() throws Exception {
        alice.login("alice", "white-rabbit");
        assertThat(alice.get("/logout").statusCode()).isEqualTo(303);
        assertThat(alice.home()).contains("Welcome, alice");
    }

    @Test
    @DisplayName("S27: after the log-out the old cookie is dead, also on a second instance on the same directory")
    void logoutEverywhere() throws Exception {
        try (Site second = start()) {
            alice.login("alice", "white-rabbit");
            String cookie = alice.cookie();
            Client there = new Client(second.uri()).present(cookie);
            assertThat(there.get("/members").statusCode()).isEqualTo(200);
            alice.logout();
            assertThat(there.get("/members").statusCode()).isEqualTo(403);
            assertThat(new Client(site.uri()).present(cookie).home()).contains("You are not logged in");
        }
    }

    @Test
    @DisplayName("M21: sessions survive a restart of the site")
    void restart() throws Exception {
        alice.login("alice", "white-rabbit");
        alice.submit("/attributes", "name", "colour", "value", "teal");
        site.close();
        site = start();
        assertThat(alice.moveTo(site.uri()).home()).contains("Welcome, alice", "<td>teal</td>");
    }

    @Test
    @DisplayName("M21: what a user enters is shown as text")
    void escaped() throws Exception {
        String body = alice.submit("/attributes", "name", "<b>\"'&", "value", "<script>alert(1)</script>")
                .body();
        assertThat(body)
                .contains("&lt;b&gt;&quot;&#39;&amp;", "&lt;script&gt;alert(1)&lt;/script&gt;")
                .doesNotContain("<script", "<b>");
        assertThat(alice.submit("/attributes", "name", "<b>\"'&", "value", "").body())
                .doesNotContain("alert(1)");
    }

    @Test
    @DisplayName("S69: the site's own attributes are not the user's to set")
    void reserved() throws Exception {
        for (String name : new String[] {"csrf", "visits", "note"}) {
            assertThat(alice.submit("/attributes", "name", name, "value", "mine")
                            .body())
                    .contains("not yours to set")
                    .doesNotContain("<td>mine</td>");
        }
    }

    @Test
    @DisplayName("S31: a user sees and ends the own sessions, by handles that are no ids")
    void yourSessions() throws Exception {
        Client phone = new Client(site.uri());
        phone.login("alice", "white-rabbit");
        alice.login("alice", "white-rabbit");
        Client bob = new Client(site.uri());
        bob.login("bob", "can-we-fix-it");

        assertThat(alice.home()).contains("Your sessions", "this browser").doesNotContain(phone.cookie());
        String handle = alice.handleOfOther();
        assertThat(new Client(site.uri()).present(handle).home()).contains("You are not logged in");
        assertThat(bob.submit("/sessions/end", "handle", handle).body()).contains("no such session of yours");
        assertThat(phone.home()).contains("Welcome, alice");

        assertThat(alice.submit("/sessions/end", "handle", handle).body()).contains("That session has ended");
        assertThat(phone.home()).contains("You are not logged in");
        assertThat(alice.home()).contains("Welcome, alice");
        assertThat(bob.home()).contains("Welcome, bob");
    }

    @Test
    @DisplayName("S74: who is not logged in sees no list, and ends nothing, whatever handle or form he has")
    void listIsForUsers() throws Exception {
        alice.login("alice", "white-rabbit");
        Client phone = new Client(site.uri());
        phone.login("alice", "white-rabbit");
        String handle = alice.handleOfOther();
        Client stranger = new Client(site.uri());
        assertThat(stranger.home()).doesNotContain("Your sessions", handle);
        assertThat(stranger.submit("/sessions/end", "handle", handle).body()).contains("no such session of yours");
        assertThat(stranger.submit("/sessions/end-others").body()).contains("Sessions ended: 0.");
        assertThat(phone.home()).contains("Welcome, alice");
        assertThat(alice.home()).contains("Welcome, alice");
    }

    @Test
    @DisplayName("S30: log out everywhere else keeps this session and other users'")
    void endOthers() throws Exception {
        Client phone = new Client(site.uri());
        phone.login("alice", "white-rabbit");
        Client bob = new Client(site.uri());
        bob.login("bob", "can-we-fix-it");
        alice.login("alice", "white-rabbit");
        assertThat(alice.submit("/sessions/end-others").body()).contains("Sessions ended: 1.", "Welcome, alice");
        assertThat(phone.home()).contains("You are not logged in");
        assertThat(bob.home()).contains("Welcome, bob");
    }

    @Test
    @DisplayName("S48: pages tell browsers what to refuse, and no id stands in them")
    void headers() throws Exception {
        alice.login("alice", "white-rabbit");
        HttpResponse<String> home = alice.get("/");
        assertThat(home.headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(policy -> assertThat(policy).contains("default-src 'none'", "frame-ancestors"));
        assertThat(home.headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(home.headers().map().toString()).doesNotContain(alice.cookie());
        assertThat(home.body()).doesNotContain(alice.cookie());
        HttpResponse<String> missing = alice.get("/nothing-here");
        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(missing.body()).contains("There is no such page").doesNotContain("Tomcat");
        assertThat(alice.get("/style.css").headers().firstValue("Set-Cookie")).isEmpty();
    }
}
