package dev.holdfast.benchmarks;

import dev.holdfast.session.spi.StoredSession;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
import org.openjdk.jmh.infra.ThreadParams;

/** Verbs on one of 10,000 live sessions, drawn at random. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class StoreBenchmark {

    @Param
    public Contender contender;

    @Param("1024")
    public int payloadBytes;

    private final AtomicInteger threads = new AtomicInteger();
    private Path directory;
    private Subject subject;
    private StoredSession[] sessions;

    /** A thread's own part of the sessions, so that its updates know their versions and meet no conflict. */
    @State(Scope.Thread)
    public static class Part {
        private int first;
        private int size;
        private long[] versions;

        @Setup
        public void choose(StoreBenchmark run, ThreadParams threads) {
            size = Work.SESSIONS / threads.getThreadCount();
            first = run.threads.getAndIncrement() * size;
            versions = new long[size];
            java.util.Arrays.fill(versions, 1);
        }

        int draw() {
            return ThreadLocalRandom.current().nextInt(size);
        }
    }

    @Setup
    public void open() {
        directory = Work.directory();
        subject = contender.open(directory);
        sessions = Work.live("live", payloadBytes);
        for (StoredSession session : sessions) {
            if (subject instanceof FileFloor floor) {
                floor.makeDirectories(session.key());
            }
            subject.create(session);
        }
    }

    @TearDown
    public void close() {
        subject.close();
        Work.remove(directory);
    }

    @Benchmark
    public Object load(Part part) {
        return subject.load(sessions[part.first + part.draw()]);
    }

    @Benchmark
    public Object update(Part part) {
        int drawn = part.draw();
        return subject.update(sessions[part.first + drawn], part.versions[drawn]++);
    }

    @Benchmark
    public Object touch(Part part) {
        return subject.touch(sessions[part.first + part.draw()]);
    }
}
