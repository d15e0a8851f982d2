package dev.holdfast.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** How much time a comparison takes, and how much it looks at. */
enum Effort {
    /** At most ten minutes, unless told otherwise: one size of session, one thread. */
    QUICK {
        @Override
        void measure(ChainedOptionsBuilder options, int forks, Duration longest) {
            // what is compiled while it is measured looks several times slower than it is
            options.warmupIterations(1)
                    .warmupTime(TimeValue.milliseconds(warmUp(forks, longest).toMillis()))
                    .measurementIterations(MEASURED)
                    .measurementTime(
                            TimeValue.milliseconds(warmUp(forks, longest).toMillis() / WARMING));
        }

        @Override
        Duration warmUp(int forks, Duration longest) {
            Duration each = timed(longest).dividedBy(forks).minus(FORK_START);
            long measured = Math.max(100, Math.min(2000, each.toMillis() / (WARMING + MEASURED)));
            return Duration.ofMillis(WARMING * measured);
        }

        @Override
        void measureBatches(ChainedOptionsBuilder options) {
            options.warmupIterations(2).measurementIterations(3);
        }
    },
    /** A day: all engines and peers, three sizes, one and four threads, and purges among up to a million live sessions. */
    FULL {
        @Override
        void measure(ChainedOptionsBuilder options, int forks, Duration longest) {
            TimeValue time = TimeValue.seconds(2);
            options.warmupIterations(3)
                    .warmupTime(time)
                    .measurementIterations(5)
                    .measurementTime(time);
        }

        @Override
        Duration warmUp(int forks, Duration longest) {
            return Duration.ofSeconds(6);
        }

        @Override
        void measureBatches(ChainedOptionsBuilder options) {
            options.warmupIterations(6).measurementIterations(10);
        }
    };

    /** In less a JVM compiles hardly anything. */
    static final Duration SHORTEST_WARM_UP = Duration.ofSeconds(1);

    /** Batches, purges and the build take the rest. */
    private static final int TIMED_PERCENT = 55;
    /** Iterations of a quick comparison, and how many times as long as one of them it warms up. */
    private static final int MEASURED = 2;

    private static final int WARMING = 4;
    /** A JVM, a store and its first sessions. */
    private static final Duration FORK_START = Duration.ofMillis(3500);

    /** Returns which engines are measured. */
    List<String> stores() {
        return this == QUICK ? List.of("memory", "file", "h2", "postgresql", "redis") : Contender.engines();
    }

    /** Returns which peers of these are, by parts of their names. */
    List<String> peers() {
        return this == QUICK
                ? List.of("spring-session-map", "spring-session-jdbc", "spring-session-redis")
                : List.of("");
    }

    /** Returns the sizes of payloads. */
    List<Integer> kibibytes() {
        return this == QUICK ? List.of(1) : List.of(1, 10, 100);
    }

    /** Returns how many attributes are encoded and decoded. */
    List<String> attributes() {
        return this == QUICK ? List.of("10") : List.of("10", "100");
    }

    /** Returns the numbers of threads. */
    List<Integer> threads() {
        return this == QUICK ? List.of(1) : List.of(1, 4);
    }

    /** Returns which operations are measured. */
    List<String> operations() {
        List<String> most = List.of("read", "write", "create", "gc", "decode", "recode", "encode");
        return this == QUICK
                ? most
                : Stream.concat(
                                most.stream(),
                                Stream.of(
                                        "touch",
                                        "request",
                                        "load",
                                        "update",
                                        "delete",
                                        "rotate",
                                        "hot",
                                        Compare.FOOTPRINT))
                        .toList();
    }

    /** Returns how often each store meets its floor. */
    int rounds() {
        return this == QUICK ? 1 : 3;
    }

    /**
     * Sets the iterations of what is measured by time, of which there are so many forks in all.
     *
     * @param longest how long a quick comparison may take, batches and purges included
     */
    abstract void measure(ChainedOptionsBuilder options, int forks, Duration longest);

    /** Returns how long each of so many forks warms up. */
    abstract Duration warmUp(int forks, Duration longest);

    private static Duration timed(Duration longest) {
        return longest.multipliedBy(TIMED_PERCENT).dividedBy(100);
    }

    /** Returns how many minutes a quick comparison of so many forks takes if each of them warms up as long as it should. */
    static long minutes(int forks) {
        Duration each = SHORTEST_WARM_UP
                .multipliedBy(WARMING + MEASURED)
                .dividedBy(WARMING)
                .plus(FORK_START);
        return each.multipliedBy(forks)
                        .multipliedBy(100)
                        .dividedBy(TIMED_PERCENT)
                        .toMinutes()
                + 1;
    }

    /** Sets the iterations of what is measured by batches of sessions. */
    abstract void measureBatches(ChainedOptionsBuilder options);
}
