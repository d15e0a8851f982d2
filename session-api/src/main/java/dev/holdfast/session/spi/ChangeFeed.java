package dev.holdfast.session.spi;

import java.time.Duration;
import java.util.function.Consumer;

/** The ability to learn what other nodes write, for near caches. */
public interface ChangeFeed {

    /**
     * Calls the listener for each update and each delete on any instance of the backend, within {@link #worstDelay}
     * [N1]. A listener must be quick; what it throws is logged and goes no further.
     */
    Subscription onChange(Consumer<SessionKey> listener);

    /** Returns the longest time from an acknowledged write to the call. */
    Duration worstDelay();
}
