package dev.holdfast.session.http;

import dev.holdfast.session.http.PresentedId.Source;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Carries the id in a cookie.
 *
 * <p>All cookies of the name are read, in the order in which the client sent them (browsers send the one with the
 * longest path first); cookies of other names, and whatever is no cookie, are passed over. Programs that keep cookies by
 * themselves, and send back what {@code Set-Cookie} had, attributes included, are understood; if they join cookies with
 * commas, one whose name has a prefix such as {@code __Host-} must come first. A response has at most one
 * {@code Set-Cookie} of this name, the last that was asked for. The cookie that expires another one repeats its
 * attributes, so that browsers find it.
 */
public final class CookieTransport implements SessionTransport {

    private static final String SET_COOKIE = "Set-Cookie";
    private static final Set<String> VARIES_ON = Set.of("Cookie");

    private final CookieSettings settings;
    private final InstantSource clock;

    private CookieTransport(CookieSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /** Returns a transport with these settings; {@link CookieSettings#create} has the defaults. */
    public static CookieTransport create(CookieSettings settings) {
        return create(settings, InstantSource.system());
    }

    static CookieTransport create(CookieSettings settings, InstantSource clock) {
        return new CookieTransport(Objects.requireNonNull(settings), clock);
    }

    public CookieSettings settings() {
        return settings;
    }

    @Override
    public List<PresentedId> read(HttpRequestView request) {
        return PresentedId.listOf(CookieHeader.values(request.headers("Cookie"), settings.name()), Source.COOKIE);
    }

    @Override
    public void issue(String id, @Nullable PresentedId old, HttpRequestView request, HttpResponseView response) {
        put(CookieHeader.set(settings, id, clock.instant()), response);
    }

    @Override
    public void expire(@Nullable PresentedId old, HttpRequestView request, HttpResponseView response) {
        put(CookieHeader.expire(settings), response);
    }

    /** Writes a {@linkplain CookieSettings#sliding sliding} cookie anew. */
    @Override
    public boolean keep(PresentedId held, HttpRequestView request, HttpResponseView response) {
        if (settings.sliding()) {
            issue(held.value(), held, request, response);
        }
        return settings.sliding();
    }

    private void put(String cookie, HttpResponseView response) {
        Stream<String> others = response.headers(SET_COOKIE).stream().filter(line -> !isOwn(line));
        response.setHeader(SET_COOKIE, Stream.concat(others, Stream.of(cookie)).toList());
    }

    private boolean isOwn(String line) {
        return line.split("=", 2)[0].strip().equals(settings.name());
    }

    @Override
    public Set<String> variesOn() {
        return VARIES_ON;
    }
}
