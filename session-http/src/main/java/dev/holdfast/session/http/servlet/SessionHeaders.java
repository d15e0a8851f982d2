package dev.holdfast.session.http.servlet;

import dev.holdfast.session.SessionId;
import dev.holdfast.session.http.PresentedId;
import dev.holdfast.session.http.SessionTransport;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/** Brings a response's headers in line with the request's session. May be called any number of times. */
final class SessionHeaders {

    private static final String CLEAR_SITE_DATA = "Clear-Site-Data";

    private final SessionTransport transport;
    private final @Nullable String clearSiteData;
    private final ServletRequestView request;
    private @Nullable SessionId issued;
    private boolean cleared;

    SessionHeaders(SessionTransport transport, @Nullable String clearSiteData, ServletRequestView request) {
        this.transport = transport;
        this.clearSiteData = clearSiteData;
        this.request = request;
    }

    /** Returns the id that the response hands out, if it does. */
    @Nullable
    SessionId issued() {
        return issued;
    }

    /**
     * @param session the request's, which the client shall hold if it is to be kept
     * @param found the id that led to a session in the beginning
     * @param early whether the session is still to be saved, so that it counts as stored once it holds something
     * @param endedElsewhere whether another request ended the session, so that the client may hold a newer id by now,
     *     which an expired cookie would take away
     */
    void write(
            HttpServletResponse response,
            @Nullable SessionView session,
            @Nullable PresentedId found,
            boolean early,
            boolean endedElsewhere) {
        ServletResponseView responseView = new ServletResponseView(response);
        boolean kept = session != null && session.isToBeKept(early);
        if (session != null && kept) {
            SessionId id = session.sessionId();
            if (found == null || !id.value().equals(found.value())) {
                transport.issue(id.value(), found, request, responseView);
                issued = id;
                CacheHeaders.noStore(response);
            } else if (transport.keep(found, request, responseView)) {
                CacheHeaders.noStore(response);
            }
        } else if (issued != null || (found != null && !endedElsewhere)) {
            transport.expire(found, request, responseView);
            CacheHeaders.noStore(response);
        }
        clearSiteData(response, !kept && session != null && session.hasEnded() && !endedElsewhere);
    }

    /** A session that begins after the log-out takes the header back: it would clear the new cookie. */
    private void clearSiteData(HttpServletResponse response, boolean wanted) {
        if (clearSiteData != null && (wanted || cleared)) {
            response.setHeader(CLEAR_SITE_DATA, wanted ? clearSiteData : null);
            cleared = wanted;
        }
    }

    void vary(HttpServletResponse response) {
        transport.variesOn().forEach(header -> CacheHeaders.vary(response, header));
    }
}
