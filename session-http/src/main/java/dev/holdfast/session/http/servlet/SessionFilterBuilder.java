package dev.holdfast.session.http.servlet;

import dev.holdfast.session.Sessions;
import dev.holdfast.session.http.CookieSettings;
import dev.holdfast.session.http.CookieTransport;
import dev.holdfast.session.http.GuessingAlarm;
import dev.holdfast.session.http.SessionTransport;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.EventListener;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Settings of a {@link SessionFilter}. Not thread-safe. */
public final class SessionFilterBuilder {

    private final Sessions sessions;
    private SessionTransport transport = CookieTransport.create(CookieSettings.create());
    private final List<EventListener> listeners = new ArrayList<>();
    private @Nullable Function<HttpServletRequest, String> client;
    private ClientChange onClientChange = ClientChange.OBSERVE;
    private @Nullable GuessingAlarm alarm;
    private Function<HttpServletRequest, String> peer = HttpServletRequest::getRemoteAddr;
    private PathPatterns started = PathPatterns.NONE;
    private PathPatterns excluded = PathPatterns.NONE;
    private PathPatterns readOnly = PathPatterns.NONE;
    private boolean keepEmpty = true;
    private @Nullable String clearSiteData;

    SessionFilterBuilder(Sessions sessions) {
        this.sessions = Objects.requireNonNull(sessions);
    }

    /** The session cookie; {@link CookieSettings#create} unless set. */
    public SessionFilterBuilder cookie(CookieSettings settings) {
        return transport(CookieTransport.create(settings));
    }

    /** How ids travel; in the cookie of {@link CookieSettings#create} unless set. */
    public SessionFilterBuilder transport(SessionTransport transport) {
        this.transport = Objects.requireNonNull(transport);
        return this;
    }

    /**
     * Adds a listener for what this application's requests do to sessions. Those that the container knows never
     * hear of these sessions. A session that expires is told of with the next request that presents its id, or asks for
     * any session; the module's {@code SERVLET.md} says what holds then.
     *
     * @param listener an {@code HttpSessionListener}, {@code HttpSessionIdListener} or
     *     {@code HttpSessionAttributeListener}
     */
    public SessionFilterBuilder listener(EventListener listener) {
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
    public SessionFilterBuilder bindClient(Function<HttpServletRequest, String> client, ClientChange onChange) {
        this.client = Objects.requireNonNull(client);
        onClientChange = Objects.requireNonNull(onChange);
        return this;
    }

    /** What hears of ids that are nobody's, by the request's remote address; nothing. */
    public SessionFilterBuilder guessingAlarm(GuessingAlarm alarm) {
        return guessingAlarm(alarm, HttpServletRequest::getRemoteAddr);
    }

    /**
     * What hears of ids that are nobody's; nothing.
     *
     * @param peer tells who sends a request, where the remote address is a proxy's
     */
    public SessionFilterBuilder guessingAlarm(GuessingAlarm alarm, Function<HttpServletRequest, String> peer) {
        this.alarm = Objects.requireNonNull(alarm);
        this.peer = Objects.requireNonNull(peer);
        return this;
    }

    /**
     * Begins a session with each request to these paths that has none, before the application asks for one, and stores it
     * even if it holds nothing: PHP's automatic start. Nowhere, unless set. Each such request counts as an access, and
     * each visit of a search engine leaves a record.
     *
     * @param patterns {@code /exact}, {@code /below/*} or {@code *.extension}; {@code /*} for all
     */
    public SessionFilterBuilder autoStart(String... patterns) {
        started = PathPatterns.of(patterns);
        return this;
    }

    /**
     * Has no sessions at these paths: {@code getSession(false)} is {@code null} there, {@code getSession()} an
     * {@link IllegalStateException}, and no cookie is touched. Nowhere, unless set. A path that asks for no session needs
     * no exclusion: it costs nothing.
     *
     * @param patterns as for {@link #autoStart}
     */
    public SessionFilterBuilder exclude(String... patterns) {
        excluded = PathPatterns.of(patterns);
        return this;
    }

    /**
     * Opens the sessions of requests to these paths {@linkplain dev.holdfast.session.Concurrency#READ_ONLY read-only}:
     * changing one is an {@link IllegalStateException}, ending it is not. Nowhere, unless set.
     *
     * @param patterns as for {@link #autoStart}
     */
    public SessionFilterBuilder readOnly(String... patterns) {
        readOnly = PathPatterns.of(patterns);
        return this;
    }

    /**
     * Whether a session that the application began by {@code getSession()} is stored, and its cookie sent, even if it
     * holds nothing, as the Servlet specification has it and the containers do; true unless set. With false what holds
     * nothing costs nothing: no record and no cookie for visitors of pages that only look by {@code getSession()}. Those
     * that look by {@code getSession(false)} never begin a session.
     */
    public SessionFilterBuilder keepEmpty(boolean keepEmpty) {
        this.keepEmpty = keepEmpty;
        return this;
    }

    /**
     * Sends {@code Clear-Site-Data} with the answer to the request that ends a session, over TLS only obeyed by browsers;
     * not sent unless set.
     *
     * @param types what the browser shall forget of this site, such as {@code cache}, {@code cookies} and
     *     {@code storage}; {@code *} for all
     */
    public SessionFilterBuilder clearSiteData(String... types) {
        for (String type : types) {
            if (!type.matches("\\*|[A-Za-z]+")) {
                throw new IllegalArgumentException(
                        "a type of site data is a word such as cookies, or *, not '" + type + "'");
            }
        }
        clearSiteData = types.length == 0 ? null : "\"" + String.join("\", \"", types) + "\"";
        return this;
    }

    /** Returns a new filter. */
    public SessionFilter build() {
        SessionListeners told = new SessionListeners(listeners);
        return new SessionFilter(new FilterSettings(
                sessions,
                transport,
                told,
                new Expiries(sessions, told.hearEnds()),
                new Watch(client, onClientChange, alarm, peer),
                started,
                excluded,
                readOnly,
                keepEmpty,
                clearSiteData));
    }
}
