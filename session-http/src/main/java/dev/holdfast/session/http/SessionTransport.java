package dev.holdfast.session.http;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries session ids between client and server: reads what a request presents, hands an id out, takes it back.
 *
 * <p>Implementations are immutable and thread-safe, and do no I/O. A transport that is not in use reads nothing, so an
 * id that stands where no transport looks is ignored. A {@link TransportChain} is made of others.
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
     * @param old the presented id that led to the session and has been replaced; {@code null} if none did
     * @param request what is answered
     */
    void issue(String id, @Nullable PresentedId old, HttpRequestView request, HttpResponseView response);

    /**
     * Tells the client to forget its id, in place of whatever this transport has written into the response before.
     *
     * @param old the presented id that led to the session; {@code null} if none did
     * @param request what is answered
     */
    void expire(@Nullable PresentedId old, HttpRequestView request, HttpResponseView response);

    /**
     * Called instead of {@link #issue} when the client holds the session's id already; may be called again.
     *
     * @return whether the response repeats the id, and so belongs into no cache; false unless overridden
     */
    default boolean keep(PresentedId held, HttpRequestView request, HttpResponseView response) {
        return false;
    }

    /** Called when a request comes in, to add the headers that any answer to it needs; none unless overridden. */
    default void receive(HttpRequestView request, HttpResponseView response) {}

    /**
     * Returns a link of a page with the session's id in it, or as it is; it stays as it is unless overridden.
     *
     * @param id the session's id, if there is a session that the client should know; asking may cost a store call
     */
    default String encodeUrl(
            String url, Supplier<Optional<String>> id, HttpRequestView request, HttpResponseView response) {
        return url;
    }

    /**
     * Returns why a request that turned out to have no live session has none. Asks no store: an id that never was one is
     * not told from one whose session has ended.
     */
    default Unauthorized reason(HttpRequestView request) {
        return Unauthorized.of(read(request));
    }

    /** Returns the request headers that an answer depends on once it depends on the session, for {@code Vary}. */
    Set<String> variesOn();
}
