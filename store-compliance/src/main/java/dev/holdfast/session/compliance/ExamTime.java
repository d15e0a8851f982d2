package dev.holdfast.session.compliance;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The time that decides on expiry: a clock that the exam sets, or the engine's own, for which it waits. */
final class ExamTime {

    /** A whole second, so that only tests about milliseconds have any. */
    private static final Instant START = Instant.parse("2026-03-28T23:59:00Z");

    private final @Nullable Duration granularity;
    private volatile Instant fake = START;

    ExamTime(@Nullable Duration granularity) {
        this.granularity = granularity;
    }

    /** Returns what the stores are opened with. */
    InstantSource source() {
        return granularity == null ? () -> fake : InstantSource.system();
    }

    boolean isSetByExam() {
        return granularity == null;
    }

    Instant now() {
        return Instant.ofEpochMilli(source().millis());
    }

    Instant in(Duration duration) {
        return now().plus(duration);
    }

    /** Returns a time long enough for some verbs, and short enough to wait for. */
    Duration brief() {
        return granularity == null ? Duration.ofSeconds(1) : granularity.plusMillis(300);
    }

    /** Goes to the last moment before an instant; an own clock must not have come there yet. */
    void justBefore(Instant instant) {
        if (granularity == null) {
            fake = instant.minusMillis(1);
        } else {
            assumeTrue(
                    now().isBefore(instant),
                    "this machine was too slow: the time before the expiry passed before the store was asked");
        }
    }

    /** Goes to the moment when an instant has come, to the millisecond or, with an own clock, to its granularity. */
    void reach(Instant instant) {
        if (granularity == null) {
            fake = instant.isAfter(fake) ? instant : fake;
        } else {
            Instant certain = instant.plus(granularity).plusMillis(1);
            while (now().isBefore(certain)) {
                LockSupport.parkNanos(Duration.between(now(), certain).toNanos() + 1);
            }
        }
    }
}
