package dev.holdfast.session;

import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionLocking;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoreMisconfiguredException;
import java.time.Duration;

/**
 * The locks of {@link Concurrency#EXCLUSIVE}.
 *
 * @param patience how long a request waits for another one's
 * @param lease how long it then holds its own
 */
record Exclusive(SessionStore store, Duration patience, Duration lease) {

    Exclusive requireAbility() {
        ability();
        return this;
    }

    private SessionLocking ability() {
        if (store instanceof SessionLocking locking) {
            return locking;
        }
        throw new StoreMisconfiguredException("a " + store.getClass().getSimpleName()
                + " can't lock sessions: use a store that is a SessionLocking, or another mode than EXCLUSIVE");
    }

    SessionLocking.Lock acquire(SessionKey key) {
        return ability().lock(key, patience, lease).orElseThrow(() -> new SessionBusyException(patience));
    }
}
