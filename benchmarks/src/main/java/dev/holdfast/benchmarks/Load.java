package dev.holdfast.benchmarks;

import java.util.List;

/** What was worked on, as the tables name it. */
final class Load {

    static final String PURGING = "beside a purge";
    static final String NOT_PURGING = "beside no purge";

    /** The least: what goals are about. */
    private static final List<String> BASE = List.of("1 KiB, 1 thread", "ten attributes, 1 thread");

    private Load() {}

    static boolean isBase(String load) {
        return BASE.contains(load);
    }
}
