package dev.holdfast.session.http.servlet;

import dev.holdfast.session.Session;
import dev.holdfast.session.SessionBusyException;
import dev.holdfast.session.SessionConflictException;
import dev.holdfast.session.SessionEndedException;
import dev.holdfast.session.Sessions;
import dev.holdfast.session.SessionsBuilder;
import dev.holdfast.session.http.CookieSettings;
import dev.holdfast.session.http.SessionTransport;
import dev.holdfast.session.spi.OutcomeUnknownException;
import dev.holdfast.session.spi.StoreUnavailableException;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.EnumSet;
import org.jspecify.annotations.Nullable;

/**
 * Gives a servlet application its {@code HttpSession}, kept by {@link Sessions}.
 *
 * <ul>
 *   <li>The session is looked up when the application first asks for it. A request that never asks costs no store call
 *       and gets no cookie, nor does one that only looks by {@code getSession(false)}.
 *   <li>It is saved before the response is committed, so that the next request sees it however soon it comes: when the
 *       buffer is about to overflow, at a flush, redirect or error, at the end of an asynchronous request, and at the
 *       latest when the application returns, also by an exception. What is changed after the response was committed is
 *       saved at the end; a new session can't begin then, which is an {@link IllegalStateException}.
 *   <li>Of several ids in one request the first that names a live session decides; see
 *       {@link SessionTransport#read}. Unknown ids are never adopted.
 *   <li>A response that hands out or expires an id has {@code Cache-Control: no-store}, and one whose application asked
 *       for the session has {@code Vary}; what the application set stays.
 *   <li>When the store is unavailable, or another request holds the session
 *       {@linkplain dev.holdfast.session.Concurrency#EXCLUSIVE exclusively} for too long, the answer is 503 without a
 *       cookie. Where {@link dev.holdfast.session.StoreDownPolicy#readOnlyWithoutSession} is on, only a request that would
 *       change the session is refused: for others {@code getSession(false)} is {@code null}, {@code getSession()} is
 *       empty, and the client keeps its cookie.
 *   <li>When parallel requests changed a session that is kept
 *       {@linkplain dev.holdfast.session.Concurrency#STRICT strictly}, or
 *       {@linkplain dev.holdfast.session.GonePolicy#FAIL ended} one, or a log-in that was not saved before is one too many
 *       for its user, the answer is 409.
 *   <li>A session that is held exclusively is given up when the request ends. An id is
 *       {@linkplain SessionsBuilder#renewal renewed} only while the client can still be told.
 * </ul>
 *
 * <p>{@link #addTo} registers the filter as it should be: for all paths and all kinds of dispatch, with asynchronous
 * requests, in front of other filters. Immutable and thread-safe. The {@code Sessions} stay the caller's to close.
 */
public final class SessionFilter implements Filter {

    private static final System.Logger LOG = System.getLogger(SessionFilter.class.getName());

    private final FilterSettings settings;
    private final String attribute = SessionFilter.class.getName() + "@" + Integer.toHexString(hashCode());

    SessionFilter(FilterSettings settings) {
        this.settings = settings;
    }

    /** Returns a filter with the cookie of {@link CookieSettings#create}, which browsers accept over TLS only. */
    public static SessionFilter create(Sessions sessions) {
        return builder(sessions).build();
    }

    /** Returns a builder with the settings of {@link #create}. */
    public static SessionFilterBuilder builder(Sessions sessions) {
        return new SessionFilterBuilder(sessions);
    }

    /**
     * Returns what lies behind an {@code HttpSession} of a session filter: the principal, the times, and the rest that
     * the Servlet API has no words for.
     *
     * @throws IllegalArgumentException if the session is another container's or filter's
     */
    public static Session sessionOf(HttpSession session) {
        if (session instanceof SessionView view) {
            return view.session();
        }
        throw new IllegalArgumentException(
                session.getClass().getName() + " is no session of a session filter: is it registered for this path?");
    }

    /**
     * Registers this filter in front of those that are registered later and matched before them, under its class name.
     *
     * @throws IllegalStateException if the context has started, or has such a filter already
     */
    public void addTo(ServletContext context) {
        FilterRegistration.Dynamic registration = context.addFilter(SessionFilter.class.getName(), this);
        if (registration == null) {
            throw new IllegalStateException("the context has a session filter already");
        }
        map(registration);
    }

    /** The second mapping is for dispatches by a servlet's name, which no path matches. */
    static void map(FilterRegistration.Dynamic registration) {
        registration.setAsyncSupported(true);
        registration.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), false, "/*");
        registration.addMappingForServletNames(EnumSet.of(DispatcherType.FORWARD, DispatcherType.INCLUDE), false, "*");
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!(request instanceof HttpServletRequest http) || !(response instanceof HttpServletResponse httpResponse)) {
            chain.doFilter(request, response);
            return;
        }
        Exchange known = (Exchange) http.getAttribute(attribute);
        if (known != null && isWrapped(http, known)) {
            again(known, http, response, chain);
            return;
        }
        if (known == null && settings.excluded().match(http)) {
            chain.doFilter(new SessionlessRequest(http), response);
            return;
        }
        Exchange exchange = known == null ? begin(http, httpResponse) : known;
        exchange.answerWith(httpResponse);
        SessionResponse sessionResponse = new SessionResponse(httpResponse, exchange);
        SessionRequest sessionRequest = new SessionRequest(http, sessionResponse, exchange);
        FilterChain rest = known == null && settings.started().match(http) ? started(exchange, chain) : chain;
        around(exchange, sessionRequest, sessionResponse, rest);
    }

    private Exchange begin(HttpServletRequest request, HttpServletResponse response) {
        Exchange exchange = new Exchange(settings, request, response);
        request.setAttribute(attribute, exchange);
        return exchange;
    }

    private static FilterChain started(Exchange exchange, FilterChain chain) {
        return (request, response) -> {
            exchange.start();
            chain.doFilter(request, response);
        };
    }

    private static boolean isWrapped(ServletRequest request, Exchange exchange) {
        ServletRequest inner = request;
        while (inner instanceof ServletRequestWrapper wrapper) {
            if (wrapper instanceof SessionRequest session && session.exchange() == exchange) {
                return true;
            }
            inner = wrapper.getRequest();
        }
        return false;
    }

    /** Another dispatch of a request that this filter has wrapped. */
    private void again(Exchange exchange, HttpServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        switch (request.getDispatcherType()) {
            case ASYNC -> around(exchange, request, response, chain);
            case FORWARD -> {
                chain.doFilter(request, response);
                settle(exchange, request);
            }
            default -> chain.doFilter(request, response);
        }
    }

    private void around(Exchange exchange, HttpServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        try {
            chain.doFilter(request, response);
            settle(exchange, request);
        } catch (IOException | ServletException | RuntimeException | Error e) {
            if (!refused(exchange, e)) {
                settleAfter(e, exchange, request);
                throw e;
            }
        } finally {
            if (!request.isAsyncStarted()) {
                exchange.release();
            }
        }
    }

    private static void settle(Exchange exchange, HttpServletRequest request) {
        if (!request.isAsyncStarted()) {
            exchange.settle();
        }
    }

    private static void settleAfter(Throwable failure, Exchange exchange, HttpServletRequest request) {
        try {
            settle(exchange, request);
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    /** Answers for a session that could not be loaded or saved, if nothing was sent yet. */
    private static boolean refused(Exchange exchange, Throwable thrown) throws IOException {
        HttpServletResponse response = exchange.response();
        int status = statusOf(thrown);
        if (status == 0 || response.isCommitted()) {
            return false;
        }
        LOG.log(System.Logger.Level.WARNING, "answered " + status + " for a session that could not be kept", thrown);
        exchange.refuse();
        response.reset();
        CacheHeaders.noStore(response);
        response.sendError(status);
        return true;
    }

    private static int statusOf(@Nullable Throwable thrown) {
        Throwable cause = thrown;
        for (int depth = 0; cause != null && depth < 16; depth++) {
            if (cause instanceof StoreUnavailableException || cause instanceof OutcomeUnknownException) {
                return HttpServletResponse.SC_SERVICE_UNAVAILABLE;
            }
            if (cause instanceof SessionBusyException) {
                return HttpServletResponse.SC_SERVICE_UNAVAILABLE;
            }
            if (cause instanceof SessionConflictException || cause instanceof SessionEndedException) {
                return HttpServletResponse.SC_CONFLICT;
            }
            cause = cause.getCause();
        }
        return 0;
    }
}
