package dev.holdfast.session.http;

import dev.holdfast.session.http.PresentedId.Source;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Carries the id in a header that the client writes itself: for programs without a cookie jar, such as WeChat's
 * mini-programs. No other site can make a browser send it, so requests by it need no protection against forgery.
 *
 * <p>A new id is in the response header of {@link #responseHeader}, which is empty when the client is to forget its id.
 * Whoever lets scripts of other origins in names that header in {@code Access-Control-Expose-Headers}.
 */
public final class HeaderTransport implements SessionTransport {

    /** Where clients find a new id, unless their own header has another name. */
    public static final String DEFAULT_HEADER = "X-Auth-Token";

    private static final Pattern NAME = Pattern.compile("[!#$%&'*+\\-.^_`|~0-9A-Za-z]{1,100}");
    private static final Pattern VALUE = Pattern.compile("[!-+\\--~]+");
    private static final String SCHEME = "Bearer ";

    private final String requestHeader;
    private final String responseHeader;
    private final String scheme;

    private HeaderTransport(String requestHeader, String responseHeader, String scheme) {
        this.requestHeader = requestHeader;
        this.responseHeader = responseHeader;
        this.scheme = scheme;
    }

    /** Returns a transport that reads {@code Authorization: Bearer …} and answers in {@value #DEFAULT_HEADER}. */
    public static HeaderTransport bearer() {
        return new HeaderTransport("Authorization", DEFAULT_HEADER, SCHEME);
    }

    /**
     * Returns a transport that reads this header, such as {@value #DEFAULT_HEADER}, and answers in it.
     *
     * @throws IllegalArgumentException if it can't be a header's name, or is one that means something else
     */
    public static HeaderTransport named(String header) {
        if (!NAME.matcher(header).matches()) {
            throw new IllegalArgumentException("a header's name is made of ASCII letters, digits and !#$%&'*+-.^_`|~");
        }
        if (Stream.of("Authorization", "Cookie", "Set-Cookie", "Host").anyMatch(header::equalsIgnoreCase)) {
            throw new IllegalArgumentException(
                    header + " is read by HeaderTransport.bearer(), by CookieTransport, or by nobody");
        }
        return new HeaderTransport(header, header, "");
    }

    /** Returns the name of the header in which the client finds a new id. */
    public String responseHeader() {
        return responseHeader;
    }

    @Override
    public List<PresentedId> read(HttpRequestView request) {
        Stream<String> values = request.headers(requestHeader).stream()
                .flatMap(line -> Stream.of(line.split(",", -1)))
                .map(String::strip)
                .filter(value -> value.regionMatches(true, 0, scheme, 0, scheme.length()))
                .map(value -> value.substring(scheme.length()).strip())
                .filter(value -> !value.isEmpty());
        return PresentedId.listOf(values, Source.HEADER);
    }

    @Override
    public void issue(String id, @Nullable PresentedId old, HttpRequestView request, HttpResponseView response) {
        if (!VALUE.matcher(id).matches()) {
            throw new IllegalArgumentException("an id in a header is printable ASCII without space and comma");
        }
        response.setHeader(responseHeader, List.of(id));
    }

    @Override
    public void expire(@Nullable PresentedId old, HttpRequestView request, HttpResponseView response) {
        response.setHeader(responseHeader, List.of(""));
    }

    @Override
    public Set<String> variesOn() {
        return Set.of(requestHeader);
    }
}
