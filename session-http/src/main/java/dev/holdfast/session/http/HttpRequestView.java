package dev.holdfast.session.http;

import java.util.List;

/** What a transport sees of a request. */
public interface HttpRequestView {

    /**
     * Returns the values of a header, one for each line in which the client sent it, in order; empty if it is absent.
     *
     * @param name in any case
     */
    List<String> headers(String name);

    /** Returns scheme, host and port as the client named them, such as {@code https://example.org:8443}. */
    String origin();

    /** Returns the path as it was sent, neither decoded nor freed of path parameters. */
    String path();

    /** Returns what follows the path's question mark, not decoded; empty if nothing does. */
    String query();

    /**
     * Returns the values of a field of the form in the body, decoded, in order; empty unless this is a {@code POST} of
     * type {@code application/x-www-form-urlencoded}. Parameters of the query are none. May consume the body in favour of
     * the request's parameters.
     */
    List<String> formFields(String name);
}
