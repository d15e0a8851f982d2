package dev.holdfast.session.http.servlet;

import dev.holdfast.session.http.HttpRequestView;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

record ServletRequestView(HttpServletRequest request) implements HttpRequestView {

    private static final String FORM = "application/x-www-form-urlencoded";

    @Override
    public List<String> headers(String name) {
        return Collections.list(request.getHeaders(name));
    }

    @Override
    public String origin() {
        return request.getScheme() + "://" + request.getServerName() + ":" + request.getServerPort();
    }

    @Override
    public String path() {
        return request.getRequestURI();
    }

    @Override
    public String query() {
        return Objects.requireNonNullElse(request.getQueryString(), "");
    }

    @Override
    public List<String> formFields(String name) {
        String type = Objects.requireNonNullElse(request.getContentType(), "");
        if (!request.getMethod().equals("POST")
                || !type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals(FORM)) {
            return List.of();
        }
        try {
            String[] values = request.getParameterValues(name);
            // a servlet's parameters are those of the query, and then those of the body
            long inQuery = Stream.of(query().split("&", -1))
                    .filter(pair -> isNamed(pair, name))
                    .count();
            return values == null ? List.of() : Stream.of(values).skip(inQuery).toList();
        } catch (RuntimeException e) {
            // a body that is no form; the application hears of it when it asks for a parameter itself
            return List.of();
        }
    }

    private static boolean isNamed(String pair, String name) {
        return URLDecoder.decode(pair.split("=", 2)[0], StandardCharsets.UTF_8).equals(name);
    }
}
