package dev.holdfast.session;

import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Tells the listeners, and lets none of them break a request. Without listeners nothing is built or hashed. */
final class Events {

    private static final System.Logger LOG = System.getLogger(Sessions.class.getName());

    private final List<SessionListener> listeners;
    private final TagKey tagKey;

    Events(List<SessionListener> listeners, TagKey tagKey) {
        this.listeners = List.copyOf(listeners);
        this.tagKey = tagKey;
    }

    boolean areHeard() {
        return !listeners.isEmpty();
    }

    /** Returns what names the session in an event or a log line. */
    SessionTag tag(SessionKey key) {
        return new SessionTag(tagKey, key);
    }

    void created(StoredSession session) {
        tell(
                session.key(),
                tag -> new SessionEvent.Created(
                        tag, session.principal(), session.payload().size()));
    }

    void saved(StoredSession session, SaveOutcome outcome, boolean merged) {
        tell(
                session.key(),
                tag -> new SessionEvent.Saved(
                        tag, outcome, session.principal(), session.payload().size(), merged));
    }

    void renewed(StoredSession session, SessionKey previous) {
        tell(session.key(), tag -> new SessionEvent.Renewed(tag, tag(previous)));
        ended(previous, EndReason.REPLACED, session.principal());
    }

    void ended(SessionKey key, EndReason reason, @Nullable String principal) {
        tell(key, tag -> new SessionEvent.Ended(tag, reason, principal));
    }

    void conflict(SessionKey key, boolean retried) {
        tell(key, tag -> new SessionEvent.Conflict(tag, retried));
    }

    /** Tells of something unreadable; without a listener to hear it, the log gets it as a warning. */
    void undecodable(SessionKey key, @Nullable String attribute, String problem) {
        if (areHeard()) {
            tell(key, tag -> new SessionEvent.Undecodable(tag, attribute, problem));
        } else {
            LOG.log(
                    System.Logger.Level.WARNING,
                    () -> (attribute == null ? "session " : "attribute '" + attribute + "' of session ") + tag(key)
                            + " can't be read, and counts as absent: " + problem);
        }
    }

    void clientChanged(StoredSession session) {
        tell(session.key(), tag -> new SessionEvent.ClientChanged(tag, session.principal()));
    }

    void unknownId(SessionKey key) {
        tell(key, SessionEvent.UnknownId::new);
    }

    void purged(int removed, boolean failed, Duration took) {
        tell(new SessionEvent.Purged(removed, failed, took));
    }

    private void tell(SessionKey key, Function<SessionTag, SessionEvent> event) {
        if (areHeard()) {
            tell(event.apply(tag(key)));
        }
    }

    private void tell(SessionEvent event) {
        each(event.getClass().getSimpleName(), listener -> listener.on(event));
    }

    void storeCalled(StoreVerb verb, StoreAnswer answer, Duration took) {
        each(verb.toString(), listener -> listener.onStoreCall(verb, answer, took));
    }

    private void each(String what, Consumer<SessionListener> call) {
        for (SessionListener listener : listeners) {
            try {
                call.accept(listener);
            } catch (Exception | LinkageError | AssertionError e) {
                LOG.log(System.Logger.Level.WARNING, () -> "a session listener failed on " + what, e);
            }
        }
    }
}
