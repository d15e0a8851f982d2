package dev.holdfast.session.fuzz;

import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** A short fuzz run of our own beside Jazzer's long ones: seeds, changed at random for two seconds. */
public final class Mutations {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(2);
    private static final int[] INTERESTING = {0, 1, 0x7F, 0x80, 0xFF, 0x10, 0x50, 0x60};

    private final Random random;
    private final List<byte[]> seeds;

    private Mutations(long seed, List<byte[]> seeds) {
        this.random = new Random(seed);
        this.seeds = seeds;
    }

    /** Gives the target one input after the other, and on a failure tells the input and the seed. */
    public static void run(List<byte[]> seeds, Consumer<byte[]> target) {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Mutations mutations = new Mutations(seed, seeds);
        seeds.forEach(target);
        long end = System.nanoTime() + LONG_ENOUGH.toNanos();
        while (System.nanoTime() < end) {
            byte[] input = mutations.next();
            try {
                target.accept(input);
            } catch (Throwable e) {
                throw new AssertionError(
                        "seed " + seed + ", input " + HexFormat.of().formatHex(input), e);
            }
        }
    }

    private byte[] next() {
        byte[] bytes = seeds.get(random.nextInt(seeds.size())).clone();
        for (int change = random.nextInt(4); change >= 0; change--) {
            bytes = changed(bytes);
        }
        return bytes;
    }

    private byte[] changed(byte[] bytes) {
        if (bytes.length == 0) {
            return new byte[] {(byte) random.nextInt()};
        }
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(6)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes[at] = (byte) random.nextInt();
            case 2 -> bytes[at] = (byte) INTERESTING[random.nextInt(INTERESTING.length)];
            case 3 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 5), (byte) 0xFF);
            case 4 -> {
                return Arrays.copyOf(bytes, at);
            }
            default -> {
                return spliced(bytes, at);
            }
        }
        return bytes;
    }

    /** Puts a piece of some seed between the two halves, which may overlap. */
    private byte[] spliced(byte[] bytes, int at) {
        byte[] other = seeds.get(random.nextInt(seeds.size()));
        int from = other.length == 0 ? 0 : random.nextInt(other.length);
        int length = Math.min(other.length - from, random.nextInt(16));
        int rest = Math.min(bytes.length, at + random.nextInt(3));
        byte[] result = new byte[at + length + bytes.length - rest];
        System.arraycopy(bytes, 0, result, 0, at);
        System.arraycopy(other, from, result, at, length);
        System.arraycopy(bytes, rest, result, at + length, bytes.length - rest);
        return result;
    }
}
