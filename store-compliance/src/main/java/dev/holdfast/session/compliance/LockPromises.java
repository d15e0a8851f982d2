package dev.holdfast.session.compliance;

import static dev.holdfast.session.spi.UpdateOutcome.APPLIED;
import static dev.holdfast.session.spi.UpdateOutcome.CONFLICT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionLocking;
import dev.holdfast.session.spi.SessionLocking.Lock;
import dev.holdfast.session.spi.StoredSession;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** K1 to K4: one holder, for a while. A lease may end by the store's clock or by real time, so the exam lets both pass. */
@Tag("ability")
abstract class LockPromises extends Promises {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final Duration AFTER_LEASE = Duration.ofSeconds(3);

    private SessionLocking lockingA;
    private SessionLocking lockingB;

    LockPromises(SessionStoreExam exam) {
        super(exam);
    }

    @BeforeEach
    final void needAbility() {
        lockingA = ExamRoom.ability(SessionLocking.class, nodeA);
        lockingB = ExamRoom.ability(SessionLocking.class, nodeB);
    }

    private SessionKey newKey() {
        return draft().make().key();
    }

    private Duration shortLease() {
        return time.brief().compareTo(Duration.ofMillis(500)) < 0 ? Duration.ofMillis(500) : time.brief();
    }

    private static Lock acquire(SessionLocking locking, SessionKey key, Duration lease) {
        Optional<Lock> lock = locking.lock(key, WAIT, lease);
        assertThat(lock).as("lock that is free, or will be").isPresent();
        return lock.orElseThrow();
    }

    private void assertHeld(SessionKey key, String when) {
        for (SessionLocking locking : List.of(lockingA, lockingB)) {
            Optional<Lock> second = locking.lock(key, Duration.ZERO, LONG);
            assertThat(second).as("a second holder %s", when).isEmpty();
        }
    }

    @Test
    @DisplayName("K1: a held lock is refused on each node, other keys are free, and no record is needed")
    final void k1OneHolder() {
        SessionKey key = newKey();
        try (Lock held = acquire(lockingA, key, LONG)) {
            assertHeld(key, "while it is held");
            acquire(lockingB, newKey(), LONG).close();
            assertThat(held.renew(LONG)).as("renewal by the holder").isTrue();
            assertHeld(key, "after a renewal");
        }
        acquire(lockingB, key, LONG).close();
        assertAbsent(key, "a session that was only locked");
    }

    @Test
    @DisplayName("K1: who has released a lock can neither renew it nor release it for its next holder")
    final void k1ReleasedIsReleased() {
        SessionKey key = newKey();
        Lock old = acquire(lockingA, key, LONG);
        old.close();
        assertThat(old.renew(LONG)).as("renewal of a released lock").isFalse();
        Lock next = acquire(lockingB, key, LONG);
        old.close();
        assertHeld(key, "after an earlier holder released again");
        assertThat(old.renew(LONG)).as("renewal by an earlier holder").isFalse();
        next.close();
    }

    @Test
    @DisplayName("K1: who comes back after its lease does not release the lock of its next holder")
    final void k1StalledReleasesNothing() {
        SessionKey key = newKey();
        Lock stalled = acquire(lockingA, key, shortLease());
        time.reach(time.in(shortLease()));
        try (Lock next = acquireAfterLease(lockingB, key)) {
            stalled.close();
            assertHeld(key, "after a stalled holder released what is another's");
            assertThat(next.renew(LONG)).as("renewal by the holder").isTrue();
        }
    }

    /** Returns the lock whose lease has ended, or skips the test: that it ends is another promise. */
    private static Lock acquireAfterLease(SessionLocking locking, SessionKey key) {
        Optional<Lock> lock = locking.lock(key, AFTER_LEASE, LONG);
        assumeTrue(lock.isPresent(), "the lease does not end, see K2");
        return lock.orElseThrow();
    }

    @Test
    @Tag("race")
    @DisplayName("K1: of 8 threads on 2 instances at most one is inside")
    final void k1MutualExclusion() {
        SessionKey key = newKey();
        AtomicInteger inside = new AtomicInteger();
        try (Race race = new Race(8)) {
            race.run(number -> {
                for (int i = 0; i < 5; i++) {
                    try (Lock lock = acquire(number % 2 == 0 ? lockingA : lockingB, key, LONG)) {
                        assertThat(lock).isNotNull();
                        assertThat(inside.incrementAndGet())
                                .as("holders inside")
                                .isEqualTo(1);
                        LockSupport.parkNanos(200_000);
                        inside.decrementAndGet();
                    }
                }
                return number;
            });
        }
    }

    @Test
    @DisplayName("K2: a lock whose holder stalls is free when its lease has ended, and lost to the holder")
    final void k2LeaseEnds() {
        SessionKey key = newKey();
        Lock stalled = acquire(lockingA, key, shortLease());
        time.reach(time.in(shortLease()));
        Optional<Lock> next = lockingB.lock(key, AFTER_LEASE, LONG);
        assertThat(next).as("lock whose lease has ended").isPresent();
        assertThat(stalled.renew(LONG)).as("renewal after the lease has ended").isFalse();
        next.ifPresent(Lock::close);
    }

    @Test
    @DisplayName("K2: a renewed lease ends that much later")
    final void k2RenewalExtends() {
        SessionKey key = newKey();
        Lock lock = acquire(lockingA, key, shortLease());
        assertThat(lock.renew(LONG)).as("renewal in time").isTrue();
        time.reach(time.in(shortLease()));
        assertThat(lockingA.lock(key, Duration.ZERO, LONG))
                .as("a second holder after the first lease would have ended")
                .isEmpty();
        assertThat(lock.renew(shortLease())).as("renewal to a shorter lease").isTrue();
        time.reach(time.in(shortLease()));
        Optional<Lock> next = lockingB.lock(key, AFTER_LEASE, LONG);
        assertThat(next).as("lock whose renewed lease has ended").isPresent();
        next.ifPresent(Lock::close);
    }

    @Test
    @DisplayName("K3: a holder past its lease can't write what the next holder has written over")
    final void k3VersionIsTheFence() {
        StoredSession session = create(draft());
        acquire(lockingA, session.key(), shortLease());
        StoredSession loaded = load(session.key());
        time.reach(time.in(shortLease()));
        try (Lock next = acquireAfterLease(lockingB, session.key())) {
            assertThat(next).isNotNull();
            assertThat(nodeB.update(Draft.of(session).payload("next").make(), 1))
                    .isEqualTo(APPLIED);
        }
        assertThat(nodeA.update(Draft.of(loaded).payload("late").make(), loaded.version()))
                .as("update by a holder past its lease")
                .isEqualTo(CONFLICT);
    }

    @Test
    @DisplayName("K4: a wait is bounded, and answered with nothing")
    final void k4WaitIsBounded() {
        SessionKey key = newKey();
        try (Lock held = acquire(lockingA, key, LONG)) {
            assertThat(held).isNotNull();
            Duration wait = Duration.ofMillis(150);
            long start = System.nanoTime();
            Optional<Lock> refused = lockingA.lock(key, wait, LONG);
            Duration waited = Duration.ofNanos(System.nanoTime() - start);
            assertThat(refused).as("lock that stays held").isEmpty();
            assertThat(waited).as("wait for at most %s", wait).isBetween(wait.minusMillis(20), wait.plusSeconds(3));
        }
    }

    @Test
    @Tag("race")
    @DisplayName("K4: who waits gets the lock when it is released")
    final void k4WaiterGetsIt() {
        SessionKey key = newKey();
        Lock held = acquire(lockingA, key, LONG);
        try (Race race = new Race(2)) {
            race.run(number -> {
                if (number == 0) {
                    LockSupport.parkNanos(50_000_000);
                    held.close();
                } else {
                    long start = System.nanoTime();
                    acquire(lockingB, key, LONG).close();
                    assertThat(Duration.ofNanos(System.nanoTime() - start))
                            .as("wait for a lock that was released after 50 ms")
                            .isLessThan(WAIT.dividedBy(2));
                }
                return number;
            });
        }
    }

    @Test
    @Tag("race")
    @DisplayName("K4: an interrupt ends the wait, with nothing, and is kept")
    final void k4InterruptEndsTheWait() {
        SessionKey key = newKey();
        CountDownLatch waiting = new CountDownLatch(1);
        Thread[] waiter = new Thread[1];
        try (Lock held = acquire(lockingA, key, LONG);
                Race race = new Race(2)) {
            assertThat(held).isNotNull();
            race.run(number -> {
                if (number == 0) {
                    waiting.await();
                    LockSupport.parkNanos(20_000_000);
                    waiter[0].interrupt();
                } else {
                    waiter[0] = Thread.currentThread();
                    waiting.countDown();
                    Optional<Lock> lock = lockingA.lock(key, WAIT, LONG);
                    assertThat(lock).as("lock for an interrupted waiter").isEmpty();
                    assertThat(Thread.interrupted())
                            .as("the waiter is still interrupted")
                            .isTrue();
                }
                return number;
            });
        }
    }
}
