package dev.holdfast.session.compliance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionScan;
import dev.holdfast.session.spi.StoredSession;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** W1: a scan meets each session once. */
@Tag("ability")
abstract class ScanPromises extends Promises {

    private SessionScan scan;

    ScanPromises(SessionStoreExam exam) {
        super(exam);
    }

    @BeforeEach
    final void needAbility() {
        scan = ExamRoom.ability(SessionScan.class, nodeA);
    }

    private List<StoredSession> createAll(int count) {
        return IntStream.range(0, count).mapToObj(i -> create(draft())).toList();
    }

    private List<SessionKey> scanAll() {
        try (Stream<StoredSession> sessions = scan.scan()) {
            return sessions.map(StoredSession::key).toList();
        }
    }

    @Test
    @DisplayName("W1: each live session comes once and whole, none that expired or was deleted")
    final void w1EachLiveOnce() {
        assertThat(scanAll()).as("sessions of an empty backend").isEmpty();
        Instant expiry = time.in(time.brief());
        Map<SessionKey, StoredSession> expected = new HashMap<>();
        for (int i = 0; i < 60; i++) {
            StoredSession live = create(draft().principal("owner " + i).payload("payload " + i));
            expected.put(live.key(), live);
            create(draft().expires(expiry));
            createDeleted();
        }
        time.reach(expiry);
        try (Stream<StoredSession> sessions = scan.scan()) {
            sessions.forEach(session -> {
                assertThat(expected).as("live sessions not scanned before").containsKey(session.key());
                assertSame(session, Objects.requireNonNull(expected.remove(session.key())), "a scanned session");
            });
        }
        assertThat(expected).as("live sessions that were not scanned").isEmpty();
    }

    @Test
    @DisplayName("W1: while a scan rests in the middle others update, touch and delete, and it meets all that stayed")
    final void w1OthersDeleteMeanwhile() {
        List<StoredSession> all = createAll(300);
        assertMeets(all.subList(0, 200), () -> {
            for (int i = 0; i < 100; i++) {
                StoredSession session = all.get(i);
                nodeB.touch(session.key(), session.lastAccessedAt().plusSeconds(1), session.expiresAt());
                nodeB.update(Draft.of(session).payload(new byte[5000]).make(), 1);
                nodeB.delete(all.get(299 - i).key());
            }
        });
    }

    @Test
    @DisplayName("W1: while a scan rests in the middle others create, and it meets each session once")
    final void w1OthersCreateMeanwhile() {
        List<StoredSession> all = createAll(200);
        assertMeets(all, () -> {
            for (int i = 0; i < 100; i++) {
                nodeB.create(draft().make());
            }
        });
    }

    private void assertMeets(List<StoredSession> kept, Runnable meanwhile) {
        List<SessionKey> scanned = new ArrayList<>();
        try (Stream<StoredSession> sessions = scan.scan();
                Race race = new Race(1)) {
            Iterator<StoredSession> iterator = sessions.iterator();
            for (int i = 0; i < 100; i++) {
                scanned.add(iterator.next().key());
            }
            race.run(number -> {
                meanwhile.run();
                return number;
            });
            iterator.forEachRemaining(session -> scanned.add(session.key()));
        }
        Set<SessionKey> met = new HashSet<>(scanned);
        assertThat(scanned.size() - met.size())
                .as("sessions met twice while others write")
                .isZero();
        assertThat(kept.stream().filter(session -> !met.contains(session.key())).count())
                .as("sessions that lived all the while, but were not met")
                .isZero();
    }

    @Test
    @Tag("race")
    @DisplayName("W1: sessions that are written all the time are met exactly once")
    final void w1UnderFire() throws Exception {
        List<StoredSession> all = createAll(200);
        AtomicBoolean done = new AtomicBoolean();
        try (Race race = new Race(3)) {
            race.run(number -> {
                if (number == 0) {
                    try {
                        repeat(3, round -> {
                            List<SessionKey> scanned = scanAll();
                            for (StoredSession session : all) {
                                assertThat(Collections.frequency(scanned, session.key()))
                                        .as("how often a scan met a session that was written meanwhile")
                                        .isEqualTo(1);
                            }
                        });
                    } finally {
                        done.set(true);
                    }
                }
                for (int i = 0; !done.get(); i++) {
                    StoredSession session = all.get((2 * i + number) % all.size());
                    nodeB.touch(
                            session.key(),
                            session.lastAccessedAt().plusSeconds(i),
                            session.expiresAt().plusSeconds(i));
                    StoredSession current = loadFrom(nodeB, session.key(), "a session under fire");
                    nodeB.update(Draft.of(current).payload("round " + i % 7).make(), current.version());
                }
                return number;
            });
        }
    }

    @Test
    @DisplayName("W1: a scan that is given up frees what it held, and the next one starts anew")
    final void w1GivenUp() {
        List<StoredSession> all = createAll(50);
        Leaks leaks = new Leaks(room.subject);
        for (int i = 0; i < 10; i++) {
            try (Stream<StoredSession> sessions = scan.scan()) {
                assertThat(sessions.limit(3)).as("the first sessions of a scan").hasSize(3);
            }
        }
        leaks.assertNone();
        assertThat(scanAll().size())
                .as("sessions scanned after scans that were given up")
                .isEqualTo(all.size());
    }
}
