package dev.holdfast.session.jdbc;

import dev.holdfast.session.spi.KeyListeners;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionStoreException;
import dev.holdfast.session.spi.Subscription;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells of noted expiries, from a thread that runs while somebody listens. A note is removed after it was told, so a process
 * that dies in between leaves it to another, and two that look in the same moment may both tell of it.
 */
final class ExpiryWatch {

    private static final System.Logger LOG = System.getLogger(JdbcSessionStore.class.getName());
    private static final int TOLD_AT_ONCE = 1000;

    private final Database database;
    private final Duration period;
    private final KeyListeners listeners = new KeyListeners(JdbcSessionStore.class);
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean closed;

    private volatile @Nullable Thread thread;

    ExpiryWatch(Database database, Duration worstDelay) {
        this.database = database;
        this.period = worstDelay.dividedBy(2);
    }

    Subscription add(Consumer<SessionKey> listener) {
        Subscription subscription = listeners.add(listener);
        lock.lock();
        try {
            if (thread == null && !closed) {
                Thread started = new Thread(this::watch, "holdfast-jdbc-expiries");
                started.setDaemon(true);
                thread = started;
                started.start();
            }
        } finally {
            lock.unlock();
        }
        return subscription;
    }

    void close() {
        closed = true;
        listeners.clear();
        LockSupport.unpark(thread);
    }

    private void watch() {
        while (!isDone()) {
            try {
                while (tell() == TOLD_AT_ONCE && !closed) {
                    // tell tells
                }
            } catch (SessionStoreException | IllegalStateException e) {
                LOG.log(System.Logger.Level.DEBUG, "which sessions have expired can't be read just now", e);
            }
            LockSupport.parkNanos(this, period.toNanos());
        }
    }

    private boolean isDone() {
        lock.lock();
        try {
            boolean done = closed || listeners.isEmpty();
            if (done) {
                thread = null;
            }
            return done;
        } finally {
            lock.unlock();
        }
    }

    private int tell() {
        Map<Long, SessionKey> events = database.reading(
                "read expiries", (call, dialect) -> ((TellingDialect) dialect).untold(call, TOLD_AT_ONCE));
        if (events.isEmpty()) {
            return 0;
        }
        events.values().forEach(listeners::tell);
        return database.writing(
                "remove expiries", (call, dialect) -> ((TellingDialect) dialect).told(call, events.keySet()));
    }
}
