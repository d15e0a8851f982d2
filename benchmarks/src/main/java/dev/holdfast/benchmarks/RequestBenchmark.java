package dev.holdfast.benchmarks;

import dev.holdfast.session.Sessions;
import java.nio.file.Path;
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
 * What a request does through {@link Sessions}, with ten attributes of about 1 KiB, beside the same round trips of the
 * floor on as many opaque bytes.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class RequestBenchmark {

    @Param("MEMORY")
    public String contender;

    private Path directory;
    private Requests requests;

    @Setup
    public void open() {
        directory = Work.directory();
        requests = Contender.requests(contender, directory);
    }

    @TearDown
    public void close() {
        requests.close();
        Work.remove(directory);
    }

    /** Open, one attribute. */
    @Benchmark
    public Object read(Part part) {
        return requests.read(part.draw());
    }

    /** Open, change one attribute, save. */
    @Benchmark
    public Object write(Part part) {
        return requests.write(part.draw());
    }

    /** The same, each thread on the same session. */
    @Benchmark
    public Object hot() {
        return requests.write(0);
    }

    /** Open, move the last access, save. */
    @Benchmark
    public Object touch(Part part) {
        return requests.touch(part.draw());
    }

    /** Open, one attribute, save within the touch interval: what most requests are. */
    @Benchmark
    public Object request(Part part) {
        return requests.request(part.draw());
    }

    /** New with ten attributes, save. */
    @Benchmark
    public Object create() {
        return requests.create();
    }

    /** Open, another id, save. */
    @Benchmark
    public Object rotate(Part part) {
        return requests.rotate(part.draw());
    }
}
