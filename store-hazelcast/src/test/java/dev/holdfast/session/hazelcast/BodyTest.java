package dev.holdfast.session.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.spi.Payload;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The stored format is what releases promise to read. */
class BodyTest {

    private static final SessionKey KEY = SessionKey.of("a session");
    private static final StoredSession SESSION = new StoredSession(
            KEY,
            3,
            Instant.ofEpochMilli(1000),
            Instant.ofEpochMilli(2000),
            StoredSession.NEVER,
            Duration.ofMillis(7),
            "zoë",
            Payload.copyOf(new byte[] {1, 2, 3}));

    @Test
    @DisplayName("L1: a session's bytes are those of format 1, whatever wrote them")
    void goldenBytes() {
        byte[] bytes = Body.of(SESSION, 0x0102030405060708L).encode(KEY);
        String hex = HexFormat.of().formatHex(bytes);
        assertThat(hex.substring(0, 2 * 53))
                .isEqualTo("4801" + "01" + "0102030405060708" + "0000000000000003" + "00000000000003e8"
                        + "00000000000007d0" + "7fffffffffffffff" + "0000000000000007" + "0004");
        assertThat(hex.substring(2 * 57)).isEqualTo("7a6fc3ab" + "010203");
        Body decoded = Objects.requireNonNull(Body.decode(KEY, bytes));
        assertThat(decoded.session(KEY)).isEqualTo(SESSION);
    }

    @Test
    @DisplayName("S05, L4: a record under another session's key, or of a newer format, is none")
    void otherKeysAndFormats() {
        byte[] bytes = Body.of(SESSION, 1).encode(KEY);
        assertThat(Body.decode(SessionKey.of("another"), bytes)).isNull();
        bytes[1] = 2;
        assertThat(Body.decode(KEY, bytes)).isNull();
    }

    @Test
    @DisplayName("U3: a tombstone is no session, and ends when it was told to")
    void tombstone() {
        Body tombstone = Body.tombstone(9, 4, 100, 200);
        assertThat(tombstone.isLiveSession(100)).isFalse();
        assertThat(tombstone.hasEnded(199)).isFalse();
        assertThat(tombstone.hasEnded(200)).isTrue();
        assertThat(Body.decode(KEY, tombstone.encode(KEY))).isEqualTo(tombstone);
    }
}
