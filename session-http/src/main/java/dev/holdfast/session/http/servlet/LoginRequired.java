package dev.holdfast.session.http.servlet;

import dev.holdfast.session.http.Unauthorized;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;

/**
 * Lets only requests pass whose session has a principal. The others are answered as an API answers, see
 * {@link Unauthorized}; with 503 if the store can't tell. Mapped to the paths of the API, behind a {@link SessionFilter}.
 */
public final class LoginRequired implements Filter {

    private LoginRequired() {}

    /** Returns a filter. */
    public static LoginRequired create() {
        return new LoginRequired();
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        SessionRequest http = sessionRequest(request);
        HttpSession session = http.getSession(false);
        if (session instanceof SessionView view && view.session().principal().isPresent()) {
            chain.doFilter(request, response);
        } else if (http.exchange().isDetached()) {
            ((HttpServletResponse) response).sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        } else {
            refuse(session == null ? http.exchange().reason() : Unauthorized.MISSING, (HttpServletResponse) response);
        }
    }

    private static SessionRequest sessionRequest(ServletRequest request) {
        ServletRequest inner = request;
        while (inner instanceof ServletRequestWrapper wrapper) {
            if (wrapper instanceof SessionRequest session) {
                return session;
            }
            inner = wrapper.getRequest();
        }
        throw new IllegalStateException("no session filter is in front of this one for this path");
    }

    private static void refuse(Unauthorized reason, HttpServletResponse response) throws IOException {
        response.setStatus(Unauthorized.STATUS);
        response.setHeader(Unauthorized.CHALLENGE_HEADER, reason.challenge());
        CacheHeaders.noStore(response);
        response.setContentType(Unauthorized.CONTENT_TYPE);
        response.getOutputStream().print(reason.body());
    }
}
