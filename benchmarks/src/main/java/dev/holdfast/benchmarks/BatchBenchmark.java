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
 * What can't be repeated on the same session, 10,000 sessions at a time: create beside as many live ones, delete, and
 * the purge of 10,000 expired among 20,000. Directories exist before the clock runs, as after the first hours of a site.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 6)
@Measurement(iterations = 10)
public class BatchBenchmark {

    private static final int PAYLOAD_BYTES = 1024;

    @Param("MEMORY")
    public String contender;

    private Path directory;
    private Subject subject;
    private StoredSession[] fresh;

    @Setup
    public void open() {
        directory = Work.directory();
        subject = Contender.open(contender, directory);
        fresh = Work.live("fresh", PAYLOAD_BYTES);
        for (StoredSession session : fresh) {
            subject.prepare(session);
        }
        createAll(fresh);
        deleteAll(fresh);
    }

    @TearDown
    public void close() {
        subject.close();
        Work.remove(directory);
    }

    private int createAll(StoredSession[] sessions) {
        for (StoredSession session : sessions) {
            subject.create(session);
        }
        return sessions.length;
    }

    private int deleteAll(StoredSession[] sessions) {
        for (StoredSession session : sessions) {
            subject.delete(session);
        }
        return sessions.length;
    }

    /** Sessions that are there before, and gone after. */
    @State(Scope.Benchmark)
    public static class Present {
        @Setup(Level.Iteration)
        public void create(BatchBenchmark run) {
            run.createAll(run.fresh);
        }
    }

    /** Sessions that are not there before, and gone after. */
    @State(Scope.Benchmark)
    public static class Absent {
        @TearDown(Level.Iteration)
        public void delete(BatchBenchmark run) {
            run.deleteAll(run.fresh);
        }
    }

    /** As many live as expired sessions. */
    @State(Scope.Benchmark)
    public static class Due {
        @Setup(Level.Trial)
        public void createLive(BatchBenchmark run) {
            run.createAll(run.fresh);
        }

        @Setup(Level.Iteration)
        public void createExpired(BatchBenchmark run) {
            StoredSession[] expired = Work.sessions("fresh", 2 * Work.SESSIONS, PAYLOAD_BYTES, Duration.ofMillis(1));
            for (int i = Work.SESSIONS; i < expired.length; i++) {
                run.subject.prepare(expired[i]);
                run.subject.create(expired[i]);
            }
            Work.awaitExpiry(expired[0]);
        }
    }

    @Benchmark
    @OperationsPerInvocation(Work.SESSIONS)
    public int create(Absent before) {
        return createAll(fresh);
    }

    @Benchmark
    @OperationsPerInvocation(Work.SESSIONS)
    public int delete(Present before) {
        return deleteAll(fresh);
    }

    @Benchmark
    @OperationsPerInvocation(Work.SESSIONS)
    public Object gc(Due before) {
        return subject.purge();
    }
}
