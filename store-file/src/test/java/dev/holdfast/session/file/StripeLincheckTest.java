package dev.holdfast.session.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Lincheck looks for an order of the increments that explains their results, which lost ones do not have. */
@Param(name = "stripe", gen = IntGen.class, conf = "0:1")
public class StripeLincheckTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final FileChannel CHANNEL = channel();

    private final StripeLocks locks = new StripeLocks(CHANNEL);
    private final int[] counts = new int[2];

    private static FileChannel channel() {
        try {
            Path file = Files.createTempFile("stripes", ".lock");
            file.toFile().deleteOnExit();
            return FileChannel.open(file, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Counts under the lock. */
    @Operation
    public int increment(@Param(name = "stripe") int stripe) throws IOException {
        StripeLocks.Held held = locks.hold(stripe, PATIENCE);
        try {
            counts[stripe]++;
            return counts[stripe];
        } finally {
            held.release();
        }
    }

    /** Reads under the lock. */
    @Operation
    public int count(@Param(name = "stripe") int stripe) throws IOException {
        StripeLocks.Held held = locks.hold(stripe, PATIENCE);
        try {
            return counts[stripe];
        } finally {
            held.release();
        }
    }

    @Test
    @Tag("once")
    @DisplayName("U6: a stripe excludes all other writers of its keys, and no others'")
    void linearizable() {
        new StressOptions()
                .iterations(10)
                .invocationsPerIteration(300)
                .threads(3)
                .actorsPerThread(3)
                .check(StripeLincheckTest.class);
    }
}
