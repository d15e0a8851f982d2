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
}
