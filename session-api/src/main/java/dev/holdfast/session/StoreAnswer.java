package dev.holdfast.session;

/** How a store call ended; see {@link SessionListener#onStoreCall}. */
public enum StoreAnswer {
    /** With a value, whichever. */
    ANSWERED,
    /** The store is down, and nothing was applied. */
    UNAVAILABLE,
    /** The store failed, and may have applied it or not. */
    OUTCOME_UNKNOWN,
    /** With another exception. */
    FAILED
}
