package dev.holdfast.session.spi;

import java.time.Duration;
import java.util.function.Consumer;

/** The ability to tell when sessions have expired. */
public interface ExpiryEvents {

    /**
     * Calls the listener at least once for each session that expires, on one of the instances of the backend that
     * listen [E1]. A listener is called from a thread of the store's or of its caller's, must be quick, and what it
     * throws is logged and goes no further.
     */
    Subscription onExpired(Consumer<SessionKey> listener);

    /** Returns the longest time from expiry to the call, provided that somebody purges that often; zero if not known. */
    Duration worstExpiryDelay();
}
