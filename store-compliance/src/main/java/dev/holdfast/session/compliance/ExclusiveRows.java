package dev.holdfast.session.compliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.session.Concurrency;
import dev.holdfast.session.SaveOutcome;
import dev.holdfast.session.Session;
import dev.holdfast.session.SessionBusyException;
import dev.holdfast.session.Sessions;
import dev.holdfast.session.SessionsBuilder;
import dev.holdfast.session.spi.SessionLocking;
import dev.holdfast.session.spi.StoreMisconfiguredException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** M20: one request at a time for each session, as PHP does it; on request. */
abstract class ExclusiveRows extends Rows {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    ExclusiveRows(SessionRows rows) {
        super(rows);
    }

    private Sessions exclusive(WatchedStore store) {
        return start(settings(store).concurrency(Concurrency.EXCLUSIVE).lockWait(PATIENCE));
    }

    private void needLocks() {
        ExamRoom.ability(SessionLocking.class, storeA.store());
    }

    @Test
    @DisplayName("M20: a store that can't lock says so when the application starts, or opens a session exclusively")
    void unable() {
        if (storeA.store() instanceof SessionLocking) {
            SessionsBuilder plain = Sessions.builder(new PlainVerbs(storeA.store()))
                    .clock(clock)
                    .purgeInterval(Duration.ZERO);
            assertThatThrownBy(() -> plain.concurrency(Concurrency.EXCLUSIVE).build())
                    .isInstanceOf(StoreMisconfiguredException.class)
                    .hasMessageContaining("PlainVerbs");
            Sessions merging = start(plain.concurrency(Concurrency.MERGE));
            String id = stored("a", 1);
            assertThatThrownBy(() -> merging.open(id, Concurrency.EXCLUSIVE))
                    .isInstanceOf(StoreMisconfiguredException.class);
        } else {
            assertThatThrownBy(() -> exclusive(storeA)).isInstanceOf(StoreMisconfiguredException.class);
        }
    }

    @Test
    @Tag("race")
    @DisplayName("M20: requests on all nodes have a session one after the other, and a plain counter loses nothing")
    void one_at_a_time() {
        needLocks();
        List<Sessions> nodes = List.of(exclusive(storeA), exclusive(storeB));
        String id = stored("n", 0);
        int rounds = 25;
        try (Race race = new Race(4)) {
            race.run(number -> {
                for (int round = 0; round < rounds; round++) {
                    try (Session session = nodes.get(number % 2).open(id)) {
                        session.put("n", Objects.requireNonNull(session.get("n", Integer.class)) + 1);
                        assertThat(session.save()).isEqualTo(SaveOutcome.UPDATED);
                    }
                }
                return rounds;
            });
        }
        assertThat(nodeA.open(id).get("n")).isEqualTo(4 * rounds);
    }

    @Test
    @DisplayName("M20: who waits too long is told that the session is busy; a closed session is free at once")
    void busy() {
        needLocks();
        Sessions impatient =
                start(settings(storeB).concurrency(Concurrency.EXCLUSIVE).lockWait(Duration.ofMillis(50)));
        String id = stored("a", 1);
        Session holder = exclusive(storeA).open(id);
        assertThatThrownBy(() -> impatient.open(id)).isInstanceOf(SessionBusyException.class);
        assertThat(impatient.open(id, Concurrency.READ_ONLY).get("a"))
                .as("readers need not wait")
                .isEqualTo(1);
        holder.close();
        holder.close();
        try (Session next = impatient.open(id)) {
            assertThat(next.get("a")).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("M20: an unknown id, or none, holds no lock")
    void nothing_to_lock() {
        needLocks();
        Sessions locking = exclusive(storeA);
        String id = stored("a", 1);
        nodeA.open(id).invalidate();
        locking.open(id);
        assertThat(exclusive(storeB).open(id).isNew()).isTrue();
        storeA.calls();
        try (Session session = locking.open(null)) {
            session.put("a", 1);
            assertThat(session.save()).isEqualTo(SaveOutcome.CREATED);
        }
        assertThat(storeA.calls()).containsExactly("create");
    }

    @Test
    @DisplayName(
            "R54, M20: a request that stalls beyond its lease can't overwrite the next one: its save is a conflict, or gone")
    void fenced() {
        needLocks();
        Sessions brief = start(settings(storeA)
                .concurrency(Concurrency.EXCLUSIVE)
                .lockLease(room.time.brief().plusMillis(500)));
        String id = stored("a", 1);
        Session stalled = brief.open(id);
        stalled.put("a", "stalled");
        room.time.reach(room.time.in(Duration.ofSeconds(2)));
        try (Session next = exclusive(storeB).open(id)) {
            next.put("a", "next");
            assertThat(next.save()).isEqualTo(SaveOutcome.UPDATED);
            assertThat(stalled.save()).isEqualTo(SaveOutcome.CONFLICT);
            assertThat(nodeA.open(id).get("a")).isEqualTo("next");
            next.invalidate();
        }
        assertThat(stalled.save()).isEqualTo(SaveOutcome.GONE);
        stalled.close();
        assertThat(nodeA.find(id)).isEmpty();
    }
}
