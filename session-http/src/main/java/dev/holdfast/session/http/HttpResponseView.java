package dev.holdfast.session.http;

import java.util.List;

/** What a transport sees of a response that is not committed yet. */
public interface HttpResponseView {

    /**
     * Returns the values of a header, one for each line that would be sent, in order; empty if it is absent.
     *
     * @param name in any case
     */
    List<String> headers(String name);

    /**
     * Replaces all lines of a header.
     *
     * @param values one for each line, at least one
     */
    void setHeader(String name, List<String> values);
}
