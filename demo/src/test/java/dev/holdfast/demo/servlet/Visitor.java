package dev.holdfast.demo.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A client with a cookie jar, which brings along what its requests do in the application. */
final class Visitor {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Application application;
    private final Map<String, String> jar = new LinkedHashMap<>();

    /** What a request does with itself. */
    interface Visit {
        void make(HttpServletRequest request) throws Exception;
    }

    Visitor(Application application) {
        this.application = application;
    }

    Visitor with(String name, String value) {
        jar.put(name, value);
        return this;
    }

    Visitor forget() {
        jar.clear();
        return this;
    }

    String cookie() {
        return jar.getOrDefault("session", "");
    }

    /** Sends a request that does this; what it throws is thrown here. */
    HttpResponse<String> visit(Visit visit) throws IOException, InterruptedException {
        return act((request, response) -> {
            visit.make(request);
            response.getWriter().print("done");
        });
    }

    HttpResponse<String> act(Application.Page action) throws IOException, InterruptedException {
        return act("/", action);
    }

    HttpResponse<String> act(String path, Application.Page action) throws IOException, InterruptedException {
        String name = application.keep(action);
        HttpResponse<String> response = send("GET", path, Application.ACTION, name);
        Throwable failure = application.failureOf(name);
        if (failure != null) {
            throw new AssertionError("in the request", failure);
        }
        return response;
    }

    HttpResponse<String> send(String method, String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(application.uri(path)).method(method, BodyPublishers.noBody());
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
        HttpResponse<String> response = HTTP.send(request.build(), BodyHandlers.ofString());
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
