package dev.holdfast.session;

/** What {@link Session#save} does with changes of a session that another request has ended; they are never stored. */
public enum GonePolicy {
    /** It returns {@link SaveOutcome#GONE}. The default. */
    REPORT,
    /** It throws {@link SessionEndedException}; a save that had no changes returns {@link SaveOutcome#GONE} all the same. */
    FAIL
}
