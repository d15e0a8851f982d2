package dev.holdfast.session;

import dev.holdfast.session.spi.SessionStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Purges a store in batches, never two at once: by hand, and on one daemon thread at intervals or when a request has drawn
 * it. The intervals differ at random by a quarter either way, so that nodes started together do not purge together. A
 * purge that fails is logged, and tried again at the next interval; none begins by itself within an hour after the clock
 * has leapt ahead.
 */
final class Purger implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Sessions.class.getName());
    private static final int BATCH = 1000;
    private static final int JITTER_PARTS = 4;
    private static final long CLOSE_PATIENCE_MILLIS = 5_000;

    /** So that jitter can be added: some 146 years. */
    private static final long LONGEST_NANOS = Long.MAX_VALUE / 2;

    private final SessionStore store;
    private final Events events;
    private final ClockJumps clockJumps;
    private final ReentrantLock purging = new ReentrantLock();
    private final ReentrantLock state = new ReentrantLock();
    private final Condition woken = state.newCondition();
    private final long intervalNanos;
    private final double probability;
    private final @Nullable Thread thread;
    private boolean drawn;
    private volatile boolean closed;
    private volatile PurgeProgress progress = PurgeProgress.NONE;

    private Purger(SessionStore store, Events events, InstantSource clock, Duration interval, double probability) {
        this.store = store;
        this.events = events;
        this.clockJumps = new ClockJumps(clock, System::nanoTime);
        this.intervalNanos = Math.min(TimeUnit.NANOSECONDS.convert(interval), LONGEST_NANOS);
        this.probability = probability;
        this.thread = interval.isZero() && probability == 0 ? null : new Thread(this::run, "holdfast-purge");
        if (thread != null) {
            thread.setDaemon(true);
        }
    }

    /**
     * Starts the thread, unless nothing would wake it.
     *
     * @param interval zero for none
     * @param probability with which each request wakes it, zero for none
     */
    static Purger start(SessionStore store, Events events, InstantSource clock, Duration interval, double probability) {
        Purger purger = new Purger(store, events, clock, interval, probability);
        if (purger.thread != null) {
            purger.thread.start();
        }
        return purger;
    }

    PurgeProgress progress() {
        return progress;
    }

    /** Draws whether this request wakes the thread; never waits for a purge. */
    void draw() {
        if (probability > 0 && ThreadLocalRandom.current().nextDouble() < probability) {
            state.lock();
            try {
                drawn = true;
                woken.signalAll();
            } finally {
                state.unlock();
            }
        }
    }

    /** Returns how many records this call removed; 0 at once if another purge of this object is running. */
    int purge() {
        if (!purging.tryLock()) {
            return 0;
        }
        long start = System.nanoTime();
        int removed = 0;
        boolean failed = true;
        progress = progress.begun();
        try {
            int batch;
            do {
                batch = store.purgeExpired(BATCH);
                removed += batch;
                progress = progress.with(batch);
            } while (batch == BATCH && !closed);
            failed = false;
            return removed;
        } finally {
            progress = progress.ended(failed);
            purging.unlock();
            events.purged(removed, failed, Duration.ofNanos(System.nanoTime() - start));
        }
    }

    private void run() {
        while (sleep()) {
            if (clockJumps.isAhead()) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "the clock has leapt ahead: expired sessions are not purged until it is an hour old");
                continue;
            }
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
        long nanos = intervalNanos == 0 ? Long.MAX_VALUE : intervalNanos - intervalNanos / JITTER_PARTS + jitter;
        state.lock();
        try {
            while (!closed && !drawn && nanos > 0) {
                nanos = woken.awaitNanos(nanos);
            }
            drawn = false;
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
            woken.signalAll();
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
