package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.memory.MemorySessionStore;
import dev.holdfast.session.spi.Payload;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** MISSION row M18: expired sessions are removed in the background, in batches, and by hand. */
class PurgerTest {

    private final FakeClock clock = new FakeClock();
    private final MemorySessionStore store =
            MemorySessionStore.builder().clock(clock).build();

    private void expire(int count) {
        Instant now = clock.instant();
        for (int i = 0; i < count; i++) {
            store.create(new StoredSession(
                    SessionKey.of("expired " + i),
                    1,
                    now,
                    now,
                    now.plusMillis(1),
                    Duration.ofMillis(1),
                    null,
                    Payload.EMPTY));
        }
        clock.advance(Duration.ofSeconds(1));
    }

    @Test
    @DisplayName("M18: a purge by hand takes as many batches as it needs")
    void by_hand() {
        expire(2500);
        CountingStore counting = new CountingStore(store);
        try (Sessions sessions =
                Sessions.builder(counting).purgeInterval(Duration.ZERO).build()) {
            assertThat(sessions.purge()).isEqualTo(2500);
            assertThat(counting.calls()).hasSize(3);
            assertThat(sessions.purge()).isZero();
        }
    }

    @Test
    @DisplayName("M18: the background purge goes on after a failure, on one daemon thread that ends with close")
    void in_background() throws Exception {
        CountDownLatch purges = new CountDownLatch(3);
        FailingOnce failing = new FailingOnce(store, purges);
        Sessions sessions =
                Sessions.builder(failing).purgeInterval(Duration.ofMillis(5)).build();
        Thread thread = Thread.getAllStackTraces().keySet().stream()
                .filter(candidate -> candidate.getName().equals("holdfast-purge"))
                .findFirst()
                .orElseThrow();
        assertThat(thread.isDaemon()).isTrue();
        assertThat(purges.await(10, TimeUnit.SECONDS)).isTrue();
        sessions.close();
        sessions.close();
        assertThat(thread.isAlive()).isFalse();
        assertThat(store.purgeExpired(1))
                .as("the store that was handed in is still open")
                .isZero();
    }

    @Test
    @DisplayName("close does not wait for the next interval")
    void close_is_prompt() {
        long start = System.nanoTime();
        Sessions.builder(store).purgeInterval(Duration.ofDays(1)).build().close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
    }
}
