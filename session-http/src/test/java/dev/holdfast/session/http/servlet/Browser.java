package dev.holdfast.session.http.servlet;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A client with a cookie jar of its own. */
final class Browser {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final Site site;
    private final Map<String, String> jar = new LinkedHashMap<>();

    Browser(Site site) {
        this.site = site;
    }

    Browser with(String name, String value) {
        jar.put(name, value);
        return this;
    }

    String cookie() {
        return jar.getOrDefault("session", "");
    }

    String body(String path) throws Exception {
        return get(path).body();
    }

    HttpResponse<String> get(String path, String... headers) throws Exception {
        return send("GET", path, BodyHandlers.ofString(), headers);
    }

    HttpResponse<String> head(String path) throws Exception {
        return send("HEAD", path, BodyHandlers.ofString());
    }

    HttpResponse<InputStream> open(String path) throws Exception {
        return send("GET", path, BodyHandlers.ofInputStream());
    }

    private <T> HttpResponse<T> send(String method, String path, BodyHandler<T> body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(site.uri(path)).method(method, BodyPublishers.noBody());
        if (!jar.isEmpty()) {
            request.header(
                    "Cookie",
                    jar.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .collect(Collectors.joining("; ")));
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<T> response = CLIENT.send(request.build(), body);
        setCookies(response).forEach(this::keep);
        return response;
    }

    private void keep(String setCookie) {
        String[] pair = setCookie.split(";", 2)[0].split("=", 2);
        if (setCookie.contains("Max-Age=0;")) {
            jar.remove(pair[0]);
        } else {
            jar.put(pair[0], pair[1]);
        }
    }

    static List<String> setCookies(HttpResponse<?> response) {
        return response.headers().allValues("Set-Cookie");
    }
}
