package dev.holdfast.session.http.servlet;

import dev.holdfast.session.Session;
import dev.holdfast.session.SessionEndedException;
import dev.holdfast.session.Sessions;
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
import java.time.Duration;

/**
 * Lets only requests pass whose session has a principal. The others are answered as an API answers, see
 * {@link Unauthorized}; with 503 if the store can't tell. Mapped to the paths of the API, behind a {@link SessionFilter}.
 */
public final class LoginRequired implements Filter {

    private final boolean endsReplayed;

    private LoginRequired(boolean endsReplayed) {
        this.endsReplayed = endsReplayed;
    }

    /** Returns a filter. */
    public static LoginRequired create() {
        return new LoginRequired(false);
    }

    /**
     * Returns a filter for the path at which clients exchange a token for a new one, where the application calls
     * {@link Session#rotateId(Duration)}: an old token that comes once more {@linkplain Sessions#endReplaced ends} the
     * session. Who sent it is a thief, or was robbed; both have to log in.
     */
    public static LoginRequired endingReplays() {
        return new LoginRequired(true);
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        SessionRequest http = sessionRequest(request);
        HttpSession session = http.getSession(false);
        if (session instanceof SessionView view && view.session().principal().isPresent()) {
            admit(http, request, response, chain);
        } else if (http.exchange().isDetached()) {
            ((HttpServletResponse) response).sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        } else {
            if (session == null) {
                endReplayed(http);
            }
            refuse(session == null ? http.exchange().reason() : Unauthorized.MISSING, (HttpServletResponse) response);
        }
    }

    private void admit(SessionRequest http, ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        try {
            chain.doFilter(request, response);
        } catch (SessionEndedException e) {
            // another request with the same token was first
            endReplayed(http);
            throw e;
        }
    }

    private void endReplayed(SessionRequest http) {
        if (endsReplayed) {
            http.exchange().endReplayed();
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
