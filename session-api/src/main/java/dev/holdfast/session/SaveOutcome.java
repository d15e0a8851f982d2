package dev.holdfast.session;

/** What {@link Session#save} did. */
public enum SaveOutcome {
    /** A new session was stored: from now on the client should hold its id. */
    CREATED,
    /** The changes were stored. */
    UPDATED,
    /**
     * What had changed was stored, and the session has got another id, which the client should hold from now on; see
     * {@link SessionsBuilder#renewal}.
     */
    RENEWED,
    /** Nothing had changed but the last access, which was stored. */
    TOUCHED,
    /** There was nothing to store, and no store was asked. */
    UNCHANGED,
    /**
     * Another request was first, and nothing was stored. The changes are still here: {@link Session#reload} drops them
     * and shows what the other one stored. Only in {@link Concurrency#STRICT} and {@link Concurrency#EXCLUSIVE}, or
     * when {@link Concurrency#MERGE} gave up after many attempts.
     */
    CONFLICT,
    /**
     * The log-in was one too many for its principal, and {@link CapPolicy#REFUSE_NEW} is on: the session has ended, also
     * the one it was before the log-in.
     */
    REFUSED,
    /** Another request ended the session, or it has expired: nothing was stored, and this object has ended too. */
    GONE
}
