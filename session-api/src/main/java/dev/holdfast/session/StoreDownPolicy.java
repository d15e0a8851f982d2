package dev.holdfast.session;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a request does when the store can't be asked, and how long it waits to find out. Under no policy does a client
 * that has a session get another one that it could write to, and no change is dropped in silence. Immutable.
 */
public final class StoreDownPolicy {

    private static final int DEFAULT_PARALLEL_CALLS = 64;

    private static final StoreDownPolicy FAIL = new StoreDownPolicy(false, null, DEFAULT_PARALLEL_CALLS);

    private final boolean goesOn;
    private final @Nullable Duration budget;
    private final int parallelCalls;

    private StoreDownPolicy(boolean goesOn, @Nullable Duration budget, int parallelCalls) {
        this.goesOn = goesOn;
        this.budget = budget;
        this.parallelCalls = parallelCalls;
    }

    /**
     * The request fails: {@link Sessions#open} throws the store's
     * {@link dev.holdfast.session.spi.SessionStoreException}. The default, with the store's own time budget.
     */
    public static StoreDownPolicy failRequest() {
        return FAIL;
    }

    /**
     * The request goes on without a session: {@link Sessions#open} returns one that is empty and {@linkplain
     * Session#isDetached detached}. Reading it finds nothing, so nobody is logged in; changing it throws a
     * {@link dev.holdfast.session.spi.StoreUnavailableException}. {@link Sessions#find} throws as ever.
     */
    public static StoreDownPolicy readOnlyWithoutSession() {
        return new StoreDownPolicy(true, null, DEFAULT_PARALLEL_CALLS);
    }

    /** Returns this policy with {@link #within(Duration, int)} for 64 calls at a time. */
    public StoreDownPolicy within(Duration budget) {
        return within(budget, DEFAULT_PARALLEL_CALLS);
    }

    /**
     * Returns this policy with a time budget for each store call but purging, and but the locks of
     * {@link Concurrency#EXCLUSIVE}, which have a wait of their own. A load that takes longer fails as unavailable, a write
     * as of unknown outcome.
     *
     * <p>Each store keeps a budget of its own; this one is for stores that can't, as on a file system or driver that may
     * hang. It costs a hop to another thread for each call. A call that hangs keeps its thread, so there is a limit: when
     * all are held by calls beyond their budget, further ones fail at once.
     *
     * @param budget at least 1 ms
     * @param parallelCalls how many calls may be under way at a time, at least 1; others wait within their budget
     */
    public StoreDownPolicy within(Duration budget, int parallelCalls) {
        if (parallelCalls < 1) {
            throw new IllegalArgumentException("parallelCalls must be at least 1, not " + parallelCalls);
        }
        Timeouts.requireAtLeastOneMillisecond("budget", Objects.requireNonNull(budget));
        return new StoreDownPolicy(goesOn, budget, parallelCalls);
    }

    boolean goesOn() {
        return goesOn;
    }

    @Nullable
    CallBudget start() {
        return budget == null ? null : new CallBudget(budget, parallelCalls);
    }
}
