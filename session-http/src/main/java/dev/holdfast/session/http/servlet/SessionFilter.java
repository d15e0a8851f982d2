package dev.holdfast.session.http.servlet;

import dev.holdfast.session.Session;
import dev.holdfast.session.SessionBusyException;
import dev.holdfast.session.SessionConflictException;
import dev.holdfast.session.SessionEndedException;
import dev.holdfast.session.Sessions;
import dev.holdfast.session.SessionsBuilder;
import dev.holdfast.session.http.CookieSettings;
import dev.holdfast.session.http.CookieTransport;
import dev.holdfast.session.http.GuessingAlarm;
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
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.EventListener;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Gives a servlet application its {@code HttpSession}, kept by {@link Sessions}.
 *
 * <ul>
 *   <li>The session is looked up when the application first asks for it. A request that never asks costs no store call
 *       and gets no cookie; nor is a session stored that holds nothing.
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

    private final Sessions sessions;
    private final SessionTransport transport;
    private final SessionListeners listeners;
    private final Watch watch;
    private final String attribute = SessionFilter.class.getName() + "@" + Integer.toHexString(hashCode());

    private SessionFilter(Builder builder) {
        sessions = builder.sessions;
        transport = builder.transport;
        listeners = new SessionListeners(builder.listeners);
        watch = new Watch(builder.client, builder.onClientChange, builder.alarm, builder.peer);
    }

    /** Returns a filter with the cookie of {@link CookieSettings#create}, which browsers accept over TLS only. */
    public static SessionFilter create(Sessions sessions) {
        return builder(sessions).build();
    }

    /** Returns a builder with the settings of {@link #create}. */
    public static Builder builder(Sessions sessions) {
        return new Builder(sessions);
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
        registration.setAsyncSupported(true);
        registration.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), false, "/*");
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
        Exchange exchange = known == null ? begin(http, httpResponse) : known;
        exchange.answerWith(httpResponse);
        SessionResponse sessionResponse = new SessionResponse(httpResponse, exchange);
        around(exchange, new SessionRequest(http, sessionResponse, exchange), sessionResponse, chain);
    }

    private Exchange begin(HttpServletRequest request, HttpServletResponse response) {
        Exchange exchange = new Exchange(sessions, transport, listeners, watch, request, response);
        request.setAttribute(attribute, exchange);
        return exchange;
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

    /** Settings of a {@link SessionFilter}. Not thread-safe. */
    public static final class Builder {

        private final Sessions sessions;
        private SessionTransport transport = CookieTransport.create(CookieSettings.create());
        private final List<EventListener> listeners = new ArrayList<>();
        private @Nullable Function<HttpServletRequest, String> client;
        private ClientChange onClientChange = ClientChange.OBSERVE;
        private @Nullable GuessingAlarm alarm;
        private Function<HttpServletRequest, String> peer = HttpServletRequest::getRemoteAddr;

        private Builder(Sessions sessions) {
            this.sessions = Objects.requireNonNull(sessions);
        }

        /** The session cookie; {@link CookieSettings#create} unless set. */
        public Builder cookie(CookieSettings settings) {
            return transport(CookieTransport.create(settings));
        }

        /** How ids travel; in the cookie of {@link CookieSettings#create} unless set. */
        public Builder transport(SessionTransport transport) {
            this.transport = Objects.requireNonNull(transport);
            return this;
        }

        /**
         * Adds a listener for what this application's requests do to sessions. Those that the container knows never
         * hear of these sessions. Nothing tells of sessions that expire.
         *
         * @param listener an {@code HttpSessionListener}, {@code HttpSessionIdListener} or
         *     {@code HttpSessionAttributeListener}
         */
        public Builder listener(EventListener listener) {
            if (!SessionListeners.isKnown(listener)) {
                throw new IllegalArgumentException(listener.getClass().getName() + " listens to no session event");
            }
            listeners.add(listener);
            return this;
        }

        /**
         * Looks whether the client is the one that a session belongs to; not looked at. A change is told to the listeners
         * of the sessions as {@link dev.holdfast.session.SessionEvent.ClientChanged}. Whoever has stolen an id can copy
         * most of what describes a client, so this notices the careless only.
         *
         * @param client describes what must stay the same, as the user agent does; an address often changes
         */
        public Builder bindClient(Function<HttpServletRequest, String> client, ClientChange onChange) {
            this.client = Objects.requireNonNull(client);
            onClientChange = Objects.requireNonNull(onChange);
            return this;
        }

        /** What hears of ids that are nobody's, by the request's remote address; nothing. */
        public Builder guessingAlarm(GuessingAlarm alarm) {
            return guessingAlarm(alarm, HttpServletRequest::getRemoteAddr);
        }

        /**
         * What hears of ids that are nobody's; nothing.
         *
         * @param peer tells who sends a request, where the remote address is a proxy's
         */
        public Builder guessingAlarm(GuessingAlarm alarm, Function<HttpServletRequest, String> peer) {
            this.alarm = Objects.requireNonNull(alarm);
            this.peer = Objects.requireNonNull(peer);
            return this;
        }

        /** Returns a new filter. */
        public SessionFilter build() {
            return new SessionFilter(this);
        }
    }
}
