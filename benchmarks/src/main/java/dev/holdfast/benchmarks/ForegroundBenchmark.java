package dev.holdfast.benchmarks;

import dev.holdfast.session.spi.StoredSession;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long a load takes while, beside it, a thousand sessions a second begin and expire, and are purged every tenth of a
 * second or not at all: what differs is what the purge does to the others.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class ForegroundBenchmark {

    /** How many cases there are for a store. */
    static final int CASES = 2;

    private static final int EACH_TIME = 100;
    private static final int PERIOD_MILLIS = 100;
    private static final int PAYLOAD_BYTES = 1024;

    @Param("MEMORY")
    public String contender;

    @Param({"false", "true"})
    public boolean purging;

    private Path directory;
    private Subject subject;
    private StoredSession[] sessions;
    private ScheduledExecutorService beside;
    private ScheduledFuture<?> expiring;
    private int rounds;

    @Setup
    public void open() {
        directory = Work.directory();
        subject = Contender.open(contender, directory);
        sessions = Work.live("live", PAYLOAD_BYTES);
        Work.range(sessions.length).forEach(i -> {
            subject.prepare(sessions[i]);
            subject.create(sessions[i]);
        });
        beside = Executors.newSingleThreadScheduledExecutor();
        expiring = beside.scheduleAtFixedRate(this::expire, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void expire() {
        String name = "expired" + rounds++ + '-';
        for (StoredSession session : Work.sessions(name, EACH_TIME, PAYLOAD_BYTES, Duration.ofMillis(1))) {
            subject.prepare(session);
            subject.create(session);
        }
        if (purging) {
            subject.purge();
        }
    }

    @TearDown
    public void close() throws InterruptedException, ExecutionException {
        if (expiring.isDone()) {
            expiring.get();
        }
        beside.shutdown();
        if (!beside.awaitTermination(1, TimeUnit.MINUTES)) {
            throw new IllegalStateException("a purge does not end");
        }
        subject.close();
        Work.remove(directory);
    }

    @Benchmark
    public Object loadBeside(Part part) {
        return subject.load(sessions[part.draw()]);
    }
}
