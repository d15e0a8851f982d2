package dev.holdfast.session.http;

import dev.holdfast.session.SessionId;
import dev.holdfast.session.http.PresentedId.Source;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Carries the id in URLs, for clients that keep no cookies: in the query or as a path parameter. Off unless it is used,
 * and best left off: URLs end up in logs, histories, bookmarks and chats, and whoever follows such a link is in the session.
 *
 * <p>What can be done against it is done. Only links of this site get the id, none to another host, scheme or port, and none
 * that a browser could read otherwise than this class. An answer whose own URL has an id, or a link of which gets one, has
 * {@code Referrer-Policy: no-referrer} and {@code Cache-Control: no-store}. Forms and scripts that the page writes without
 * {@link #encodeUrl} stay without an id.
 */
public final class UrlTransport implements SessionTransport {

    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,63}");

    private final UrlPlace place;
    private final String name;

    private UrlTransport(UrlPlace place, String name) {
        this.place = place;
        this.name = name;
    }

    /** Returns a transport for {@code /page?name=id}. */
    public static UrlTransport query(String name) {
        return new UrlTransport(UrlPlace.QUERY, requireName(name));
    }

    /** Returns a transport for {@code /page;name=id}. */
    public static UrlTransport path(String name) {
        return new UrlTransport(UrlPlace.PATH, requireName(name));
    }

    private static String requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a parameter's name is a letter and up to 63 letters, digits, _ and -");
        }
        if (name.equalsIgnoreCase("jsessionid")) {
            throw new IllegalArgumentException(name + " is the container's own");
        }
        return name;
    }

    @Override
    public List<PresentedId> read(HttpRequestView request) {
        return PresentedId.listOf(place.values(request, name).filter(value -> !value.isEmpty()), Source.URL);
    }

    /** Writes no id: links carry it. */
    @Override
    public void issue(String id, @Nullable PresentedId old, HttpRequestView request, HttpResponseView response) {}

    /** Does nothing: the links of the next page have no id. */
    @Override
    public void expire(@Nullable PresentedId old, HttpRequestView request, HttpResponseView response) {}

    @Override
    public boolean keep(PresentedId held, HttpRequestView request, HttpResponseView response) {
        return true;
    }

    @Override
    public void receive(HttpRequestView request, HttpResponseView response) {
        if (!read(request).isEmpty()) {
            protect(response);
        }
    }

    @Override
    public String encodeUrl(
            String url, Supplier<Optional<String>> id, HttpRequestView request, HttpResponseView response) {
        if (!OwnUrl.isOwn(url, request)) {
            return url;
        }
        Optional<String> value = id.get().filter(SessionId::isWellFormed);
        value.ifPresent(any -> protect(response));
        return value.map(known -> place.put(url, name, known)).orElse(url);
    }

    private static void protect(HttpResponseView response) {
        response.setHeader("Referrer-Policy", List.of("no-referrer"));
        List<String> caching = response.headers("Cache-Control");
        if (caching.stream().noneMatch(line -> line.toLowerCase(Locale.ROOT).contains("no-store"))) {
            response.setHeader(
                    "Cache-Control",
                    Stream.concat(caching.stream(), Stream.of("no-store")).toList());
        }
    }

    @Override
    public Set<String> variesOn() {
        return Set.of();
    }
}
