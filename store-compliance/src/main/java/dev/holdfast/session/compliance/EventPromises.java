package dev.holdfast.session.compliance;

import static dev.holdfast.session.spi.UpdateOutcome.APPLIED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.spi.ChangeFeed;
import dev.holdfast.session.spi.ExpiryEvents;
import dev.holdfast.session.spi.PrincipalIndex;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** E1 and N1: what listeners are told. */
@Tag("ability")
abstract class EventPromises extends Promises {

    private static final Duration SLACK = Duration.ofSeconds(2);

    EventPromises(SessionStoreExam exam) {
        super(exam);
    }

    /** Purges and waits until a listener was told all, or the declared time is over. */
    private void await(Duration declared, Queue<SessionKey> told, Collection<SessionKey> expected, boolean purging) {
        long end = System.nanoTime() + declared.plus(SLACK).toNanos();
        while (!told.containsAll(expected) && System.nanoTime() < end) {
            if (purging) {
                nodeB.purgeExpired(100);
            }
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(told)
                .as("keys told to listeners within %s", declared.plus(SLACK))
                .containsAll(expected);
    }

    @Test
    @DisplayName("E1: each expiry is told at least once, and no live or deleted session's")
    final void e1EachExpiryIsTold() {
        ExpiryEvents eventsA = ExamRoom.ability(ExpiryEvents.class, nodeA);
        ExpiryEvents eventsB = ExamRoom.ability(ExpiryEvents.class, nodeB);
        assertThat(eventsA.worstExpiryDelay()).as("the declared delay").isGreaterThanOrEqualTo(Duration.ZERO);
        Queue<SessionKey> told = new ConcurrentLinkedQueue<>();
        try (Subscription a = eventsA.onExpired(told::add);
                Subscription b = eventsB.onExpired(told::add)) {
            assertThat(a).isNotSameAs(b);
            Instant expiry = time.in(time.brief());
            List<SessionKey> expiring = IntStream.range(0, 20)
                    .mapToObj(i -> create(draft().expires(expiry)).key())
                    .toList();
            SessionKey deleted = create(draft().expires(expiry)).key();
            assertThat(nodeA.delete(deleted)).isTrue();
            StoredSession extended = create(draft().expires(expiry));
            nodeA.touch(extended.key(), extended.lastAccessedAt(), expiry.plus(Duration.ofHours(1)));
            SessionKey live = create(draft()).key();
            time.reach(expiry);
            await(eventsA.worstExpiryDelay(), told, expiring, true);
            assertThat(told).as("keys told as expired").doesNotContain(deleted, extended.key(), live);
        }
    }

    @Test
    @DisplayName("E1: an expiry is told, too, when a create or a delete comes before the purge")
    final void e1ReplacedIsTold() {
        ExpiryEvents events = ExamRoom.ability(ExpiryEvents.class, nodeA);
        Queue<SessionKey> told = new ConcurrentLinkedQueue<>();
        try (Subscription subscription = events.onExpired(told::add)) {
            assertThat(subscription).isNotNull();
            Instant expiry = time.in(time.brief());
            StoredSession replaced = create(draft().expires(expiry));
            StoredSession deleted = create(draft().expires(expiry));
            time.reach(expiry);
            assertThat(nodeA.create(draft().key(replaced.key()).make())).isTrue();
            nodeA.delete(deleted.key());
            await(events.worstExpiryDelay(), told, List.of(replaced.key(), deleted.key()), true);
        }
    }

    @Test
    @DisplayName("E1: a listener that throws harms nobody, and one that left is not called")
    final void e1ListenersAreFree() {
        ExpiryEvents events = ExamRoom.ability(ExpiryEvents.class, nodeA);
        Queue<SessionKey> told = new ConcurrentLinkedQueue<>();
        Queue<SessionKey> left = new ConcurrentLinkedQueue<>();
        Subscription leaving = events.onExpired(left::add);
        leaving.close();
        leaving.close();
        try (Subscription bad = events.onExpired(key -> {
                    throw new ListenerFailure();
                });
                Subscription good = events.onExpired(told::add)) {
            assertThat(good).isNotSameAs(bad);
            List<SessionKey> expired =
                    List.of(createExpired().key(), createExpired().key());
            await(events.worstExpiryDelay(), told, expired, true);
            assertThat(left).as("keys told to a listener that left").isEmpty();
        }
    }

    @Test
    @DisplayName("N1: each node is told of updates and deletes within the declared time")
    final void n1ChangesAreTold() {
        ChangeFeed feedA = ExamRoom.ability(ChangeFeed.class, nodeA);
        ChangeFeed feedB = ExamRoom.ability(ChangeFeed.class, nodeB);
        assertThat(feedA.worstDelay()).as("the declared delay").isGreaterThanOrEqualTo(Duration.ZERO);
        Queue<SessionKey> toldA = new ConcurrentLinkedQueue<>();
        Queue<SessionKey> toldB = new ConcurrentLinkedQueue<>();
        try (Subscription a = feedA.onChange(toldA::add);
                Subscription b = feedB.onChange(toldB::add)) {
            assertThat(a).isNotSameAs(b);
            List<SessionKey> changed = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                StoredSession updated = create(draft());
                assertThat(node(i).update(updated, 1)).isEqualTo(APPLIED);
                changed.add(updated.key());
                StoredSession deleted = create(draft());
                assertThat(node(i).delete(deleted.key())).isTrue();
                changed.add(deleted.key());
            }
            await(feedA.worstDelay(), toldA, changed, false);
            await(feedB.worstDelay(), toldB, changed, false);
        }
    }

    @Test
    @DisplayName("N1: a delete of all sessions of a principal is told for each")
    final void n1SweepIsTold() {
        ChangeFeed feed = ExamRoom.ability(ChangeFeed.class, nodeB);
        PrincipalIndex index = ExamRoom.ability(PrincipalIndex.class, nodeA);
        Queue<SessionKey> told = new ConcurrentLinkedQueue<>();
        try (Subscription subscription = feed.onChange(told::add)) {
            assertThat(subscription).isNotNull();
            List<SessionKey> keys = IntStream.range(0, 5)
                    .mapToObj(i -> create(draft().principal("alice")).key())
                    .toList();
            assertThat(index.deleteByPrincipal("alice", null)).isEqualTo(5);
            await(feed.worstDelay(), told, keys, false);
        }
    }

    @Test
    @DisplayName("N1: a listener that throws harms nobody, and one that left is not called")
    final void n1ListenersAreFree() {
        ChangeFeed feed = ExamRoom.ability(ChangeFeed.class, nodeA);
        Queue<SessionKey> told = new ConcurrentLinkedQueue<>();
        Queue<SessionKey> left = new ConcurrentLinkedQueue<>();
        Subscription leaving = feed.onChange(left::add);
        leaving.close();
        leaving.close();
        try (Subscription bad = feed.onChange(key -> {
                    throw new ListenerFailure();
                });
                Subscription good = feed.onChange(told::add)) {
            assertThat(good).isNotSameAs(bad);
            StoredSession session = create(draft());
            assertThat(nodeA.update(session, 1))
                    .as("update under a listener that throws")
                    .isEqualTo(APPLIED);
            assertThat(nodeA.delete(session.key()))
                    .as("delete under a listener that throws")
                    .isTrue();
            await(feed.worstDelay(), told, List.of(session.key()), false);
            assertThat(left).as("keys told to a listener that left").isEmpty();
        }
    }

    /** What a bad listener throws; without a stack trace, since stores log it. */
    private static final class ListenerFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ListenerFailure() {
            super("a listener of the exam throws, which a store may log", null, false, false);
        }
    }
}
