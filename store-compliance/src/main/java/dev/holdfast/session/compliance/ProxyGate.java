package dev.holdfast.session.compliance;

import dev.holdfast.session.compliance.ProxyLink.Pump;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What one direction lets through, for all connections. */
final class ProxyGate {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean stalled;
    private long delayNanos;
    private int slice = Integer.MAX_VALUE;
    private long limit = Long.MAX_VALUE;
    private int limitEpoch;
    private long forwarded;

    void stall() {
        change(() -> stalled = true);
    }

    void delay(Duration each) {
        change(() -> delayNanos = each.toNanos());
    }

    void slice(int bytes) {
        change(() -> slice = bytes);
    }

    void limit(long bytes) {
        change(() -> {
            limit = bytes;
            limitEpoch++;
        });
    }

    void restore() {
        change(() -> {
            stalled = false;
            delayNanos = 0;
            slice = Integer.MAX_VALUE;
            limit = Long.MAX_VALUE;
            limitEpoch++;
        });
    }

    long forwarded() {
        lock.lock();
        try {
            return forwarded;
        } finally {
            lock.unlock();
        }
    }

    /** Lets those who wait look again whether their connection is still open. */
    void wake() {
        change(() -> {});
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the pump may forward, and returns how many of these bytes; 0 if the connection ends here. */
    int admit(Pump pump, int available) throws InterruptedException {
        lock.lock();
        try {
            long readyAt = System.nanoTime() + delayNanos;
            while (!pump.hasEnded()) {
                long wait = readyAt - System.nanoTime();
                if (stalled) {
                    changed.await();
                } else if (wait > 0 && delayNanos > 0) {
                    var unused = changed.awaitNanos(wait);
                } else {
                    if (pump.limitEpoch != limitEpoch) {
                        pump.limitEpoch = limitEpoch;
                        pump.remaining = limit;
                    }
                    int admitted = (int) Math.min(Math.min(available, slice), pump.remaining);
                    pump.remaining -= admitted;
                    forwarded += admitted;
                    return admitted;
                }
            }
            return 0;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the gate is not stalled: the end of a stream is held back like its bytes. */
    void awaitOpen(Pump pump) throws InterruptedException {
        lock.lock();
        try {
            while (stalled && !pump.hasEnded()) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }
}
