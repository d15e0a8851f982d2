package dev.holdfast.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.catalina.LifecycleException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** M22 to M25: the page that plays a mini-program, and the API that it asks. */
class MiniProgramTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Site site;
    private final Client visitor;

    MiniProgramTest() throws LifecycleException {
        site = Site.start(new Settings(0, "memory:", 1000));
        visitor = new Client(site.uri());
    }

    @AfterEach
    void stop() {
        site.close();
    }

    private String press(String button) throws Exception {
        visitor.submit("/mini-program/press", "button", button);
        String page = visitor.get("/mini-program").body();
        Matcher wire = Pattern.compile("<pre[^>]*>(.*?)</pre>", Pattern.DOTALL).matcher(page);
        assertThat(wire.find()).as(page).isTrue();
        return wire.group(1).replace("&quot;", "\"");
    }

    private HttpResponse<String> call(String method, String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(site.uri() + path)).method(method, BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    private static String member(String name, HttpResponse<String> response) {
        Matcher member = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(response.body());
        assertThat(member.find()).as(response.body()).isTrue();
        return member.group(1);
    }

    private String issued() throws Exception {
        return member("token", call("POST", "api/token", "{\"user\":\"alice\",\"password\":\"white-rabbit\"}"));
    }

    private HttpResponse<String> bearer(String method, String path, String token) throws Exception {
        return call(method, path, "", "Authorization", "Bearer " + token);
    }

    @Test
    @DisplayName("M22: cure 1, a cookie that the phone keeps, handed out in the body and in a header")
    void cookie() throws Exception {
        assertThat(press("bare")).contains("HTTP/1.1 401", "\"reason\":\"missing\"", "WWW-Authenticate: Bearer");
        assertThat(press("login-cookie")).contains("HTTP/1.1 200", "Set-Cookie: mini=", "\"cookie\":\"mini=");
        assertThat(press("ask-cookie")).contains("Cookie: mini=", "\"kind\":\"mini-program\"", "\"visits\":1");
        assertThat(press("ask-cookie")).contains("\"visits\":2");
    }

    @Test
    @DisplayName("M24, M25: cure 2, a token that is renewed and revoked at once")
    void token() throws Exception {
        assertThat(press("login-token")).contains("HTTP/1.1 200", "X-Auth-Token: ", "\"expiresAt\":");
        assertThat(press("ask-token")).contains("Authorization: Bearer ", "\"visits\":1");
        assertThat(press("refresh")).contains("HTTP/1.1 200", "X-Auth-Token: ");
        assertThat(press("ask-token")).contains("\"visits\":2");
        assertThat(press("revoke")).contains("\"revoked\":true");
        assertThat(press("ask-token")).contains("HTTP/1.1 401", "\"reason\":\"revoked\"");
    }

    @Test
    @DisplayName("S13: the page cuts ids and tokens short, on the home page too")
    void cutShort() throws Exception {
        press("login-token");
        press("login-cookie");
        assertThat(visitor.get("/mini-program").body()).doesNotContainPattern("[A-Za-z0-9_-]{43}\\.");
        assertThat(press("ask-token"))
                .doesNotContainPattern("Bearer [A-Za-z0-9_-]{13}")
                .contains("…");
        assertThat(visitor.home()).contains("phone.token", "(secret)").doesNotContain("mini=", "eyJ");
    }

    @Test
    @DisplayName("M24, S36: issue, refresh and revoke; of a refreshed token the old one is dead")
    void tokens() throws Exception {
        String token = issued();
        assertThat(bearer("GET", "api/me", token).body()).isEqualTo("{\"kind\":\"user\",\"visits\":1}");
        HttpResponse<String> refreshed = bearer("POST", "api/token/refresh", token);
        String fresh = member("token", refreshed);
        assertThat(refreshed.headers().allValues("X-Auth-Token")).hasSize(1);
        assertThat(refreshed.headers().firstValue("Set-Cookie")).isEmpty();
        assertThat(bearer("GET", "api/me", token).statusCode()).isEqualTo(401);
        assertThat(bearer("GET", "api/me", fresh).body()).contains("\"visits\":2");
        assertThat(bearer("POST", "api/token/revoke", fresh).statusCode()).isEqualTo(200);
        assertThat(bearer("GET", "api/me", fresh).body()).contains("\"reason\":\"revoked\"");
        assertThat(call("POST", "api/token", "{\"user\":\"alice\",\"password\":\"wrong\"}")
                        .statusCode())
                .isEqualTo(403);
        assertThat(call("POST", "api/token", "no JSON").statusCode()).isEqualTo(403);
        assertThat(call("GET", "api/token", "").statusCode()).isEqualTo(405);
    }

    @Test
    @DisplayName("S61: a token that is refreshed a second time ends the session, for the thief and for the robbed")
    void refreshedTwice() throws Exception {
        String stolen = issued();
        String other = issued();
        String fresh = member("token", bearer("POST", "api/token/refresh", stolen));
        String freshest = member("token", bearer("POST", "api/token/refresh", fresh));
        assertThat(bearer("GET", "api/me", stolen).statusCode())
                .as("a request that was under way is no reason")
                .isEqualTo(401);
        assertThat(bearer("GET", "api/me", freshest).statusCode()).isEqualTo(200);
        HttpResponse<String> replayed = bearer("POST", "api/token/refresh", stolen);
        assertThat(replayed.statusCode()).isEqualTo(401);
        assertThat(replayed.body()).contains("\"reason\":\"revoked\"");
        assertThat(bearer("GET", "api/me", freshest).statusCode()).isEqualTo(401);
        assertThat(bearer("POST", "api/token/refresh", freshest).statusCode()).isEqualTo(401);
        assertThat(bearer("GET", "api/me", other).statusCode())
                .as("another log-in")
                .isEqualTo(200);
    }

    @Test
    @DisplayName("S49: what a browser sends by itself neither refreshes nor revokes")
    void ambient() throws Exception {
        String login = "{\"code\":\"" + site.weChat().login("bob") + "\",\"carry\":\"cookie\"}";
        String cookie = member("cookie", call("POST", "api/mini/login", login));
        for (String path : new String[] {"api/token/refresh", "api/token/revoke"}) {
            assertThat(call("POST", path, "", "Cookie", cookie).statusCode()).isEqualTo(403);
        }
        assertThat(call("GET", "api/me", "", "Cookie", cookie).statusCode()).isEqualTo(200);
    }

    @Test
    @DisplayName("S76: one log-in a code, and the openid is WeChat's, whatever the client says")
    void codes() throws Exception {
        String code = site.weChat().login("bob");
        String body = "{\"code\":\"" + code + "\",\"openid\":\"alice\",\"session_key\":\"mine\"}";
        HttpResponse<String> login = call("POST", "api/mini/login", body);
        assertThat(login.statusCode()).isEqualTo(200);
        assertThat(site.programsOf("bob")).isEqualTo(1);
        assertThat(site.programsOf("alice")).isZero();
        HttpResponse<String> again = call("POST", "api/mini/login", body);
        assertThat(again.statusCode()).isEqualTo(400);
        assertThat(again.body())
                .isEqualTo("{\"error\":\"login_refused\",\"reason\":\"used_code\",\"advice\":\"new_code\"}");
        assertThat(site.weChat().received()).isEqualTo(1);
    }

    @Test
    @DisplayName("S75: the session_key is in no answer")
    void sessionKey() throws Exception {
        HttpResponse<String> login =
                call("POST", "api/mini/login", "{\"code\":\"" + site.weChat().login("bob") + "\"}");
        HttpResponse<String> me = bearer("GET", "api/me", member("token", login));
        String key = site.weChat().sessionKeyOf("bob");
        assertThat(key).isNotEmpty();
        for (HttpResponse<String> response : List.of(login, me)) {
            assertThat(response.body() + response.headers().map()).doesNotContain(key, "session_key", "bob");
        }
    }
}
