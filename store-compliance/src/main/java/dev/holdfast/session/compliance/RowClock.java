package dev.holdfast.session.compliance;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The time of a node: it stands still until a test moves it. A store that is given the exam's clock follows it forward; a
 * store with a clock of its own stays behind, so that expiry is decided by the node.
 */
final class RowClock implements InstantSource {

    private final ExamTime time;
    private volatile Instant now;

    RowClock(ExamTime time) {
        this.time = time;
        this.now = time.now();
    }

    @Override
    public Instant instant() {
        return now;
    }

    /** Moves this node's time, and the store's with it. */
    void advance(Duration duration) {
        jump(duration);
        if (time.isSetByExam()) {
            time.reach(now);
        }
    }

    /** Moves this node's time alone, forward or back. */
    void jump(Duration duration) {
        now = now.plus(duration);
    }
}
