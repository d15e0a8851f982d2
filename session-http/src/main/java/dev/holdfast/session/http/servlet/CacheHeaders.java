package dev.holdfast.session.http.servlet;

import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.stream.Stream;

/** Adds what keeps caches from giving one client's answer to another; never removes what the application set. */
final class CacheHeaders {

    private CacheHeaders() {}

    static void vary(HttpServletResponse response, String header) {
        if (tokens(response, "Vary").noneMatch(token -> token.equals("*") || token.equalsIgnoreCase(header))) {
            response.addHeader("Vary", header);
        }
    }

    static void noStore(HttpServletResponse response) {
        if (tokens(response, "Cache-Control").noneMatch(token -> token.equalsIgnoreCase("no-store"))) {
            response.addHeader("Cache-Control", "no-store");
        }
    }

    private static Stream<String> tokens(HttpServletResponse response, String header) {
        return response.getHeaders(header).stream()
                .flatMap(line -> Arrays.stream(line.split(",", -1)))
                .map(String::strip);
    }
}
