package dev.holdfast.session.http.token;

import dev.holdfast.session.SessionId;
import dev.holdfast.session.http.HeaderTransport;
import dev.holdfast.session.http.HttpRequestView;
import dev.holdfast.session.http.HttpResponseView;
import dev.holdfast.session.http.PresentedId;
import dev.holdfast.session.http.SessionTransport;
import dev.holdfast.session.http.Unauthorized;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Carries ids within signed tokens, in the place where another transport carries bare ones. A token that is forged, foreign
 * or expired presents no id, so no store is asked about it; a bare id is no token. Whenever the session gets a new id, the
 * client gets a new token.
 */
public final class TokenTransport implements SessionTransport {

    private final SessionTokens tokens;
    private final SessionTransport carrier;

    private TokenTransport(SessionTokens tokens, SessionTransport carrier) {
        this.tokens = Objects.requireNonNull(tokens);
        this.carrier = Objects.requireNonNull(carrier);
    }

    /** Returns a transport in the place of {@link HeaderTransport#bearer}. */
    public static TokenTransport create(SessionTokens tokens) {
        return create(tokens, HeaderTransport.bearer());
    }

    /** Returns a transport in the place of another one, such as {@code HeaderTransport.named("x-token")}. */
    public static TokenTransport create(SessionTokens tokens, SessionTransport carrier) {
        return new TokenTransport(tokens, carrier);
    }

    @Override
    public List<PresentedId> read(HttpRequestView request) {
        return carrier.read(request).stream()
                .flatMap(presented -> tokens.check(presented.value()) instanceof TokenCheck.Genuine genuine
                        ? Stream.of(new PresentedId(genuine.session().value(), presented.source()))
                        : Stream.empty())
                .distinct()
                .toList();
    }

    @Override
    public void issue(String id, @Nullable PresentedId old, HttpRequestView request, HttpResponseView response) {
        SessionId session =
                SessionId.parse(id).orElseThrow(() -> new IllegalArgumentException("this is no session id"));
        carrier.issue(tokens.issue(session).value(), null, request, response);
    }

    @Override
    public void expire(@Nullable PresentedId old, HttpRequestView request, HttpResponseView response) {
        carrier.expire(null, request, response);
    }

    @Override
    public void receive(HttpRequestView request, HttpResponseView response) {
        carrier.receive(request, response);
    }

    @Override
    public Unauthorized reason(HttpRequestView request) {
        List<TokenCheck> checks = carrier.read(request).stream()
                .map(presented -> tokens.check(presented.value()))
                .toList();
        if (checks.isEmpty()) {
            return Unauthorized.MISSING;
        }
        if (checks.stream().anyMatch(TokenCheck.Genuine.class::isInstance)) {
            return Unauthorized.REVOKED;
        }
        return checks.contains(new TokenCheck.Refused(Unauthorized.EXPIRED))
                ? Unauthorized.EXPIRED
                : Unauthorized.MALFORMED;
    }

    @Override
    public Set<String> variesOn() {
        return carrier.variesOn();
    }
}
