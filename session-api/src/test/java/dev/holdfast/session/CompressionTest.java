package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.session.memory.MemorySessionStore;
import dev.holdfast.session.spi.SessionKey;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Compressed payloads")
class CompressionTest {

    private static final Compression SMALL = new Compression(0, 1 << 20);

    @Test
    @DisplayName("what is compressed comes back, whatever its size; what would not shrink stays as it is")
    void round_trip() throws UnreadablePayloadException {
        for (int size : new int[] {6, 100, 5_000, 1 << 20}) {
            byte[] text = new byte[size];
            for (int i = 0; i < size; i++) {
                text[i] = (byte) (i % 7);
            }
            text[0] = 1;
            byte[] compressed = SMALL.compress(text);
            if (size >= 100) {
                assertThat(compressed).hasSizeLessThan(size);
                assertThat(SMALL.expand(compressed)).isEqualTo(text);
            }
            byte[] noise = new byte[size];
            new Random(size).nextBytes(noise);
            assertThat(SMALL.compress(noise)).isSameAs(noise);
        }
        byte[] small = new byte[100];
        assertThat(new Compression(100, 1 << 20).compress(small)).isSameAs(small);
    }

    @Test
    @DisplayName("S57: a bomb is refused by its length, or by being longer than it says; a forged length gets no room")
    void bombs() {
        byte[] bomb = new Compression(0, 1 << 24).compress(bytesOfOne(1 << 24));
        assertThatThrownBy(() -> SMALL.expand(bomb)).hasMessageContaining("limit of 1048576");
        byte[] liar = ByteBuffer.wrap(bomb.clone()).putInt(1, 1000).array();
        assertThatThrownBy(() -> SMALL.expand(liar)).hasMessageContaining("malformed");
        byte[] boaster = ByteBuffer.wrap(SMALL.compress(bytesOfOne(100)))
                .putInt(1, 1 << 20)
                .array();
        assertThatThrownBy(() -> SMALL.expand(boaster)).hasMessageContaining("malformed");
        byte[] negative = ByteBuffer.wrap(bomb.clone()).putInt(1, -1).array();
        assertThatThrownBy(() -> SMALL.expand(negative)).isInstanceOf(UnreadablePayloadException.class);
    }

    private static byte[] bytesOfOne(int size) {
        byte[] bytes = new byte[size];
        Arrays.fill(bytes, (byte) 1);
        return bytes;
    }

    @Test
    @DisplayName("S67: every truncation and every flipped bit gives a payload or the typed exception")
    void damaged() {
        byte[] good = SMALL.compress("a payload, a payload, and another payload; "
                .repeat(5)
                .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        for (int length = 0; length < good.length; length++) {
            byte[] shorter = Arrays.copyOf(good, length);
            assertThatThrownBy(() -> SMALL.expand(shorter)).isInstanceOf(UnreadablePayloadException.class);
        }
        byte[] longer = Arrays.copyOf(good, good.length + 1);
        assertThatThrownBy(() -> SMALL.expand(longer)).isInstanceOf(UnreadablePayloadException.class);
        for (int bit = 8; bit < good.length * 8; bit++) {
            byte[] flipped = good.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            try {
                assertThat(SMALL.expand(flipped)).hasSizeLessThan(1 << 20);
            } catch (UnreadablePayloadException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
    }

    @Test
    @DisplayName("large sessions are stored smaller, alone or sealed, and read also where compression is off")
    void sessions() {
        MemorySessionStore store = MemorySessionStore.create();
        SealingKeys keys = SealingKeys.create("k1", new SecretKeySpec(new byte[32], "HmacSHA256"));
        for (SealingKeys sealing : new SealingKeys[] {null, keys}) {
            SessionsBuilder builder =
                    Sessions.builder(store).purgeInterval(Duration.ZERO).compressAbove(1000);
            SessionsBuilder without = Sessions.builder(store).purgeInterval(Duration.ZERO);
            if (sealing != null) {
                builder.sealing(sealing);
                without.sealing(sealing);
            }
            try (Sessions sessions = builder.build();
                    Sessions plain = without.build()) {
                Session session = sessions.open(null);
                session.put("text", "again and ".repeat(1000));
                session.save();
                String id = session.id().value();
                assertThat(store.load(SessionKey.of(id)).orElseThrow().payload().size())
                        .isLessThan(1000);
                assertThat(plain.open(id).get("text")).isEqualTo("again and ".repeat(1000));
                session.put("text", "again");
                assertThat(session.save()).isEqualTo(SaveOutcome.UPDATED);
                assertThat(sessions.open(id).get("text")).isEqualTo("again");
            }
        }
        store.close();
    }
}
