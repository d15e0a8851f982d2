package dev.holdfast.session.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.spi.Payload;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSessionStoreTest {

    private static final Instant START = TestClock.START;

    private final TestClock clock = new TestClock();

    @TempDir
    Path root;

    @Test
    void lives() {
        try (FileSessionStore store =
                FileSessionStore.builder(root).clock(clock).build()) {
            StoredSession session = session("a", "alice", new byte[100]);
            assertThat(store.create(session)).isTrue();
            assertThat(store.create(session)).isFalse();
            assertThat(store.load(session.key())).contains(session);
            StoredSession bigger = session("a", "bob", new byte[100_000]);
            assertThat(store.update(bigger, 1)).isEqualTo(UpdateOutcome.APPLIED);
            assertThat(store.update(bigger, 1)).isEqualTo(UpdateOutcome.CONFLICT);
            assertThat(store.load(session.key())).contains(bigger.withVersion(2));
            assertThat(store.touch(session.key(), START.plusSeconds(5), START.plusSeconds(100)))
                    .isTrue();
            assertThat(store.load(session.key()))
                    .contains(bigger.withVersion(2).withAccess(START.plusSeconds(5), START.plusSeconds(100)));
            assertThat(store.findByPrincipal("alice", null, 10)).isEmpty();
            assertThat(store.findByPrincipal("bob", null, 10)).hasSize(1);
            assertThat(store.scan()).hasSize(1);
            assertThat(store.purgeExpired(10)).isZero();
            clock.set(START.plusSeconds(100));
            assertThat(store.load(session.key())).isEmpty();
            assertThat(store.delete(session.key())).isFalse();
            assertThat(store.create(
                            session.withAccess(clock.instant(), clock.instant().plusSeconds(10))))
                    .isTrue();
            clock.set(START.plusSeconds(110));
            assertThat(store.purgeExpired(10)).isEqualTo(1);
            assertThat(store.scan()).isEmpty();
        }
    }

    private static StoredSession session(String id, String principal, byte[] payload) {
        return new StoredSession(
                SessionKey.of(id),
                1,
                START,
                START,
                START.plusSeconds(60),
                Duration.ofSeconds(60),
                principal,
                Payload.wrap(payload));
    }
}
