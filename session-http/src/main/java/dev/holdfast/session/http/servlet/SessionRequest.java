package dev.holdfast.session.http.servlet;

import dev.holdfast.session.http.PresentedId;
import dev.holdfast.session.http.PresentedId.Source;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpUpgradeHandler;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A request whose session is an {@link Exchange}'s instead of the container's. */
final class SessionRequest extends HttpServletRequestWrapper {

    private final Exchange exchange;
    private final SessionResponse response;

    SessionRequest(HttpServletRequest request, SessionResponse response, Exchange exchange) {
        super(request);
        this.exchange = exchange;
        this.response = response;
    }

    Exchange exchange() {
        return exchange;
    }

    @Override
    public @Nullable HttpSession getSession(boolean create) {
        return exchange.session(create);
    }

    @Override
    public HttpSession getSession() {
        return Objects.requireNonNull(exchange.session(true));
    }

    @Override
    public String changeSessionId() {
        return exchange.rotateId();
    }

    /** As the container has it; then the session gets another id, since the one from before may be known to others. */
    @Override
    public void login(String user, String password) throws ServletException {
        super.login(user, password);
        exchange.loggedIn();
    }

    /** As the container has it; if that logs somebody in the session gets another id. */
    @Override
    public boolean authenticate(HttpServletResponse response) throws IOException, ServletException {
        boolean known = getUserPrincipal() != null;
        boolean authenticated = super.authenticate(response);
        if (authenticated && !known) {
            exchange.loggedIn();
        }
        return authenticated;
    }

    @Override
    public @Nullable String getRequestedSessionId() {
        PresentedId presented = exchange.presented();
        return presented == null ? null : presented.value();
    }

    @Override
    public boolean isRequestedSessionIdValid() {
        return exchange.isPresentedIdValid();
    }

    @Override
    public boolean isRequestedSessionIdFromCookie() {
        return exchange.isPresented(Source.COOKIE);
    }

    @Override
    public boolean isRequestedSessionIdFromURL() {
        return exchange.isPresented(Source.URL);
    }

    @Override
    public @Nullable RequestDispatcher getRequestDispatcher(String path) {
        RequestDispatcher dispatcher = super.getRequestDispatcher(path);
        return dispatcher == null ? null : new SessionDispatcher(dispatcher, exchange);
    }

    /** Starts with this request and response instead of the container's, which know nothing of the session. */
    @Override
    public AsyncContext startAsync() {
        return startAsync(this, response);
    }

    @Override
    public AsyncContext startAsync(ServletRequest request, ServletResponse response) {
        AsyncContext context = super.startAsync(request, response);
        context.addListener(new LateSave(exchange));
        return new SessionAsyncContext(context, exchange);
    }

    @Override
    public AsyncContext getAsyncContext() {
        return new SessionAsyncContext(super.getAsyncContext(), exchange);
    }

    /** The response is committed when the other protocol begins. */
    @Override
    public <T extends HttpUpgradeHandler> T upgrade(Class<T> handler) throws IOException, ServletException {
        exchange.settle();
        return super.upgrade(handler);
    }

    private record SessionDispatcher(RequestDispatcher dispatcher, Exchange exchange) implements RequestDispatcher {

        @Override
        public void forward(ServletRequest request, ServletResponse response) throws ServletException, IOException {
            exchange.dispatching(() -> dispatcher.forward(request, response));
        }

        @Override
        public void include(ServletRequest request, ServletResponse response) throws ServletException, IOException {
            exchange.dispatching(() -> dispatcher.include(request, response));
        }
    }
}
