package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.session.memory.MemorySessionStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What it costs to end all sessions, and to look whether they were. */
class GlobalRevocationTest {

    private static final int MANY = 100_000;

    private final FakeClock clock = new FakeClock();
    private final CountingStore store =
            new CountingStore(MemorySessionStore.builder().clock(clock).build());

    private Sessions sessions(Duration delay) {
        return Sessions.builder(store)
                .clock(clock)
                .purgeInterval(Duration.ZERO)
                .globalRevocation(delay)
                .build();
    }

    private static String stored(Sessions sessions) {
        Session session = sessions.open(null);
        session.put("a", 1);
        session.save();
        return session.id().value();
    }

    @Test
    @DisplayName("S32: 100,000 sessions end by one load and one write, and a request still costs one load")
    void constant() {
        try (Sessions sessions = sessions(Duration.ofHours(1))) {
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                ids.add(stored(sessions));
            }
            sessions.find(ids.get(0));
            clock.advance(Duration.ofSeconds(1));
            store.calls();

            sessions.endEverySession();
            assertThat(store.calls()).containsExactly("load", "create");
            for (String id : ids) {
                assertThat(sessions.find(id)).isEmpty();
            }
            assertThat(store.calls()).hasSize(MANY).containsOnly("load");

            clock.advance(Duration.ofSeconds(1));
            String after = stored(sessions);
            assertThat(sessions.find(after)).isPresent();
            clock.advance(Duration.ofSeconds(1));
            sessions.endEverySession();
            assertThat(sessions.find(after)).as("and again").isEmpty();
        }
    }

    @Test
    @DisplayName("S32: a node that joins later obeys too, and rotating an id is no way out")
    void later() {
        try (Sessions first = sessions(Duration.ofHours(1))) {
            String id = stored(first);
            Session held = first.open(id);
            clock.advance(Duration.ofSeconds(1));
            first.endEverySession();
            held.put("b", 2);
            held.rotateId();
            assertThat(first.find(held.id().value())).isEmpty();
            try (Sessions second = sessions(Duration.ofHours(1))) {
                assertThat(second.find(id)).isEmpty();
                assertThat(second.find(held.id().value())).isEmpty();
            }
        }
    }

    @Test
    @DisplayName("S32: without the setting it is refused, since nobody would look")
    void notSet() {
        try (Sessions sessions =
                Sessions.builder(store).purgeInterval(Duration.ZERO).build()) {
            assertThatThrownBy(sessions::endEverySession)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("globalRevocation");
        }
    }
}
