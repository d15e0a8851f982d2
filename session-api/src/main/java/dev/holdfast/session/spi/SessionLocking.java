package dev.holdfast.session.spi;

import java.time.Duration;
import java.util.Optional;

/**
 * The ability to let one request at a time work on a session. A lease, not a guarantee: what keeps a stalled holder from
 * writing is the version, since another's update made it stale [K3].
 */
public interface SessionLocking {

    /**
     * Waits for the lock of a key, which need not have a record.
     *
     * <p>There is one holder across all nodes [K1]. A holder that dies or stalls loses the lock when the lease ends
     * [K2]. The lock is not reentrant, and belongs to the returned object, not to a thread.
     *
     * @param wait how long to wait at most; zero tries once [K4]
     * @param lease how long the lock is held unless it is released or renewed; positive
     * @return the lock, or empty if it was not free within {@code wait} or the thread was interrupted, whose interrupt
     *     status is kept
     */
    Optional<Lock> lock(SessionKey key, Duration wait, Duration lease);

    /** A lock that was granted; closing it releases it, unless the lease has ended before. Thread-safe. */
    interface Lock extends AutoCloseable {

        /**
         * Lets the lease end that much later than now.
         *
         * @return {@code false} if the lock was lost or released: then it stays so
         */
        boolean renew(Duration lease);

        @Override
        void close();
    }
}
