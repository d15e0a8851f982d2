package dev.holdfast.session;

/** Why a session ended. */
public enum EndReason {
    /** The application ended it: {@link Session#invalidate}. */
    INVALIDATED,
    /**
     * Its time was over. Reported when the store, a purge or the next request finds out, at least once, and for the record
     * of a session that was {@link #REPLACED} too.
     */
    EXPIRED,
    /** It was ended from outside: {@link Sessions#end}, {@link Sessions#endAll} or {@link Sessions#endOthers}. */
    REVOKED,
    /** Its id had been replaced, and the old one was presented once more: see {@link Sessions#endReplaced}. */
    REPLAYED,
    /** Its principal had more sessions than allowed. */
    CAPPED,
    /** Its id was replaced; the session goes on under the new one. */
    REPLACED,
    /** One of its values could not be decoded, and the policy is {@link Undecodable#DROP_SESSION}. */
    UNDECODABLE
}
