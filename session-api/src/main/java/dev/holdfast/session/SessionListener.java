package dev.holdfast.session;

import java.time.Duration;

/**
 * Hears what happens to sessions: for audit logs, metrics and alarms. Registered with
 * {@link SessionsBuilder#listener}.
 *
 * <p>Called in the thread in which it happens, mostly a request's, after the store has acknowledged it, so it must be
 * quick; called by many threads at once. What it throws is logged and goes no further. Only what this
 * {@code Sessions} does is heard, not what other nodes do.
 */
@FunctionalInterface
public interface SessionListener {

    /** Called for each event; which ones there are is said by {@link SessionEvent}. */
    void on(SessionEvent event);

    /**
     * Called after each store call; does nothing unless overridden.
     *
     * @param took until the answer, as the caller saw it
     */
    default void onStoreCall(StoreVerb verb, StoreAnswer answer, Duration took) {}
}
