package dev.holdfast.benchmarks;

import dev.holdfast.session.spi.StoredSession;
import java.nio.file.Path;
import java.util.Arrays;
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

/** Verbs on one of 10,000 live sessions, drawn at random. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class StoreBenchmark {

    @Param("MEMORY")
    public String contender;

    @Param("1024")
    public int payloadBytes;

    private Path directory;
    private Subject subject;
    private StoredSession[] sessions;
    private long[] versions;

    @Setup
    public void open() {
        directory = Work.directory();
        subject = Contender.open(contender, directory);
        sessions = Work.live("live", payloadBytes);
        versions = new long[sessions.length];
        Arrays.fill(versions, 1);
        Work.range(sessions.length).forEach(i -> {
            subject.prepare(sessions[i]);
            subject.create(sessions[i]);
        });
    }

    @TearDown
    public void close() {
        subject.close();
        Work.remove(directory);
    }

    @Benchmark
    public Object load(Part part) {
        return subject.load(sessions[part.draw()]);
    }

    @Benchmark
    public Object update(Part part) {
        int drawn = part.draw();
        return subject.update(sessions[drawn], versions[drawn]++);
    }

    @Benchmark
    public Object touch(Part part) {
        return subject.touch(sessions[part.draw()]);
    }
}
