package dev.holdfast.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.OptionalDouble;
import java.util.Properties;

/** Which share of its floor a store should reach, with 1 KiB and one thread. */
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
        String goal = GOALS.getProperty(layer + "." + operation + "." + store.replace(' ', '-'));
        boolean comparable = load.equals("1 KiB, 1 thread") || load.equals("ten attributes, 1 thread");
        return goal == null || !comparable ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(goal));
    }
}
