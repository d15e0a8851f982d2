package dev.holdfast.session;

import dev.holdfast.session.spi.SessionStore;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Purges a store in batches: by hand, and on one daemon thread at intervals. The intervals differ at random by a quarter
 * either way, so that nodes started together do not purge together. A purge that fails is logged, and tried again at the
 * next interval.
 */
final class Purger implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Sessions.class.getName());
    private static final int BATCH = 1000;
    private static final int JITTER_PARTS = 4;
    private static final long CLOSE_PATIENCE_MILLIS = 5_000;

    private final SessionStore store;
    private final ReentrantLock purging = new ReentrantLock();
    private final ReentrantLock state = new ReentrantLock();
    private final Condition closing = state.newCondition();
    private final long intervalNanos;
    private final @Nullable Thread thread;
    private volatile boolean closed;

    private Purger(SessionStore store, Duration interval) {
        this.store = store;
        this.intervalNanos = TimeUnit.NANOSECONDS.convert(interval);
        this.thread = interval.isZero() ? null : new Thread(this::run, "holdfast-purge");
        if (thread != null) {
            thread.setDaemon(true);
        }
    }

    /** Starts the thread, unless the interval is zero. */
    static Purger start(SessionStore store, Duration interval) {
        Purger purger = new Purger(store, interval);
        if (purger.thread != null) {
            purger.thread.start();
        }
        return purger;
    }

    /** Returns how many records this call removed; 0 at once if another purge of this object is running. */
    int purge() {
        if (!purging.tryLock()) {
            return 0;
        }
        try {
            int removed = 0;
            int batch;
            do {
                batch = store.purgeExpired(BATCH);
                removed += batch;
            } while (batch == BATCH && !closed);
            return removed;
        } finally {
            purging.unlock();
        }
    }

    private void run() {
        while (sleep()) {
            try {
                int removed = purge();
                LOG.log(System.Logger.Level.DEBUG, () -> "purged " + removed + " expired sessions");
            } catch (RuntimeException e) {
                if (!closed) {
                    LOG.log(System.Logger.Level.WARNING, "purging expired sessions failed; the next try follows", e);
                }
            }
        }
    }

    private boolean sleep() {
        long jitter = ThreadLocalRandom.current().nextLong(intervalNanos / JITTER_PARTS * 2 + 1);
        long nanos = intervalNanos - intervalNanos / JITTER_PARTS + jitter;
        state.lock();
        try {
            while (!closed && nanos > 0) {
                nanos = closing.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            return false;
        } finally {
            state.unlock();
        }
        return !closed;
    }

    /** Ends the thread after the batch that it is in, and waits for that, though not for a store that hangs. */
    @Override
    public void close() {
        state.lock();
        try {
            closed = true;
            closing.signalAll();
        } finally {
            state.unlock();
        }
        try {
            if (thread != null && thread != Thread.currentThread()) {
                thread.join(CLOSE_PATIENCE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
