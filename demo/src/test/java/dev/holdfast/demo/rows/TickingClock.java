package dev.holdfast.demo.rows;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** Begins now, and goes on by a microsecond each time it is read, and by what a test says. */
final class TickingClock implements InstantSource {

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());

    @Override
    public Instant instant() {
        return now.updateAndGet(last -> last.plusNanos(1_000));
    }

    void advance(Duration duration) {
        now.updateAndGet(last -> last.plus(duration));
    }
}
