package dev.holdfast.benchmarks;

import java.util.concurrent.ThreadLocalRandom;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.ThreadParams;

/** A thread's own part of the sessions, so that its updates know their versions and meet no conflict. */
@State(Scope.Thread)
public class Part {

    private int first;
    private int size;

    @Setup
    public void choose(ThreadParams threads) {
        size = Work.SESSIONS / threads.getThreadCount();
        first = threads.getThreadIndex() * size;
    }

    /** Returns the number of one of the thread's sessions. */
    int draw() {
        return first + ThreadLocalRandom.current().nextInt(size);
    }
}
