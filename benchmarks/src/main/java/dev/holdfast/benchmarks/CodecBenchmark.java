package dev.holdfast.benchmarks;

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
import org.openjdk.jmh.annotations.Warmup;

/** What a session costs without its store, beside JDK serialization of the same attributes. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class CodecBenchmark {

    @Param({Coding.SESSIONS, Coding.JDK})
    public String contender;

    @Param({"10", "100"})
    public int attributes;

    private Coding coding;

    @Setup
    public void open() {
        coding = Coding.of(contender, attributes);
    }

    /** One attribute of all. */
    @Benchmark
    public Object decode() {
        return coding.decode();
    }

    /** One attribute changed, all of them stored. */
    @Benchmark
    public Object recode() {
        return coding.recode();
    }

    /** A new session with all attributes. */
    @Benchmark
    public Object encode() {
        return coding.encode();
    }
}
