package dev.holdfast.session.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

/** What every decoder must keep for every input: no exception but its own, and a cost in proportion to the input. */
public final class Probe {

    /** The bytes that one byte of input may cost at most. */
    private static final long COST_PER_BYTE = 1_000;

    /** The bytes that any input may cost: exceptions with their stack traces, a library's first buffers. */
    private static final long COST_OF_TRYING = 2_000_000;

    private Probe() {}

    /** Decodes. */
    @FunctionalInterface
    public interface Decoding {
        /** Does it, and throws whatever it likes. */
        void run() throws Exception;
    }

    /** Asserts it of one input; what the first try allocates may be classes that are loaded, so the second one counts too. */
    public static void probe(byte[] input, Class<? extends Exception> allowed, Decoding decoding) {
        long limit = COST_OF_TRYING + COST_PER_BYTE * input.length;
        if (cost(allowed, decoding) >= limit) {
            assertThat(cost(allowed, decoding))
                    .as("bytes allocated for %d", input.length)
                    .isLessThan(limit);
        }
    }

    private static long cost(Class<? extends Exception> allowed, Decoding decoding) {
        long before = Allocations.ofThisThread();
        try {
            decoding.run();
        } catch (Exception e) {
            if (!allowed.isInstance(e)) {
                throw new AssertionError("not " + allowed.getSimpleName(), e);
            }
        }
        return Allocations.ofThisThread() - before;
    }
}
