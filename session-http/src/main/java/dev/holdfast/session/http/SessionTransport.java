package dev.holdfast.session.http;

import java.util.List;
import java.util.Set;

/**
 * Carries session ids between client and server: reads what a request presents, hands an id out, takes it back.
 *
 * <p>Implementations are immutable and thread-safe, and do no I/O. A transport that is not in use reads nothing, so an
 * id that stands where no transport looks is ignored. A transport may be made of others.
 */
public interface SessionTransport {

    /** The most ids that are looked at in one request, all transports together. */
    int MAX_PRESENTED_IDS = 4;

    /**
     * Returns the ids that the request presents, unchecked, the one to try first in front; at most
     * {@value #MAX_PRESENTED_IDS}, each once. Of these the first that names a live session is the session of the
     * request, and the others play no part in it.
     */
    List<PresentedId> read(HttpRequestView request);

    /**
     * Gives an id to the client, in place of whatever this transport has written into the response before.
     *
     * @param request what is answered
     */
    void issue(String id, HttpRequestView request, HttpResponseView response);

    /**
     * Tells the client to forget its id, in place of whatever this transport has written into the response before.
     *
     * @param request what is answered
     */
    void expire(HttpRequestView request, HttpResponseView response);

    /** Returns the request headers that an answer depends on once it depends on the session, for {@code Vary}. */
    Set<String> variesOn();
}
