package dev.holdfast.session.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.holdfast.session.Sessions;
import dev.holdfast.session.memory.MemorySessionStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** S80: who guesses is noticed. */
class GuessingAlarmTest {

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-21T12:00:00Z"));
    private final List<String> raised = new ArrayList<>();
    private final GuessingAlarm alarm = GuessingAlarm.create(raised::add, 100, Duration.ofMinutes(1), now::get);

    private static List<String> ids(int count) {
        try (MemorySessionStore store = MemorySessionStore.create();
                Sessions sessions = Sessions.create(store)) {
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                ids.add(sessions.open(null).id().value());
            }
            return ids;
        }
    }

    @Test
    @DisplayName("S80: 1000 unknown ids of one peer raise one alarm, and one more in the next window")
    void guesses() {
        List<String> ids = ids(1000);
        ids.forEach(id -> alarm.unknownId("203.0.113.7", id));
        assertThat(raised).containsExactly("203.0.113.7");
        now.updateAndGet(last -> last.plus(Duration.ofMinutes(1)));
        ids.forEach(id -> alarm.unknownId("203.0.113.7", id));
        assertThat(raised).hasSize(2);
    }

    @Test
    @DisplayName("S80: one stale id, however often, many peers with a few, and what can't be an id raise none")
    void harmless() {
        List<String> ids = ids(99);
        for (int i = 0; i < 1000; i++) {
            alarm.unknownId("203.0.113.7", ids.get(0));
            alarm.unknownId("203.0.113.7", "no id " + i);
        }
        for (int peer = 0; peer < 5000; peer++) {
            alarm.unknownId("peer " + peer, ids.get(peer % 99));
        }
        ids.forEach(id -> alarm.unknownId("203.0.113.8", id));
        assertThat(raised).isEmpty();
    }

    @Test
    @DisplayName("an alarm that throws breaks no request; limits are checked")
    void edges() {
        GuessingAlarm throwing = GuessingAlarm.create(
                peer -> {
                    throw new IllegalStateException(peer);
                },
                1,
                Duration.ofSeconds(1),
                now::get);
        throwing.unknownId("203.0.113.7", ids(1).get(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GuessingAlarm.create(raised::add, 0, Duration.ofSeconds(1), now::get));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GuessingAlarm.create(raised::add, 1, Duration.ZERO, now::get));
    }
}
