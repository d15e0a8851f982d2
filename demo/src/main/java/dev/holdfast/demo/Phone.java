package dev.holdfast.demo;

import dev.holdfast.session.http.wechat.standin.WeChatStandIn;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/**
 * A phone with a mini-program, which asks the site's own API over HTTP. What it keeps is in the visitor's session; like
 * {@code wx.request}, it has no cookie jar.
 */
final class Phone {

    /** The attributes that are the phone's own. */
    static final String PREFIX = "phone.";

    private static final String COOKIE = PREFIX + "cookie";
    private static final String TOKEN = PREFIX + "token";
    private static final String USER = PREFIX + "user";
    private static final String LOG = PREFIX + "log";
    private static final Pattern SECRETS = Pattern.compile("([A-Za-z0-9_-]{12})[A-Za-z0-9_.-]{20,}");
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final WeChatStandIn weChat;
    private final Supplier<URI> site;

    Phone(WeChatStandIn weChat, Supplier<URI> site) {
        this.weChat = weChat;
        this.site = site;
    }

    static String cookie(HttpSession storage) {
        return text(storage, COOKIE);
    }

    static String token(HttpSession storage) {
        return text(storage, TOKEN);
    }

    /** Returns what was sent and answered last, with its secrets cut short. */
    static String log(HttpSession storage) {
        return SECRETS.matcher(text(storage, LOG)).replaceAll("$1…");
    }

    private static String text(HttpSession storage, String name) {
        return Objects.requireNonNullElse(storage.getAttribute(name), "").toString();
    }

    /** Does what a button says. */
    void press(String button, HttpSession storage) {
        String answer = switch (button) {
            case "bare" -> send("GET", "/api/me", "", "");
            case "login-cookie" -> login(storage, "cookie", COOKIE);
            case "ask-cookie" -> send("GET", "/api/me", header("Cookie: ", cookie(storage)), "");
            case "login-token" -> login(storage, "token", TOKEN);
            case "ask-token" -> send("GET", "/api/me", bearer(storage), "");
            case "refresh" -> keep(storage, "token", TOKEN, post(storage, "/api/token/refresh"));
            case "revoke" -> post(storage, "/api/token/revoke");
            default -> "";
        };
        storage.setAttribute(LOG, answer);
    }

    private static String header(String name, String value) {
        return value.isEmpty() ? "" : name + value;
    }

    private static String bearer(HttpSession storage) {
        return header("Authorization: Bearer ", token(storage));
    }

    private String post(HttpSession storage, String path) {
        return send("POST", path, bearer(storage), "");
    }

    /** Logs in as {@code wx.login} has it: the phone gets a code, and gives it to the server. */
    private String login(HttpSession storage, String carry, String name) {
        if (storage.getAttribute(USER) == null) {
            storage.setAttribute(USER, "openid-" + Long.toHexString(System.nanoTime()));
        }
        String body = JSON.createObjectNode()
                .put("code", weChat.login(text(storage, USER)))
                .put("carry", carry)
                .toString();
        return keep(storage, carry, name, send("POST", "/api/mini/login", "", body));
    }

    private static String keep(HttpSession storage, String member, String name, String exchange) {
        String body = exchange.substring(exchange.lastIndexOf('\n') + 1);
        String credential =
                body.startsWith("{") ? JSON.readTree(body).path(member).asString("") : "";
        if (!credential.isEmpty()) {
            storage.setAttribute(name, credential);
        }
        return exchange;
    }

    /** Returns the request and its answer, as one reads them on the wire. */
    private String send(String method, String path, String header, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(site.get().resolve(path))
                .timeout(Duration.ofSeconds(10))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        String head = method + " " + path + "\n";
        if (!header.isEmpty()) {
            String[] parts = header.split(": ", 2);
            request.header(parts[0], parts[1]);
            head += header + "\n";
        }
        try {
            HttpResponse<String> response = HTTP.send(request.build(), BodyHandlers.ofString());
            return head + (body.isEmpty() ? "" : body + "\n") + "\n" + answer(response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the phone was interrupted", e);
        }
    }

    private static String answer(HttpResponse<String> response) {
        StringBuilder answer = new StringBuilder("HTTP/1.1 " + response.statusCode() + "\n");
        for (String name : new String[] {"Set-Cookie", "X-Auth-Token", "WWW-Authenticate"}) {
            response.headers().allValues(name).forEach(value -> answer.append(name + ": " + value + "\n"));
        }
        return answer.append(response.body()).toString();
    }
}
