package dev.holdfast.session.compliance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Threads that start together, again and again. */
final class Race implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final int runners;
    private final Duration patience;
    private final ExecutorService threads;

    Race(int runners) {
        this(runners, Duration.ZERO);
    }

    /** @param work how long a race goes on by itself */
    Race(int runners, Duration work) {
        this.runners = runners;
        this.patience = PATIENCE.plus(work);
        this.threads = Executors.newFixedThreadPool(runners, task -> {
            Thread thread = new Thread(task, "exam-runner");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Runs one task in each thread, and returns what they answered, by their number. */
    <T> List<T> run(Runner<T> runner) {
        CyclicBarrier start = new CyclicBarrier(runners);
        List<Future<T>> futures = new ArrayList<>();
        for (int i = 0; i < runners; i++) {
            int number = i;
            futures.add(threads.submit(() -> {
                start.await();
                return runner.run(number);
            }));
        }
        List<T> answers = new ArrayList<>();
        for (Future<T> future : futures) {
            answers.add(get(future));
        }
        return answers;
    }

    private <T> T get(Future<T> future) {
        try {
            return future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AssertionError failure) {
                throw failure;
            }
            throw new AssertionError("a verb failed in a race: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("the verbs of a race were not done within " + patience, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("the exam was interrupted", e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("a verb ignores its interrupt and does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What one thread does. */
    interface Runner<T> {
        T run(int number) throws Exception;
    }

    /** One of several races in a row. */
    interface Round {
        void run(int number) throws Exception;
    }
}
