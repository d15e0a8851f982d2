package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.spi.Payload;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The stored form of a session's attributes. */
class EnvelopeTest {

    private static EncodedValue value(int format, String text) {
        return new EncodedValue((byte) format, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static Envelope sample() {
        Map<String, EncodedValue> values = new LinkedHashMap<>();
        values.put("a", value(1, "one"));
        values.put("", value(127, ""));
        values.put("名前", value(2, "x".repeat(300)));
        return Envelope.EMPTY.with(values);
    }

    @Test
    @DisplayName("what is written is read, name by name, in order")
    void round_trip() {
        Envelope read = Envelope.parse(sample().toPayload()).orElseThrow();
        assertThat(read.values()).isEqualTo(sample().values());
        assertThat(read.values().keySet()).containsExactly("a", "", "名前");
        assertThat(read.isTombstone()).isFalse();
        assertThat(read.toPayload()).isEqualTo(sample().toPayload());
        Envelope searched = Envelope.parse(sample().toPayload()).orElseThrow();
        sample().values()
                .forEach((name, value) -> assertThat(searched.find(name)).isEqualTo(value));
        assertThat(searched.find("b")).isNull();
        assertThat(searched.find("名")).isNull();
        assertThat(searched.size()).isEqualTo(3);
        assertThat(Envelope.parse(Envelope.TOMB.toPayload()).orElseThrow().isTombstone())
                .isTrue();
    }

    @Test
    @DisplayName("the stored form is fixed: version 1")
    void golden() {
        Payload payload = Envelope.EMPTY.with(Map.of("ab", value(1, "xyz"))).toPayload();
        assertThat(HexFormat.of().formatHex(payload.toByteArray()))
                .isEqualTo("010000" + "01" + "026162" + "01" + "0378797a");
    }

    @Test
    @DisplayName("extensions of a later version travel through a rewrite untouched")
    void extensions() {
        byte[] withExtension = HexFormat.of().parseHex("0100" + "01" + "05" + "02cafe" + "01" + "0161" + "01" + "0178");
        Envelope read = Envelope.parse(Payload.copyOf(withExtension)).orElseThrow();
        assertThat(read.values()).containsOnlyKeys("a");
        assertThat(read.toPayload().toByteArray()).isEqualTo(withExtension);
    }

    @Test
    @DisplayName("an extension is set, replaced and removed, beside those that nobody knows")
    void own_extensions() {
        byte[] unknown = HexFormat.of().parseHex("0100" + "01" + "8001" + "02cafe" + "00");
        Extensions stored =
                Envelope.parse(Payload.copyOf(unknown)).orElseThrow().extensions();
        assertThat(stored.number(Extension.ISSUED_AT)).isNull();

        Extensions with = stored.with(Map.of(Extension.ISSUED_AT, Optional.of(Extension.number(-7))));
        Envelope read =
                Envelope.parse(Envelope.EMPTY.withExtensions(with).toPayload()).orElseThrow();
        assertThat(read.extensions().number(Extension.ISSUED_AT)).isEqualTo(-7);
        Extensions replaced = read.extensions().with(Map.of(Extension.ISSUED_AT, Optional.of(Extension.number(8))));
        assertThat(replaced.number(Extension.ISSUED_AT)).isEqualTo(8);
        assertThat(replaced.number(Extension.TOUCH_INTERVAL)).isNull();
        Extensions removed = replaced.with(Map.of(Extension.ISSUED_AT, Optional.empty()));
        assertThat(Envelope.EMPTY.withExtensions(removed).toPayload().toByteArray())
                .isEqualTo(unknown);
    }

    @Test
    @DisplayName("S67: every truncation is refused, every flipped bit gives an envelope or nothing, and never an error")
    void damaged() {
        byte[] good = sample().toPayload().toByteArray();
        for (int length = 0; length < good.length; length++) {
            assertThat(Envelope.parse(Payload.copyOf(Arrays.copyOf(good, length))))
                    .isEmpty();
        }
        for (int bit = 0; bit < good.length * 8; bit++) {
            byte[] flipped = good.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Envelope.parse(Payload.wrap(flipped))
                    .ifPresent(read -> assertThat(read.values().keySet()).hasSizeLessThan(5));
        }
        assertThat(Envelope.parse(Payload.copyOf(Arrays.copyOf(good, good.length + 1))))
                .isEmpty();
    }

    @Test
    @DisplayName("a forged count or length allocates nothing that its bytes can't fill")
    void forged() {
        for (String forged : new String[] {
            "010000ffffffff07",
            "0100ffffffff07",
            "01000001ffffffff07",
            "010000010161" + "01" + "ffffffff07",
            "010000ffffffff0f",
            "010000ffffffffffff",
            "010000" + "01" + "01ff" + "01" + "0178",
            "0200" + "0000",
            "0107" + "0000"
        }) {
            assertThat(Envelope.parse(Payload.wrap(HexFormat.of().parseHex(forged))))
                    .as(forged)
                    .isEmpty();
        }
    }

    @Test
    @DisplayName("of a name that stands twice the first value counts, however it is asked for")
    void duplicate_name() {
        Payload payload =
                Payload.wrap(HexFormat.of().parseHex("010000" + "02" + "016101" + "0178" + "016101" + "0179"));
        EncodedValue first = value(1, "x");
        assertThat(Envelope.parse(payload).orElseThrow().find("a")).isEqualTo(first);
        assertThat(Envelope.parse(payload).orElseThrow().values()).containsOnly(Map.entry("a", first));
    }

    @Test
    @DisplayName("a changed attribute keeps its place, a removed one leaves none, a new one comes last")
    void changed() {
        Map<String, EncodedValue> changes = new LinkedHashMap<>();
        changes.put("c", value(1, "three"));
        changes.put("名前", value(2, "short"));
        changes.put("a", null);
        changes.put("never there", null);
        Envelope changed = sample().with(changes);

        Map<String, EncodedValue> expected = new LinkedHashMap<>();
        expected.put("", value(127, ""));
        expected.put("名前", value(2, "short"));
        expected.put("c", value(1, "three"));
        assertThat(Map.copyOf(changed.values())).isEqualTo(expected);
        assertThat(changed.values().keySet()).containsExactly("", "名前", "c");
        assertThat(changed.size()).isEqualTo(3);
        assertThat(Envelope.parse(changed.toPayload()).orElseThrow().values()).isEqualTo(expected);
        assertThat(changed.cleared().toPayload()).isEqualTo(Envelope.EMPTY.toPayload());
    }

    @Test
    @DisplayName("a change of a name that stands twice leaves one of them")
    void changed_duplicate() {
        Payload twice = Payload.wrap(HexFormat.of().parseHex("010000" + "02" + "016101" + "0178" + "016101" + "0179"));
        Envelope changed = Envelope.parse(twice).orElseThrow().with(Map.of("a", value(1, "z")));
        assertThat(HexFormat.of().formatHex(changed.toPayload().toByteArray()))
                .isEqualTo("010000" + "01" + "016101" + "017a");
    }

    @Test
    @DisplayName("many searches find what one finds")
    void many_searches() {
        Envelope read = Envelope.parse(sample().toPayload()).orElseThrow();
        for (int search = 0; search < 20; search++) {
            assertThat(read.find("a")).isEqualTo(value(1, "one"));
            assertThat(read.find("b")).isNull();
        }
    }
}
