package dev.holdfast.session.http;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Several transports in an order.
 *
 * <p>The rule for several ids in one request: <b>they are tried in the order of the chain, and within one transport in the
 * order of the request, at most {@value SessionTransport#MAX_PRESENTED_IDS} different ones, and the first that names a
 * live session is the session of the request, whatever the others name.</b>
 *
 * <p>A new id goes out by the transports that presented the old one; if no presented id led to a session, by the first
 * that presented any; and by the first of the chain if none did. Put the cookie first where browsers come too: then no
 * script can have its id sent in another way. Links are encoded only for clients that present nothing in a cookie, header
 * or body.
 */
public final class TransportChain implements SessionTransport {

    private final List<SessionTransport> transports;

    private TransportChain(List<SessionTransport> transports) {
        this.transports = transports;
    }

    /** Returns a chain of these transports, in this order. */
    public static TransportChain of(SessionTransport first, SessionTransport... others) {
        return new TransportChain(
                Stream.concat(Stream.of(first), Stream.of(others)).toList());
    }

    @Override
    public List<PresentedId> read(HttpRequestView request) {
        Set<String> known = new LinkedHashSet<>();
        return transports.stream()
                .flatMap(transport -> transport.read(request).stream())
                .filter(id -> known.add(id.value()))
                .limit(MAX_PRESENTED_IDS)
                .toList();
    }

    @Override
    public void issue(String id, @Nullable PresentedId old, HttpRequestView request, HttpResponseView response) {
        answering(old, request).forEach(transport -> transport.issue(id, old, request, response));
    }

    @Override
    public void expire(@Nullable PresentedId old, HttpRequestView request, HttpResponseView response) {
        answering(old, request).forEach(transport -> transport.expire(old, request, response));
    }

    @Override
    public boolean keep(PresentedId held, HttpRequestView request, HttpResponseView response) {
        boolean repeated = false;
        for (SessionTransport transport : answering(held, request)) {
            repeated |= transport.keep(held, request, response);
        }
        return repeated;
    }

    private List<SessionTransport> answering(@Nullable PresentedId old, HttpRequestView request) {
        if (old != null) {
            return transports.stream()
                    .filter(transport -> transport.read(request).stream()
                            .anyMatch(id -> id.value().equals(old.value())))
                    .toList();
        }
        return List.of(transports.stream()
                .filter(transport -> !transport.read(request).isEmpty())
                .findFirst()
                .orElse(transports.get(0)));
    }

    @Override
    public void receive(HttpRequestView request, HttpResponseView response) {
        transports.forEach(transport -> transport.receive(request, response));
    }

    @Override
    public String encodeUrl(
            String url, Supplier<Optional<String>> id, HttpRequestView request, HttpResponseView response) {
        if (read(request).stream().anyMatch(presented -> presented.source() != PresentedId.Source.URL)) {
            return url;
        }
        String encoded = url;
        for (SessionTransport transport : transports) {
            encoded = transport.encodeUrl(encoded, id, request, response);
        }
        return encoded;
    }

    /** Returns what the first transport says to which the request presents anything. */
    @Override
    public Unauthorized reason(HttpRequestView request) {
        return transports.stream()
                .map(transport -> transport.reason(request))
                .filter(reason -> reason != Unauthorized.MISSING)
                .findFirst()
                .orElse(Unauthorized.MISSING);
    }

    @Override
    public Set<String> variesOn() {
        return transports.stream()
                .flatMap(transport -> transport.variesOn().stream())
                .collect(Collectors.toUnmodifiableSet());
    }
}
