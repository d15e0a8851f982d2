package dev.holdfast.session.http;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Headers as a response has them. */
public final class TestResponse implements HttpResponseView {

    private final Map<String, List<String>> lines = new TreeMap<>();

    @Override
    public List<String> headers(String name) {
        return lines.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    @Override
    public void setHeader(String name, List<String> values) {
        lines.put(name.toLowerCase(Locale.ROOT), List.copyOf(values));
    }

    /** Returns all names in lower case with their lines. */
    public Map<String, List<String>> all() {
        return lines;
    }
}
