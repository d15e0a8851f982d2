package dev.holdfast.session.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("StoredSession")
class StoredSessionTest {

    private static final SessionKey KEY = SessionKey.of("id");
    private static final Instant T0 = Instant.ofEpochMilli(1_000_000);
    private static final Duration IDLE = Duration.ofMinutes(30);

    private static StoredSession session(Instant accessed, Instant expires, Duration idle, @Nullable String principal) {
        return new StoredSession(KEY, 1, T0, accessed, expires, idle, principal, Payload.EMPTY);
    }

    private static StoredSession accessed(long millis) {
        return session(T0.plusMillis(millis), T0.plusMillis(millis).plus(IDLE), IDLE, null);
    }

    @Test
    @DisplayName("X2: every instant becomes one that a long of milliseconds holds: cut, never rounded, and clamped")
    void instants() {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            Instant any = Instant.ofEpochSecond(
                    random.nextLong() % Instant.MAX.getEpochSecond() >> random.nextInt(60),
                    random.nextInt(1_000_000_000));
            Instant kept = StoredSession.toMillis(any);
            assertThat(Instant.ofEpochMilli(kept.toEpochMilli()))
                    .as("seed %d: %s", seed, any)
                    .isEqualTo(kept);
            assertThat(StoredSession.toMillis(kept)).isEqualTo(kept);
            if (any.isAfter(StoredSession.NEVER)) {
                assertThat(kept).isEqualTo(StoredSession.NEVER);
            } else if (any.isBefore(Instant.ofEpochMilli(Long.MIN_VALUE))) {
                assertThat(kept.toEpochMilli()).isEqualTo(Long.MIN_VALUE);
            } else {
                assertThat(Duration.between(kept, any)).isBetween(Duration.ZERO, Duration.ofNanos(999_999));
            }
            StoredSession session = session(any, any, IDLE, null);
            assertThat(session.lastAccessedAt()).isEqualTo(kept);
            assertThat(session.expiresAt()).isEqualTo(kept);
            assertThat(session.withAccess(any, any)).isEqualTo(session);
        }
    }

    @Test
    @DisplayName("X2: the extremes are kept or clamped")
    void extremes() {
        assertThat(StoredSession.toMillis(Instant.MAX)).isEqualTo(StoredSession.NEVER);
        assertThat(StoredSession.toMillis(StoredSession.NEVER.minusNanos(1)).toEpochMilli())
                .isEqualTo(Long.MAX_VALUE - 1);
        assertThat(StoredSession.toMillis(Instant.MIN).toEpochMilli()).isEqualTo(Long.MIN_VALUE);
        assertThat(StoredSession.toMillis(Instant.ofEpochSecond(-1, 999_999))).isEqualTo(Instant.ofEpochSecond(-1));
        assertThat(new StoredSession(KEY, 1, Instant.MIN, Instant.MAX, Instant.MAX, IDLE, null, Payload.EMPTY)
                        .createdAt()
                        .toEpochMilli())
                .isEqualTo(Long.MIN_VALUE);
    }

    @Test
    @DisplayName("X1: never expires is known as such, also when it was given as something farther")
    void never() {
        StoredSession never = session(T0, Instant.MAX, IDLE, null);
        assertThat(never.neverExpires()).isTrue();
        assertThat(never.isExpiredAt(Instant.MAX)).isFalse();
        assertThat(never.toString()).contains("expires never");
        assertThat(accessed(0).neverExpires()).isFalse();
    }

    @Test
    @DisplayName("L3: expired is from expiresAt on, to the nanosecond")
    void expiry() {
        StoredSession session = session(T0, T0.plusMillis(5), IDLE, null);
        assertThat(session.isExpiredAt(T0.plusMillis(5).minusNanos(1))).isFalse();
        assertThat(session.isExpiredAt(T0.plusMillis(5))).isTrue();
        assertThat(session.isExpiredAt(Instant.MAX)).isTrue();
        assertThat(session.isExpiredAt(Instant.MIN)).isFalse();
    }

    @Test
    @DisplayName("the idle timeout is positive; what is too long is no timeout, what is finer than 1 ms is cut")
    void idleTimeout() {
        assertThat(session(T0, T0, Duration.ofSeconds(Long.MAX_VALUE), null).idleTimeout())
                .isEqualTo(StoredSession.NO_IDLE_TIMEOUT);
        assertThat(session(T0, T0, StoredSession.NO_IDLE_TIMEOUT.plusNanos(1), null)
                        .idleTimeout())
                .isEqualTo(StoredSession.NO_IDLE_TIMEOUT);
        assertThat(session(T0, T0, StoredSession.NO_IDLE_TIMEOUT.minusNanos(1), null)
                        .idleTimeout())
                .isEqualTo(Duration.ofMillis(Long.MAX_VALUE - 1));
        assertThat(session(T0, T0, Duration.ofNanos(1_999_999), null).idleTimeout())
                .isEqualTo(Duration.ofMillis(1));
        for (Duration wrong : List.of(
                Duration.ZERO,
                Duration.ofNanos(999_999),
                Duration.ofNanos(-1),
                Duration.ofMillis(-1),
                Duration.ofSeconds(Long.MIN_VALUE))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> session(T0, T0, wrong, null))
                    .withMessageContaining("idleTimeout")
                    .withMessageContaining(wrong.toString());
        }
    }

    @Test
    @DisplayName("the version is at least 1; key and payload are there")
    void validation() {
        for (long version : List.of(0L, -1L, Long.MIN_VALUE)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> accessed(0).withVersion(version))
                    .withMessage("version must be at least 1, not " + version);
        }
        assertThat(accessed(0).withVersion(Long.MAX_VALUE).version()).isEqualTo(Long.MAX_VALUE);
        assertThatNullPointerException()
                .isThrownBy(() -> new StoredSession(nothing(), 1, T0, T0, T0, IDLE, null, Payload.EMPTY))
                .withMessage("key");
        assertThatNullPointerException()
                .isThrownBy(() -> new StoredSession(KEY, 1, T0, T0, T0, IDLE, null, nothing()))
                .withMessage("payload");
    }

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T nothing() {
        return null;
    }

    @Test
    @DisplayName("L1: the principal is any well-formed text of up to 1024 bytes; refused ones are not repeated")
    void principal() {
        for (String good :
                List.of("", " ", "\0", "alice", "漢字", "👍", "a".repeat(1024), "漢".repeat(341), "👍".repeat(256))) {
            assertThat(session(T0, T0, IDLE, good).principal()).isEqualTo(good);
        }
        assertThat(session(T0, T0, IDLE, null).principal()).isNull();
        for (String tooLong : List.of("x".repeat(1025), "x" + "漢".repeat(342), "👍".repeat(256) + "x")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> session(T0, T0, IDLE, tooLong))
                    .withMessageContaining("1024")
                    .withMessageNotContaining("x".repeat(4))
                    .withMessageNotContaining("漢");
        }
        for (String unpaired : List.of("secret\ud800", "\udc00secret", "\udc00\ud800")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> session(T0, T0, IDLE, unpaired))
                    .withMessageContaining("unpaired surrogate")
                    .withMessageNotContaining("secret");
        }
    }

    @Test
    @DisplayName("T4: replacing keeps the later access as a pair, the creation time, and counts the stored version")
    void replacing() {
        StoredSession current = new StoredSession(
                KEY, 7, T0, T0.plusMillis(50), T0.plusMillis(60), IDLE, "alice", Payload.wrap(new byte[] {1}));
        Payload payload = Payload.wrap(new byte[] {2});
        for (long access : List.of(49L, 50L, 51L)) {
            StoredSession update = new StoredSession(
                    KEY,
                    3,
                    T0.plusMillis(9),
                    T0.plusMillis(access),
                    // earlier than the stored one, to see that the two times are not mixed
                    T0.plusMillis(55),
                    Duration.ofMillis(7),
                    "bob",
                    payload);
            boolean touchWins = access < 50;
            assertThat(update.replacing(current))
                    .isEqualTo(new StoredSession(
                            KEY,
                            8,
                            T0,
                            T0.plusMillis(touchWins ? 50 : access),
                            T0.plusMillis(touchWins ? 60 : 55),
                            Duration.ofMillis(7),
                            "bob",
                            payload));
        }
    }

    @Test
    @DisplayName("the with-methods change what they say and nothing else")
    void withers() {
        StoredSession session = session(T0, T0.plus(IDLE), IDLE, "alice");
        assertThat(session.withVersion(1)).isSameAs(session);
        assertThat(session.withVersion(5).withVersion(1)).isEqualTo(session);
        Payload payload = Payload.wrap(new byte[] {1});
        assertThat(session.withPayload(payload).payload()).isEqualTo(payload);
        assertThat(session.withPayload(payload).withPayload(Payload.EMPTY)).isEqualTo(session);
        assertThat(session.withAccess(T0.plusMillis(1), StoredSession.NEVER).withAccess(T0, T0.plus(IDLE)))
                .isEqualTo(session);
    }

    @Test
    @DisplayName("F4: toString tells neither the principal nor the payload")
    void silent() {
        StoredSession session = session(T0, T0, IDLE, "secret").withPayload(Payload.wrap(new byte[] {42, 42, 42}));
        assertThat(session.toString()).contains(KEY.toString(), "3 bytes").doesNotContain("secret", "42, ");
    }
}
