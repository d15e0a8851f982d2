package dev.holdfast.session.http.servlet;

import dev.holdfast.session.SaveOutcome;
import dev.holdfast.session.Session;
import dev.holdfast.session.SessionConflictException;
import dev.holdfast.session.http.PresentedId;
import dev.holdfast.session.http.PresentedId.Source;
import dev.holdfast.session.http.Unauthorized;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One request's session: looked up when first asked for, saved before the response is committed.
 *
 * <p>All dispatches of the request (forward, include, async, error) share it. {@link #settle} may be called any number
 * of times: it saves what has changed since the last time, which without changes costs nothing, and brings the
 * response's headers in line with the session while that is possible. The lock guards against an asynchronous thread
 * that still writes while another one ends the request; all that it guards is in this one class, which makes it long.
 */
final class Exchange implements SessionView.Owner {

    private static final System.Logger LOG = System.getLogger(Exchange.class.getName());

    private final FilterSettings settings;
    private final HttpServletRequest request;
    private final SessionHeaders headers;
    private final ServletRequestView requestView;
    private final ReentrantLock lock = new ReentrantLock();

    private HttpServletResponse response;
    private @Nullable List<PresentedId> presented;
    private boolean asked;
    private boolean lookedUp;
    private @Nullable PresentedId found;
    private final List<Session> unfound = new ArrayList<>();
    private @Nullable SessionView current;
    private @Nullable SessionView detached;
    private @Nullable RuntimeException failure;
    private boolean refused;

    private boolean endedElsewhere;
    private int dispatches;

    Exchange(FilterSettings settings, HttpServletRequest request, HttpServletResponse response) {
        this.settings = settings;
        this.request = request;
        this.response = response;
        requestView = new ServletRequestView(request);
        headers = new SessionHeaders(settings.transport(), settings.clearSiteData(), requestView);
        settings.transport().receive(requestView, new ServletResponseView(response));
    }

    /** Reads what the client presents when somebody asks: some transports read the body for it. */
    private List<PresentedId> presentedIds() {
        List<PresentedId> known = presented;
        if (known == null) {
            known = settings.transport().read(requestView);
            presented = known;
        }
        return known;
    }

    /** Goes on with another response: an error or asynchronous dispatch may come with one of its own. */
    void answerWith(HttpServletResponse response) {
        locked(() -> {
            this.response = response;
        });
    }

    HttpServletResponse response() {
        return response;
    }

    /** Returns the live session, or else a new one or none. */
    @Nullable
    SessionView session(boolean create) {
        lock.lock();
        try {
            SessionView known = lookUp();
            if (known != null && !known.hasEnded()) {
                return known;
            }
            if (!create) {
                return null;
            }
            return detached == null ? begin() : detached;
        } finally {
            lock.unlock();
        }
    }

    /** Begins a session before the application asks for one, and lets it be stored whatever it holds. */
    void start() {
        locked(() -> {
            SessionView started = session(true);
            if (started != null && started != detached && started.isNew()) {
                keep(started);
            }
        });
    }

    private @Nullable SessionView lookUp() {
        asked = true;
        if (failure != null || refused) {
            throw new IllegalStateException("the session of this request could not be kept", failure);
        }
        if (!lookedUp) {
            for (PresentedId id : presentedIds()) {
                Session session = settings.open(id.value(), request);
                if (session.isDetached()) {
                    detached = view(session);
                    break;
                }
                if (!session.isNew()) {
                    settings.watch().opened(session, request);
                    found = id;
                    current = view(session);
                    break;
                }
                unfound.add(session);
                settings.expiries().unknown(id.value());
                settings.watch().unknown(id.value(), request);
            }
            lookedUp = true;
        }
        return current;
    }

    private SessionView begin() {
        requireUncommitted("a new session's id can't be given to the client any more");
        Session fresh = settings.open(null, request);
        settings.watch().opened(fresh, request);
        SessionView begun = view(fresh);
        current = begun;
        if (settings.keepEmpty()) {
            keep(begun);
        }
        settings.listeners().created(begun);
        return begun;
    }

    private void keep(SessionView begun) {
        if (!settings.isReadOnly(request)) {
            begun.keep();
            announceInDispatch();
        }
    }

    private SessionView view(Session session) {
        return new SessionView(session, settings.sessions(), request.getServletContext(), settings.listeners(), this);
    }

    private void requireUncommitted(String consequence) {
        if (response.isCommitted()) {
            throw new IllegalStateException("the response is committed, so " + consequence);
        }
    }

    /** The client must be able to learn of a session that will be stored. */
    @Override
    public void changing(Session session, Runnable change) {
        locked(() -> {
            boolean clientMayKnow = session.isStored() || session.id().equals(headers.issued());
            if (!clientMayKnow) {
                requireUncommitted("the new session can't be stored: the client would never learn its id");
            }
            change.run();
            announceInDispatch();
        });
    }

    /** Records that can't be read end too: the client that logs out may hold the id of one. */
    @Override
    public void ended() {
        locked(() -> {
            unfound.forEach(Session::invalidate);
            unfound.clear();
            announceInDispatch();
        });
    }

    /** A session that the application believes ended, and that lives on, must not look so to the client. */
    @Override
    public void notEnded(RuntimeException problem) {
        locked(() -> {
            failure = problem;
        });
    }

    /** Ends the sessions of presented ids that were used up by an earlier request. */
    void endReplayed() {
        locked(() -> presentedIds().forEach(id -> settings.sessions().endReplaced(id.value())));
    }

    /** Returns why there is no session, for the client to know. */
    Unauthorized reason() {
        return settings.transport().reason(requestView);
    }

    /** Returns whether nothing is known of the client's session, since the store does not answer. */
    boolean isDetached() {
        return detached != null;
    }

    /** Returns a link with the session's id, where ids travel in links. */
    String encodeUrl(String url) {
        return settings.transport().encodeUrl(url, this::idToKeep, requestView, new ServletResponseView(response));
    }

    private Optional<String> idToKeep() {
        lock.lock();
        try {
            SessionView session = lookUp();
            return session != null && detached == null && session.isToBeKept(true)
                    ? Optional.of(session.getId())
                    : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** Gives the session another id. */
    String rotateId() {
        lock.lock();
        try {
            SessionView session = lookUp();
            if (detached != null) {
                return detached.rotateId();
            }
            if (session == null || session.hasEnded()) {
                throw new IllegalStateException("there is no session whose id could change");
            }
            requireUncommitted("the client can't learn the session's new id");
            String old = session.getId();
            String rotated = session.rotateId();
            announceInDispatch();
            settings.listeners().idChanged(session, old);
            return rotated;
        } finally {
            lock.unlock();
        }
    }

    /** The container has logged somebody in, by whatever way it has. */
    void loggedIn() {
        locked(() -> {
            SessionView session = lookUp();
            if (session != null && !session.hasEnded() && !settings.isReadOnly(request) && !response.isCommitted()) {
                rotateId();
            }
        });
    }

    /** Returns the id that led to the session, or else the first that the client presented. */
    @Nullable
    PresentedId presented() {
        lock.lock();
        try {
            if (presentedIds().size() > 1) {
                lookUp();
            }
            return found != null || presentedIds().isEmpty()
                    ? found
                    : presentedIds().get(0);
        } finally {
            lock.unlock();
        }
    }

    boolean isPresented(Source source) {
        PresentedId id = presented();
        return id != null && id.source() == source;
    }

    boolean isPresentedIdValid() {
        lock.lock();
        try {
            SessionView session = lookUp();
            return session != null
                    && found != null
                    && !session.hasEnded()
                    && session.getId().equals(found.value());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Runs a dispatch to another resource. After it some containers take the response for committed although nothing
     * was sent, so what is known about the session is written into the headers as soon as it is known.
     */
    void dispatching(Dispatch dispatch) throws ServletException, IOException {
        locked(() -> dispatches++);
        announce();
        try {
            dispatch.run();
        } finally {
            locked(() -> dispatches--);
        }
    }

    /** Prepares for an asynchronous dispatch, at whose end this filter may not be asked again. */
    void dispatchLater() {
        settle();
        locked(() -> dispatches++);
    }

    /** Writes what is known about the session into the headers, before it is saved. */
    private void announce() {
        locked(() -> writeHeaders(true));
    }

    private void announceInDispatch() {
        if (dispatches > 0) {
            writeHeaders(true);
        }
    }

    /** A call of a request dispatcher. */
    interface Dispatch {
        void run() throws ServletException, IOException;
    }

    /** Saves the session and writes the headers that it needs; to be called before the response is committed. */
    void settle() {
        locked(() -> {
            if (asked && !refused) {
                save();
                writeHeaders(false);
            }
        });
    }

    /** Gives the session up at the end of the request, so that the next request may have it. */
    void release() {
        locked(() -> {
            if (current != null) {
                current.session().close();
                settings.expiries().used(current, found);
            }
        });
        settings.expiries().sweep();
    }

    /** Lets the answer that refuses the request go out, although the session was not saved. */
    void refuse() {
        locked(() -> refused = true);
    }

    /** Saves what was changed after the container has ended the response; no header can be written. */
    void settleLate() {
        locked(() -> {
            SessionView session = current;
            if (failure == null && session != null && (session.isStored() || session.isNamed(headers.issued()))) {
                session.session().keepId();
                session.save();
            }
        });
    }

    private void save() {
        if (failure != null) {
            throw failure;
        }
        SessionView session = current;
        if (session == null || session.hasEnded()) {
            return;
        }
        if (!session.isStored() && !session.isNamed(headers.issued()) && response.isCommitted()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "a new session is lost: the response was committed past the session filter");
            return;
        }
        if (response.isCommitted()) {
            session.session().keepId();
        }
        String id = session.getId();
        try {
            SaveOutcome outcome = session.save();
            if (outcome == SaveOutcome.CONFLICT) {
                throw new SessionConflictException(
                        "another request changed the session first: nothing of this request's was stored");
            }
            if (outcome == SaveOutcome.REFUSED) {
                throw new SessionConflictException("the log-in was refused: the user has too many sessions");
            }
            if (outcome == SaveOutcome.RENEWED) {
                settings.listeners().idChanged(session, id);
            }
            endedElsewhere = outcome == SaveOutcome.GONE;
        } catch (RuntimeException e) {
            failure = e;
            throw e;
        }
    }

    private void writeHeaders(boolean early) {
        if (!asked || response.isCommitted()) {
            return;
        }
        headers.vary(response);
        if (detached != null) {
            // nothing is known of the client's session, so it keeps what it has
            CacheHeaders.noStore(response);
        } else {
            headers.write(response, current, found == null ? idToForget() : found, early, endedElsewhere);
        }
    }

    /** Returns what the client presented although it led to nothing, if the application ends the session. */
    private @Nullable PresentedId idToForget() {
        SessionView session = current;
        return session != null && session.hasEnded()
                ? presentedIds().stream().findFirst().orElse(null)
                : null;
    }

    private void locked(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }
}
