package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.session.spi.OutcomeUnknownException;
import dev.holdfast.session.spi.StoreUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The time budget of a store call: R43's monotonic budgets, and F1 for stores that keep none. */
class CallBudgetTest {

    private static final int THREADS = 2;

    /** Long enough for a call to begin in it also on a machine that has no time for us. */
    private static final Duration BUDGET = Duration.ofSeconds(1);

    private final CountDownLatch hang = new CountDownLatch(1);
    private final CallBudget budget = new CallBudget(BUDGET, THREADS);

    @AfterEach
    void close() {
        hang.countDown();
        budget.close();
    }

    private String hangs() {
        try {
            assertThat(hang.await(60, TimeUnit.SECONDS)).isTrue();
            return "late";
        } catch (InterruptedException e) {
            throw new AssertionError("a call that was given up is not interrupted", e);
        }
    }

    @Test
    @DisplayName("a call returns or throws what the store does")
    void passes() {
        assertThat(budget.call("load", false, () -> "value")).isEqualTo("value");
        IllegalStateException closed = new IllegalStateException("closed");
        assertThatThrownBy(() -> budget.call("load", false, () -> {
                    throw closed;
                }))
                .isSameAs(closed);
    }

    @Test
    @DisplayName("F1: a load that hangs is unavailable, a write of unknown outcome, both in time")
    void hung() {
        long start = System.nanoTime();
        assertThatThrownBy(() -> budget.call("load", false, this::hangs))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("load")
                .hasMessageContaining("1000 ms");
        assertThatThrownBy(() -> budget.call("update", true, this::hangs)).isInstanceOf(OutcomeUnknownException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(BUDGET.multipliedBy(2), Duration.ofSeconds(20));
    }

    @Test
    @DisplayName("F1: when all calls hang no more begin, and further ones fail at once; it recovers when they return")
    void bounded() throws Exception {
        AtomicInteger begun = new AtomicInteger();
        for (int i = 0; i < THREADS; i++) {
            assertThatThrownBy(() -> budget.call("load", false, () -> {
                        begun.incrementAndGet();
                        return hangs();
                    }))
                    .isInstanceOf(StoreUnavailableException.class);
        }
        long start = System.nanoTime();
        for (int i = 0; i < 40; i++) {
            assertThatThrownBy(() -> budget.call("create", true, begun::incrementAndGet))
                    .as("nothing was applied, and that is known")
                    .isInstanceOf(StoreUnavailableException.class);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .as("not 40 budgets")
                .isLessThan(BUDGET.multipliedBy(20));
        assertThat(begun).hasValue(THREADS);

        hang.countDown();
        List<Object> answers = new ArrayList<>();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (answers.isEmpty() && System.nanoTime() < end) {
            try {
                answers.add(budget.call("load", false, () -> "back"));
            } catch (StoreUnavailableException e) {
                Thread.onSpinWait();
            }
        }
        assertThat(answers).containsExactly("back");
    }

    @Test
    @DisplayName("F6: the caller's interrupt ends no call, and is kept")
    void interrupted() {
        Thread.currentThread().interrupt();
        assertThat(budget.call("load", false, () -> Thread.currentThread().isInterrupted()))
                .isFalse();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    @DisplayName("R55: after close calls go on without a budget, and its threads end")
    void closed() {
        assertThat(budget.call("load", false, () -> Thread.currentThread().isDaemon()))
                .isTrue();
        budget.close();
        assertThat(budget.call("update", true, () -> "saved")).isEqualTo("saved");
    }
}
