package dev.holdfast.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.apache.catalina.LifecycleException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The rows that only a browser sees, on each store, with two instances of the site. */
@ParameterizedClass
@EnumSource(EachStore.class)
class BrowserRowsTest {

    private final EachStore kind;

    @TempDir
    private Path directory;

    private Site one;
    private Site two;
    private Client alice;

    BrowserRowsTest(EachStore kind) {
        this.kind = kind;
    }

    @BeforeEach
    void start() throws LifecycleException {
        one = site();
        two = site();
        alice = new Client(one.uri());
    }

    private Site site() throws LifecycleException {
        return Site.start(new Settings(0, kind.uri(directory).toString(), 1000));
    }

    @AfterEach
    void stop() {
        one.close();
        two.close();
    }

    private static boolean setsCookie(HttpResponse<String> response) {
        return !response.headers().allValues("Set-Cookie").isEmpty();
    }

    @Test
    @DisplayName("M7: a session begins on first use, not with every request")
    void autoStart() throws Exception {
        assertThat(setsCookie(alice.get("/style.css"))).isFalse();
        assertThat(setsCookie(alice.get("/"))).isTrue();
        assertThat(setsCookie(alice.get("/"))).isFalse();
    }

    @Test
    @DisplayName("M13: what a request puts into the session is stored when its response arrives, for every node")
    void savedAtTheEnd() throws Exception {
        alice.submit("/attributes", "name", "colour", "value", "teal");
        Client elsewhere = new Client(two.uri()).present(alice.cookie());
        assertThat(elsewhere.home()).contains("<td>teal</td>");
    }

    @Test
    @DisplayName("M19: the log-out expires the cookie on the client, with a date in the past, and the session behind it")
    void cookieInThePast() throws Exception {
        alice.login("alice", "white-rabbit");
        String id = alice.cookie();
        HttpResponse<String> response = alice.postOnly("/logout", alice.csrf());
        assertThat(response.headers().allValues("Set-Cookie"))
                .singleElement()
                .asString()
                .startsWith("session=;")
                .contains("Max-Age=0;", "Expires=Thu, 01 Jan 1970 00:00:00 GMT");
        assertThat(new Client(two.uri()).present(id).home()).contains("You are not logged in");
    }
}
