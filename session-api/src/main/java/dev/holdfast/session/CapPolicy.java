package dev.holdfast.session;

/** What happens to a log-in that would give its principal more sessions than allowed. */
public enum CapPolicy {
    /** It is refused: {@link SaveOutcome#REFUSED}, and the session that wanted it has ended. */
    REFUSE_NEW,
    /** It succeeds, and the principal's session with the oldest log-in is ended. */
    END_OLDEST
}
