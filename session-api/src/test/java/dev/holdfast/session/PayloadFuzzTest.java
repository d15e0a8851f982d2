package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.holdfast.session.fuzz.Mutations;
import dev.holdfast.session.fuzz.Probe;
import dev.holdfast.session.spi.Payload;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
@DisplayName("S67: any bytes as a payload are an envelope or unreadable, at a cost in proportion to their number")
class PayloadFuzzTest {

    private static final Compression COMPRESSION = new Compression(0, 1 << 20);
    private static final StoredSession RECORD = new StoredSession(
            SessionKey.of("fuzzed"),
            1,
            Instant.EPOCH,
            Instant.EPOCH,
            StoredSession.NEVER,
            Duration.ofMinutes(30),
            null,
            Payload.EMPTY);
    private static final Sealing SEALING =
            new Sealing(SealingKeys.create("k1", new SecretKeySpec(new byte[32], "HmacSHA256")), new SecureRandom());

    private static EncodedValue value(String text) {
        return new EncodedValue((byte) 1, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<byte[]> envelopes() {
        return List.of(
                Envelope.EMPTY.toPayload().toByteArray(),
                Envelope.EMPTY
                        .with(Map.of("a", value("one"), "名前", value("x".repeat(300)), "", value("")))
                        .toPayload()
                        .toByteArray(),
                new byte[] {1, 0, 2, 5, 2, 3, 4, 6, 0, 1, 1, 'a', 1, 1, 'x'});
    }

    @FuzzTest
    @DisplayName("envelope")
    void envelope(byte[] bytes) {
        Probe.probe(
                bytes,
                IllegalStateException.class,
                () -> Envelope.parse(Payload.wrap(bytes)).ifPresent(PayloadFuzzTest::assertSound));
    }

    private static void assertSound(Envelope envelope) {
        envelope.extensions();
        assertThat(envelope.values()).hasSizeLessThanOrEqualTo(envelope.size());
        envelope.values()
                .forEach((name, value) -> assertThat(envelope.find(name)).isEqualTo(value));
        Envelope again = Envelope.parse(envelope.toPayload()).orElseThrow(AssertionError::new);
        assertThat(again.values()).isEqualTo(envelope.values());
    }

    @FuzzTest
    @DisplayName("compressed")
    void compressed(byte[] bytes) {
        Probe.probe(bytes, UnreadablePayloadException.class, () -> COMPRESSION.expand(bytes));
    }

    @FuzzTest
    @DisplayName("sealed")
    void sealed(byte[] bytes) {
        Probe.probe(bytes, UnreadablePayloadException.class, () -> SEALING.open(RECORD, bytes));
    }

    @Test
    @DisplayName("two seconds of envelopes")
    void envelopesForAWhile() {
        Mutations.run(envelopes(), this::envelope);
    }

    @Test
    @DisplayName("two seconds of compressed payloads")
    void compressedForAWhile() {
        Mutations.run(envelopes().stream().map(COMPRESSION::compress).toList(), this::compressed);
    }

    @Test
    @DisplayName("two seconds of sealed payloads")
    void sealedForAWhile() {
        Mutations.run(
                envelopes().stream()
                        .map(payload -> SEALING.seal(RECORD, 1, payload))
                        .toList(),
                this::sealed);
    }
}
