package dev.holdfast.session.http.servlet;

import dev.holdfast.session.SessionId;
import dev.holdfast.session.Sessions;
import dev.holdfast.session.http.PresentedId;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionStoreException;
import dev.holdfast.session.spi.StoredSession;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Tells who listens when sessions have expired that requests of this application used.
 *
 * <p>A store has nothing of a session that has expired, and most say nothing of it. So as long as somebody wants to hear,
 * each session is held as the last request here saw it, and looked for when its time should be over: it may have been
 * prolonged elsewhere. Requests do that at their end, without a thread of its own. Thread-safe.
 */
final class Expiries {

    private static final System.Logger LOG = System.getLogger(Expiries.class.getName());

    /** Of more sessions those that were not used for longest are not told of. */
    static final int MAX_SESSIONS = 10_000;

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int MAX_CHECKS = 100;

    private final Sessions sessions;
    private final boolean all;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<SessionKey, Held> held = new LinkedHashMap<>(16, 0.75f, true);
    private Instant nextSweep = Instant.MIN;

    private record Held(SessionView session, Instant deadline) {

        SessionKey key() {
            return session.sessionId().key();
        }
    }

    /**
     * @param all whether all sessions are of interest, or those only of which a value listens
     */
    Expiries(Sessions sessions, boolean all) {
        this.sessions = sessions;
        this.all = all;
    }

    /**
     * A request ends.
     *
     * @param found the id by which it came to the session
     */
    void used(SessionView session, @Nullable PresentedId found) {
        SessionKey key = session.sessionId().key();
        SessionKey before = Optional.ofNullable(found)
                .flatMap(id -> SessionId.parse(id.value()))
                .map(SessionId::key)
                .orElse(key);
        lock.lock();
        try {
            boolean wanted = all || session.hasListeningValues() || held.containsKey(before);
            if (session.isInvalidated() || !before.equals(key)) {
                held.remove(before);
            }
            if (wanted && session.isStored()) {
                hold(new Held(session.outsideOfRequest(), session.session().expiresAt()));
            }
        } finally {
            lock.unlock();
        }
    }

    private void hold(Held session) {
        held.put(session.key(), session);
        if (held.size() > MAX_SESSIONS) {
            Iterator<Held> oldest = held.values().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /** A client presents an id that leads to no session. */
    void unknown(String presented) {
        SessionId.parse(presented).map(SessionId::key).flatMap(this::takeIfOver).ifPresent(Expiries::tell);
    }

    private Optional<Held> takeIfOver(SessionKey key) {
        lock.lock();
        try {
            Optional<Held> over = Optional.ofNullable(held.get(key))
                    .filter(session -> !sessions.clock().instant().isBefore(session.deadline()));
            over.ifPresent(session -> held.remove(key));
            return over;
        } finally {
            lock.unlock();
        }
    }

    /** Looks for those whose time should be over: a load for each, at most once a second, and at most a hundred. */
    void sweep() {
        List<Held> over = takeOver(sessions.clock().instant());
        for (int i = 0; i < over.size(); i++) {
            Held session = over.get(i);
            try {
                Optional<StoredSession> prolonged = sessions.store().load(session.key());
                prolonged.ifPresentOrElse(
                        record -> putBack(new Held(session.session(), record.expiresAt())), () -> tell(session));
            } catch (SessionStoreException | IllegalStateException e) {
                LOG.log(System.Logger.Level.DEBUG, "whether sessions have expired is asked later", e);
                over.subList(i, over.size()).forEach(this::putBack);
                return;
            }
        }
    }

    private List<Held> takeOver(Instant now) {
        lock.lock();
        try {
            if (held.isEmpty() || now.isBefore(nextSweep)) {
                return List.of();
            }
            nextSweep = now.plus(PAUSE);
            List<Held> over = new ArrayList<>();
            for (Iterator<Held> each = held.values().iterator(); each.hasNext() && over.size() < MAX_CHECKS; ) {
                Held session = each.next();
                if (!now.isBefore(session.deadline())) {
                    each.remove();
                    over.add(session);
                }
            }
            return over;
        } finally {
            lock.unlock();
        }
    }

    private void putBack(Held session) {
        lock.lock();
        try {
            if (!held.containsKey(session.key())) {
                hold(session);
            }
        } finally {
            lock.unlock();
        }
    }

    private static void tell(Held expired) {
        try {
            expired.session().expire();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "a listener failed on the end of a session that has expired", e);
        }
    }
}
