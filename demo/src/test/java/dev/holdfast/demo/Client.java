package dev.holdfast.demo;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A browser without scripts: it keeps the session cookie, follows redirects and sends the page's forms. */
final class Client {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Pattern CSRF = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"");
    private static final Pattern HANDLE = Pattern.compile("name=\"handle\" value=\"([^\"]+)\"");

    private URI site;
    private String cookie = "";

    Client(URI site) {
        this.site = site;
    }

    Client moveTo(URI site) {
        this.site = site;
        return this;
    }

    String cookie() {
        return cookie;
    }

    Client present(String cookie) {
        this.cookie = cookie;
        return this;
    }

    String home() throws IOException, InterruptedException {
        return get("/").body();
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path).GET().build());
    }

    HttpResponse<String> login(String user, String password) throws IOException, InterruptedException {
        return submit("/login", "userid", user, "password", password);
    }

    HttpResponse<String> logout() throws IOException, InterruptedException {
        return submit("/logout");
    }

    String handleOfOther() throws IOException, InterruptedException {
        return find(HANDLE, home());
    }

    /** Sends a form with the secret that the home page shows, and follows the redirect. */
    HttpResponse<String> submit(String path, String... fields) throws IOException, InterruptedException {
        return post(path, find(CSRF, home()), fields);
    }

    HttpResponse<String> post(String path, String csrf, String... fields) throws IOException, InterruptedException {
        StringBuilder form = new StringBuilder("csrf=").append(encode(csrf));
        for (int i = 0; i < fields.length; i += 2) {
            form.append('&').append(encode(fields[i])).append('=').append(encode(fields[i + 1]));
        }
        HttpResponse<String> response = send(request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form.toString()))
                .build());
        return response.statusCode() == 303 ? get("/") : response;
    }

    String csrf() throws IOException, InterruptedException {
        return find(CSRF, home());
    }

    private static String find(Pattern pattern, String page) {
        Matcher matcher = pattern.matcher(page);
        if (!matcher.find()) {
            throw new AssertionError("the page has no " + pattern + ":\n" + page);
        }
        return matcher.group(1);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(site.resolve(path));
        return cookie.isEmpty() ? request : request.header("Cookie", "session=" + cookie);
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> response = HTTP.send(request, BodyHandlers.ofString());
        for (String line : response.headers().allValues("Set-Cookie")) {
            cookie = line.substring("session=".length(), line.indexOf(';'));
        }
        return response;
    }
}
