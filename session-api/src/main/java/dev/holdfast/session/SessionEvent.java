package dev.holdfast.session;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link SessionListener} hears. No event holds a session id or an attribute's value; the {@code toString} of
 * each is fit for a log, and names sessions by a {@linkplain SessionTag short keyed hash}.
 */
public sealed interface SessionEvent {

    /**
     * A session was stored for the first time.
     *
     * @param principal whose it is, or {@code null} before a log-in
     * @param payloadBytes its encoded size
     */
    record Created(SessionTag session, @Nullable String principal, int payloadBytes) implements SessionEvent {}

    /**
     * A stored session was saved.
     *
     * @param outcome {@link SaveOutcome#UPDATED}, {@link SaveOutcome#TOUCHED}, or {@link SaveOutcome#CONFLICT} when
     *     nothing was stored
     * @param principal whose it is, or {@code null}
     * @param payloadBytes its encoded size
     * @param merged whether another request had changed it meanwhile, and both changes were stored
     */
    record Saved(
            SessionTag session,
            SaveOutcome outcome,
            @Nullable String principal,
            int payloadBytes,
            boolean merged) implements SessionEvent {}

    /**
     * A session got a new id.
     *
     * @param session under its new id
     * @param previous under its old one, which leads nowhere any more
     */
    record Renewed(SessionTag session, SessionTag previous) implements SessionEvent {}

    /**
     * A session ended.
     *
     * @param principal whose it was, or {@code null} if it was nobody's or that is not known
     */
    record Ended(
            SessionTag session, EndReason reason, @Nullable String principal) implements SessionEvent {}

    /**
     * A request's version of a session was stale when it wrote.
     *
     * @param retried whether it tries again on what the other request stored, else its {@link Saved} follows
     */
    record Conflict(SessionTag session, boolean retried) implements SessionEvent {}

    /**
     * Something stored can't be read.
     *
     * @param attribute which one, or {@code null} if it is the whole session
     * @param problem what is wrong with it; no value
     */
    record Undecodable(SessionTag session, @Nullable String attribute, String problem) implements SessionEvent {}

    /**
     * A client presented an id that another client's session has; see {@link Session#bindClient}.
     *
     * @param principal whose session it is, or {@code null}
     */
    record ClientChanged(SessionTag session, @Nullable String principal) implements SessionEvent {}

    /** A client presented a well-formed id of no live session: one that has ended, or a guess. */
    record UnknownId(SessionTag session) implements SessionEvent {}

    /**
     * A purge ended.
     *
     * @param removed how many expired records it removed
     * @param failed whether it ended by an exception
     */
    record Purged(int removed, boolean failed, Duration took) implements SessionEvent {}
}
