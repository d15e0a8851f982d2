package dev.holdfast.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.OptionalDouble;
import java.util.Properties;

/**
 * Which share of its floor a store should reach: with 1 KiB or ten attributes and one thread, and in any store with other
 * sizes. The codec's are multiples of JDK serialization's speed.
 */
final class Goals {

    private static final Properties GOALS = new Properties();

    static {
        try (InputStream in = Goals.class.getResourceAsStream("goals.properties")) {
            GOALS.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Goals() {}

    static OptionalDouble of(String layer, String operation, String store, String load) {
        String goal =
                GOALS.getProperty(layer + '.' + operation + '.' + (Load.isBase(load) ? store : load).replace(' ', '-'));
        return goal == null ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(goal));
    }
}
