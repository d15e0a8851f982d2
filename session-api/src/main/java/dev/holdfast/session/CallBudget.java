package dev.holdfast.session;

import dev.holdfast.session.spi.OutcomeUnknownException;
import dev.holdfast.session.spi.SessionStoreException;
import dev.holdfast.session.spi.StoreUnavailableException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls that end in time for the caller, even if they hang.
 *
 * <p>Nothing but another thread can make a blocking call end for its caller, so each call runs on one of a bounded pool
 * of daemon threads, and the caller waits for it, parked, as long as the budget lasts. A call that is given up is not
 * interrupted, since a store may be anywhere in it; it keeps its thread and its permit until it returns. A caller first
 * waits for a permit, and what never began was certainly not applied. The caller's interrupt ends no wait and is kept.
 */
final class CallBudget implements AutoCloseable {

    private static final long IDLE_SECONDS = 30;

    private final long budgetNanos;
    private final String limit;
    private final int threads;
    private final Semaphore permits;
    private final AtomicInteger overdue = new AtomicInteger();
    private final ThreadPoolExecutor pool;

    CallBudget(Duration budget, int threads) {
        this.budgetNanos = TimeUnit.NANOSECONDS.convert(budget);
        this.limit = budget.toMillis() + " ms";
        this.threads = threads;
        this.permits = new Semaphore(threads, true);
        this.pool = new ThreadPoolExecutor(
                threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), daemons());
        pool.allowCoreThreadTimeOut(true);
    }

    private static ThreadFactory daemons() {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "holdfast-store-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Returns what the call returns, or throws what it throws, within the budget. */
    <T> T call(String verb, boolean writes, Supplier<T> call) {
        long deadline = System.nanoTime() + budgetNanos;
        if (overdue.get() >= threads || !acquire(deadline)) {
            throw new StoreUnavailableException(
                    verb + " (all of " + threads + " calls at a time are held by others)", null);
        }
        Call<T> attempt = new Call<>(call);
        try {
            pool.execute(attempt.task);
        } catch (RejectedExecutionException e) {
            // closed: what is still under way in the application ends without a budget
            attempt.task.run();
        }
        return attempt.await(verb, writes, deadline);
    }

    private boolean acquire(long deadline) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return permits.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private final class Call<T> {

        private static final int WAITING = 0;
        private static final int RUNNING = 1;
        private static final int GIVEN_UP = 2;
        private static final int DONE = 3;

        private final AtomicInteger state = new AtomicInteger(WAITING);
        private final FutureTask<T> task;

        Call(Supplier<T> call) {
            task = new FutureTask<>(() -> run(call));
        }

        private T run(Supplier<T> call) {
            try {
                if (!state.compareAndSet(WAITING, RUNNING)) {
                    throw new IllegalStateException("given up before it began");
                }
                return call.get();
            } finally {
                if (!state.compareAndSet(RUNNING, DONE)) {
                    overdue.decrementAndGet();
                }
                permits.release();
            }
        }

        private T await(String verb, boolean writes, long deadline) {
            boolean interrupted = false;
            try {
                while (true) {
                    try {
                        return task.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                    } catch (InterruptedException e) {
                        interrupted = true;
                    } catch (TimeoutException e) {
                        SessionStoreException tooLate = giveUp(verb, writes);
                        if (tooLate != null) {
                            throw tooLate;
                        }
                    } catch (ExecutionException e) {
                        throw unchecked(e.getCause());
                    }
                }
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        /** Returns what to throw, or {@code null} if the call has just ended after all. */
        private @Nullable SessionStoreException giveUp(String verb, boolean writes) {
            overdue.incrementAndGet();
            if (state.compareAndSet(WAITING, GIVEN_UP)) {
                return new StoreUnavailableException(verb + " (not begun within " + limit + ")", null);
            }
            if (state.compareAndSet(RUNNING, GIVEN_UP)) {
                String what = verb + " (no answer within " + limit + ")";
                return writes ? new OutcomeUnknownException(what, null) : new StoreUnavailableException(what, null);
            }
            overdue.decrementAndGet();
            return null;
        }

        private RuntimeException unchecked(@Nullable Throwable thrown) {
            if (thrown instanceof Error error) {
                throw error;
            }
            return thrown instanceof RuntimeException exception ? exception : new IllegalStateException(thrown);
        }
    }

    /** Lets the threads end; calls under way go on until they return. */
    @Override
    public void close() {
        pool.shutdown();
    }
}
