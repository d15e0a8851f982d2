package dev.holdfast.benchmarks;

import dev.holdfast.session.spi.StoredSession;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The purge of 1,000 expired sessions among more and more live ones: what it costs should follow the expired. The first
 * iterations warm up more than the code: a store that was just opened looks at everything once.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 10)
@Measurement(iterations = 20)
public class PurgeBenchmark {

    /** How many sizes there are. */
    static final int SIZES = 3;

    private static final int EXPIRED = 1000;
    private static final int PAYLOAD_BYTES = 100;

    @Param("MEMORY")
    public String contender;

    @Param({"10000", "100000", "1000000"})
    public int live;

    private Path directory;
    private Subject subject;

    @Setup
    public void open() {
        directory = Work.directory();
        subject = Contender.open(contender, directory);
        for (StoredSession session : Work.sessions("live", live, PAYLOAD_BYTES, Duration.ofDays(1))) {
            subject.prepare(session);
            subject.create(session);
        }
    }

    @Setup(Level.Iteration)
    public void createExpired() {
        StoredSession[] expired = Work.sessions("expired", EXPIRED, PAYLOAD_BYTES, Duration.ofMillis(1));
        for (StoredSession session : expired) {
            subject.prepare(session);
            subject.create(session);
        }
        Work.awaitExpiry(expired[0]);
    }

    @TearDown
    public void close() {
        subject.close();
        Work.remove(directory);
    }

    @Benchmark
    @OperationsPerInvocation(EXPIRED)
    public Object gcAmongLive() {
        return subject.purge();
    }
}
