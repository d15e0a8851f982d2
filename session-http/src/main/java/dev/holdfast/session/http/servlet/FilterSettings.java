package dev.holdfast.session.http.servlet;

import dev.holdfast.session.Concurrency;
import dev.holdfast.session.Session;
import dev.holdfast.session.Sessions;
import dev.holdfast.session.http.SessionTransport;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * What the requests of one filter have in common.
 *
 * @param started where each request begins a session
 * @param excluded where there are no sessions
 * @param readOnly where sessions are only read
 * @param keepEmpty whether a session is stored that holds nothing
 * @param clearSiteData the header's value for the answer that ends a session, or {@code null} for none
 */
record FilterSettings(
        Sessions sessions,
        SessionTransport transport,
        SessionListeners listeners,
        Expiries expiries,
        Watch watch,
        PathPatterns started,
        PathPatterns excluded,
        PathPatterns readOnly,
        boolean keepEmpty,
        @Nullable String clearSiteData) {

    Session open(@Nullable String id, HttpServletRequest request) {
        return isReadOnly(request) ? sessions.open(id, Concurrency.READ_ONLY) : sessions.open(id);
    }

    boolean isReadOnly(HttpServletRequest request) {
        return readOnly.match(request);
    }
}
