package dev.holdfast.session.codec;

import static dev.holdfast.session.codec.Samples.CODEC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.session.fuzz.Allocations;
import java.nio.charset.StandardCharsets;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("TypedCodec: bytes that it did not write")
class TypedCodecForgeryTest {

    /** The bytes that one byte of payload may cost at most, for a value that turns out to be wrong or not. */
    private static final int COST_PER_BYTE = 200;

    /** The bytes that a refusal costs: the exception with its stack trace, and the first room of 64 collections. */
    private static final int COST_OF_TRYING = 400_000;

    /** A ZonedDateTime, whose offset follows from its zone and is corrected. */
    private static final Pattern OFFSET_AND_REGION = Pattern.compile(".*[0-9Z]\\[[A-Z].*", Pattern.DOTALL);

    /** Decodes; nothing but a value or the typed exception may come, at a bounded cost, and a value has one spelling. */
    private static void probe(byte[] bytes) {
        long before = Allocations.ofThisThread();
        try {
            Object value = CODEC.decode(Hex.slice(bytes));
            byte[] again = CODEC.encode(value);
            if (!Arrays.equals(again, bytes)) {
                assertThat(value.toString()).as(Hex.of(bytes)).matches(OFFSET_AND_REGION);
            }
        } catch (UndecodableValueException e) {
            long cost = Allocations.ofThisThread() - before;
            assertThat(cost).isLessThan(COST_OF_TRYING + (long) COST_PER_BYTE * bytes.length);
            assertThat(e.getCause()).isNull();
        }
    }

    private static void assertRefused(String hex) {
        assertThatThrownBy(() -> CODEC.decode(Hex.slice(Hex.bytes(hex))))
                .as(hex)
                .isInstanceOf(UndecodableValueException.class);
        probe(Hex.bytes(hex));
    }

    @Test
    @DisplayName("every beginning of a value but the whole is refused")
    void truncated() {
        Samples.all().map(CODEC::encode).filter(bytes -> bytes.length < 2000).forEach(bytes -> {
            for (int length = 0; length < bytes.length; length++) {
                assertRefused(Hex.of(bytes).substring(0, 2 * length));
            }
        });
    }

    @Test
    @DisplayName("every single flipped bit gives another value or the typed exception")
    void flipped() {
        List<Object> nested = List.of(List.of(
                Samples.all().filter(value -> CODEC.encode(value).length < 60).toList()));
        byte[] bytes = CODEC.encode(nested);
        for (int bit = 0; bit < 8 * bytes.length; bit += 7) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            probe(flipped);
        }
        Samples.all().map(CODEC::encode).filter(sample -> sample.length < 60).forEach(sample -> {
            for (int bit = 0; bit < 8 * sample.length; bit++) {
                byte[] flipped = sample.clone();
                flipped[bit / 8] ^= (byte) (1 << bit % 8);
                probe(flipped);
            }
        });
    }

    @Test
    @DisplayName("random bytes, and random changes to values, give a value or the typed exception")
    void fuzzed() {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        RandomValues values = new RandomValues(random);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes;
            if (i % 2 == 0) {
                bytes = new byte[random.nextInt(100)];
                random.nextBytes(bytes);
                if (bytes.length > 0) {
                    bytes[0] = (byte) random.nextInt(0x60);
                }
            } else {
                bytes = CODEC.encode(values.next(3));
                for (int change = random.nextInt(4); change >= 0; change--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
            }
            probe(bytes);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x17, 0x20, 0x21, 0x22, 0x38, 0x40, 0x41, 0x42, 0x43, 0x44, 0x50, 0x51, 0x52, 0x53, 0x54})
    @DisplayName("a forged length is refused before anything is allocated for it")
    void forgedLength(int tag) {
        String hex = String.format("%02x", tag);
        assertRefused(hex + "ff ff ff ff 07" + "00".repeat(10));
        assertRefused(hex + "ff ff ff ff 0f" + "00".repeat(10));
        assertRefused(hex + "ff ff ff ff ff ff ff ff ff 01" + "00".repeat(10));
        assertRefused(hex + "0b" + "00".repeat(10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"50 a0c21e", "51 a0c21e 00", "52 a0c21e 00 00 01"})
    @DisplayName("64 nested collections that all claim half a million elements get no room for them")
    void nestedLengths(String level) {
        byte[] levels = Hex.bytes(level.repeat(64) + "7f");
        byte[] bytes = Arrays.copyOf(levels, 1_100_000);
        long before = Allocations.ofThisThread();
        assertThatThrownBy(() -> CODEC.decode(Hex.slice(bytes)))
                .isInstanceOf(UndecodableValueException.class)
                .hasMessageContaining("no known type");
        assertThat(Allocations.ofThisThread() - before).isLessThan(COST_OF_TRYING + 2 * bytes.length);
    }

    @Test
    @DisplayName("nesting deeper than 64 is refused, not a stack overflow")
    void depth() {
        assertThat(CODEC.decode(Hex.slice(Hex.bytes("5001".repeat(63) + "5000"))))
                .isInstanceOf(List.class);
        assertRefused("5001".repeat(64) + "5000");
        assertRefused("5001".repeat(100_000) + "5000");
        assertRefused("5101".repeat(100_000));
        assertRefused("5201".repeat(100_000));
        assertRefused("520101".repeat(100_000));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", // nothing
                "00", // a bare null
                "1200 00", // trailing byte
                "03",
                "0f",
                "2c",
                "55",
                "80",
                "ff", // no such tag
                "12 80 00", // longer than needed
                "12 80 80 80 80 10", // not an int
                "13 ff ff ff ff ff ff ff ff ff 02", // more than 64 bits
                "13 ff ff ff ff ff ff ff ff ff ff 01",
                "11 80 80 04", // not a short
                "16 80 80 04", // not a char
                "14 7f c0 00 01", // another NaN
                "15 7f f8 00 00 00 00 00 01",
                "17 00", // no number
                "17 02 00 7f", // longer than needed
                "17 02 ff 80",
                "21 01 61", // Latin-1 in UTF-8
                "21 02 c3 bf",
                "21 03 ed a0 80", // a surrogate in UTF-8
                "21 04 e6 bc a2 ff", // not UTF-8
                "21 05 e6 bc a2 c0 80", // not the shortest
                "22 01 00 61", // well-formed in UTF-16
                "29 20 01 25", // no URI
                "29 12 00", // no text where one belongs
                "2a 20 01 61", // no language tag
                "2a 20 05 44 45 2d 64 65", // another spelling of de-DE
                "30 00 80 94 eb dc 03", // 10^9 nanoseconds
                "31 80 80 80 80 80 80 01", // no such day
                "32 80 80 bc 8a c9 d2 13", // no such time
                "37 80 fe 07", // no such offset
                "38 01 5a", // Z is an offset, not a region
                "38 03 61 2f 62", // no such region
                "3c 00 0d", // month 13
                "3d 02 1e", // 30 February
                "3e 00",
                "3e 08",
                "3f 00",
                "3f 0d",
                "44 01 12 00", // a number among texts
                "51 02 12 00 12 00", // twice the same
                "52 02 12 00 01 12 00 02",
                "53 02 12 00 12 00",
                "53 02 12 02 12 00", // not ascending
                "53 01 00",
                "53 01 50 00",
                "53 02 12 00 13 02", // not comparable
                "54 02 12 02 01 12 00 01",
                "54 01 00 00",
                "2b 20 05 73 68 61 64 65 20 04 64 61 72 6b", // no such constant
            })
    @DisplayName("what is not a value, or not the one spelling of it, is refused")
    void malformed(String hex) {
        assertRefused(hex);
    }

    /** Says so when it is initialised. */
    enum Canary {
        ONE;

        static {
            INITIALISED.set(true);
        }
    }

    private static final AtomicBoolean INITIALISED = new AtomicBoolean();

    @Test
    @DisplayName("S64: a payload that names a class neither loads, nor initialises, nor instantiates anything")
    void noClassByName() {
        String name = "dev.holdfast.session.codec.TypedCodecForgeryTest$Canary";
        ByteWriter forged = new ByteWriter(100);
        forged.one(Tag.ENUM);
        Text.write(name, forged);
        Text.write("ONE", forged);
        assertThatThrownBy(() -> CODEC.decode(Hex.slice(forged.toByteArray())))
                .isInstanceOf(UndecodableValueException.class)
                .hasMessageContaining("TypedCodec.builder().allowEnum(")
                .hasMessageNotContaining("Canary");
        assertThat(INITIALISED).isFalse();
        // and the canary would have sung
        assertThat(TypedCodec.builder().allowEnum(Canary.class).build().decode(Hex.slice(forged.toByteArray())))
                .isEqualTo(Canary.ONE);
        assertThat(INITIALISED).isTrue();
    }

    @Test
    @DisplayName("S64: the bytes of JDK serialization, JSON and other formats are refused")
    void foreignFormats() {
        assertRefused("aced0005");
        assertRefused(Hex.of("{\"@class\":\"java.net.URL\"}".getBytes(StandardCharsets.UTF_8)));
        assertRefused(Hex.of("!!javax.script.ScriptEngineManager []".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    @DisplayName("a zone whose rules have changed keeps the instant")
    void changedRules() {
        // 2026-07-01T12:00+01:00[Europe/Berlin], as if Berlin had given up summer time and then taken it up again
        ZonedDateTime summer = ZonedDateTime.of(2026, 7, 1, 12, 0, 0, 0, Samples.BERLIN);
        String stored = Hex.of(CODEC.encode(summer)).replace("c070", "a038");
        assertThat(CODEC.decode(Hex.slice(Hex.bytes(stored)))).isEqualTo(summer.plusHours(1));
    }
}
