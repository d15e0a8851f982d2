package dev.holdfast.session.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A request with what a test puts into it. */
public final class TestRequest implements HttpRequestView {

    private final Map<String, List<String>> headers = new HashMap<>();
    private final Map<String, List<String>> form = new HashMap<>();
    private final String path;
    private final String query;

    private TestRequest(String path, String query) {
        this.path = path;
        this.query = query;
    }

    /** Returns a request of that path and query on {@code https://example.org}. */
    public static TestRequest to(String path) {
        String[] parts = path.split("\\?", 2);
        return new TestRequest(parts[0], parts.length > 1 ? parts[1] : "");
    }

    /** Adds a line of a header. */
    public TestRequest header(String name, String value) {
        headers.computeIfAbsent(name.toLowerCase(Locale.ROOT), any -> new ArrayList<>())
                .add(value);
        return this;
    }

    TestRequest field(String name, String value) {
        form.computeIfAbsent(name, any -> new ArrayList<>()).add(value);
        return this;
    }

    @Override
    public List<String> headers(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    @Override
    public String origin() {
        return "https://example.org:443";
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public String query() {
        return query;
    }

    @Override
    public List<String> formFields(String name) {
        return form.getOrDefault(name, List.of());
    }
}
