package dev.holdfast.session;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/** How often and how soon a write that met another one is tried again: a hundred times, after up to 2.5 ms at random. */
final class Pause {

    static final int MAX_ATTEMPTS = 100;

    private static final long FIRST_NANOS = 20_000;
    private static final int DOUBLINGS = 7;

    private Pause() {}

    static void after(int attempt) {
        long most = FIRST_NANOS << Math.min(attempt, DOUBLINGS);
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(most));
    }
}
