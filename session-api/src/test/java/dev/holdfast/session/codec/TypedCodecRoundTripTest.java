package dev.holdfast.session.codec;

import static dev.holdfast.session.codec.Samples.CODEC;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("TypedCodec: what goes in comes out")
class TypedCodecRoundTripTest {

    static Stream<List<Object>> types() {
        return Samples.BY_TYPE.stream();
    }

    @ParameterizedTest(name = "type {index}")
    @MethodSource("types")
    @DisplayName("every value of a type, the edges included, comes back as the same type and value")
    void scalar(List<Object> values) {
        for (Object value : values) {
            assertThat(CODEC.canEncode(value)).isTrue();
            byte[] bytes = CODEC.encode(value);
            Object decoded = CODEC.decode(Hex.slice(bytes));
            assertThat(decoded).hasSameClassAs(value).isEqualTo(value);
            assertThat(CODEC.encode(decoded)).isEqualTo(bytes);
        }
    }

    @Test
    @DisplayName("every type has its tag: no two samples share their bytes")
    void distinct() {
        assertThat(Samples.all().map(CODEC::encode).map(Hex::of)).doesNotHaveDuplicates();
    }

    @Test
    @DisplayName("every single character comes back, alone and among wider and narrower ones")
    void everyCharacter() {
        for (int c = 0; c <= Character.MAX_VALUE; c++) {
            for (String text : List.of("" + (char) c, "a" + (char) c + "b", "漢" + (char) c)) {
                assertThat(CODEC.decode(Hex.slice(CODEC.encode(text)))).isEqualTo(text);
            }
        }
    }

    @Test
    @DisplayName("random nested values come back equal, and are encoded to the same bytes again")
    void nested() {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        RandomValues values = new RandomValues(new Random(seed));
        for (int i = 0; i < 3_000; i++) {
            Object value = values.next(5);
            assertThat(CODEC.canEncode(value)).isTrue();
            byte[] bytes = CODEC.encode(value);
            Object decoded = CODEC.decode(Hex.slice(bytes));
            assertThat(CODEC.encode(decoded)).as("seed %d, value %d", seed, i).isEqualTo(bytes);
            assertThat(Alike.alike(value, decoded))
                    .as("seed %d, value %d", seed, i)
                    .isTrue();
        }
    }
}
