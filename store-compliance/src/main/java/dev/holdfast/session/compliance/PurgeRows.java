package dev.holdfast.session.compliance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.SessionEvent;
import dev.holdfast.session.Sessions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** M18, R56: PHP's garbage collection: by hand, at intervals, with a probability a request, and on many nodes at once. */
abstract class PurgeRows extends Rows {

    private static final int NODES = 5;
    private static final int EXPIRED = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    PurgeRows(SessionRows rows) {
        super(rows);
    }

    /** Stores sessions that have expired, and one that lives, whose id it returns. */
    private String expireAllButOne() {
        Duration brief = room.time.brief();
        Sessions shortLived = start(settings(storeA).idleTimeout(brief));
        for (int i = 0; i < EXPIRED; i++) {
            stored(shortLived, "number", i);
        }
        String alive = stored("number", -1);
        Instant over = clock.instant().plus(brief).plus(brief);
        clock.advance(brief.plus(brief));
        room.time.reach(over);
        return alive;
    }

    private int removable() {
        return room.subject.expiresByItself ? 0 : EXPIRED;
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("patience").isLessThan(end);
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    @DisplayName("M18: purging by hand removes what has expired, and nothing that lives; its progress shows")
    void by_hand() {
        String alive = expireAllButOne();
        assertThat(nodeB.purge()).isEqualTo(removable());
        assertThat(nodeA.purge()).isZero();
        assertThat(nodeB.purgeProgress().removed()).isEqualTo(removable());
        assertThat(nodeB.purgeProgress().runs()).isOne();
        assertThat(nodeA.find(alive)).isPresent();
    }

    @Test
    @DisplayName("M18: at intervals, in the background")
    void at_intervals() {
        String alive = expireAllButOne();
        List<Sessions> never = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            never.add(start(settings(storeB).purgeInterval(Duration.ofSeconds(Long.MAX_VALUE))));
        }
        Sessions purging = start(settings(storeB).purgeInterval(Duration.ofMillis(5)));
        await(() -> purging.purgeProgress().removed() == removable()
                && purging.purgeProgress().runs() > 2);
        assertThat(purging.purgeProgress().failures()).isZero();
        assertThat(never).allMatch(sessions -> sessions.purgeProgress().runs() == 0);
        assertThat(nodeA.find(alive)).isPresent();
    }

    @Test
    @DisplayName("M18: with a probability per request, as in PHP; never in the request itself")
    void by_probability() {
        Queue<Thread> purgers = new ConcurrentLinkedQueue<>();
        Sessions drawing = start(settings(storeB).purgeProbability(1, 10).listener(event -> {
            if (event instanceof SessionEvent.Purged) {
                purgers.add(Thread.currentThread());
            }
        }));
        String alive = expireAllButOne();
        for (int request = 0; request < 500; request++) {
            assertThat(drawing.open(alive).get("number")).isEqualTo(-1);
        }
        await(() -> !purgers.isEmpty() && drawing.purgeProgress().removed() == removable());
        assertThat(purgers).doesNotContain(Thread.currentThread());
    }

    @Test
    @Tag("race")
    @DisplayName("R56: five nodes that purge in the same instant remove each expired session once, and nothing else")
    void all_at_once() {
        List<Sessions> nodes = new ArrayList<>(List.of(nodeA, nodeB));
        while (nodes.size() < NODES) {
            nodes.add(start(settings(new WatchedStore(room.open()))));
        }
        String alive = expireAllButOne();
        try (Race race = new Race(NODES)) {
            List<Integer> removed = race.run(number -> nodes.get(number).purge());
            assertThat(removed.stream().mapToInt(Integer::intValue).sum()).isEqualTo(removable());
        }
        assertThat(nodes).allSatisfy(node -> {
            assertThat(node.find(alive)).isPresent();
            assertThat(node.purge()).isZero();
        });
    }
}
