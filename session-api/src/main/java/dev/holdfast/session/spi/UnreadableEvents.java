package dev.holdfast.session.spi;

import java.util.function.Consumer;

/** The ability to meet records that can't be read, for stores on media that can tear, truncate or be tampered with. */
public interface UnreadableEvents {

    /**
     * Calls the listener once for each record that can't be read, when this instance first meets it [L4]. A listener
     * must be quick; what it throws is logged and goes no further. Without a listener a warning is logged.
     */
    Subscription onUnreadable(Consumer<SessionKey> listener);
}
