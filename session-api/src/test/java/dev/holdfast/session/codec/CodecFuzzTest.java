package dev.holdfast.session.codec;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.holdfast.session.fuzz.Mutations;
import dev.holdfast.session.fuzz.Probe;
import java.io.Serializable;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
@DisplayName("S63, S67: any bytes as a value are one or undecodable, at a cost in proportion to their number")
class CodecFuzzTest {

    @SuppressWarnings("ArrayRecordComponent")
    private record Cart(ArrayList<Object> items, HashMap<String, Integer> counts, int[] marks) implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    private static final JdkCodec JDK =
            JdkCodec.builder().allow(Cart.class).allowCollections().build();
    private static final TypedCodec TYPED = Samples.CODEC.holding(List.of(JDK));
    private static final Cart CART = new Cart(
            new ArrayList<>(List.of(1, "two", new BigDecimal("3.0"), Instant.EPOCH)),
            new HashMap<>(Map.of("a", 1)),
            new int[] {1, 2});

    @FuzzTest
    @DisplayName("typed")
    void typed(byte[] bytes) {
        Probe.probe(bytes, UndecodableValueException.class, () -> TYPED.encode(TYPED.decode(ByteBuffer.wrap(bytes))));
    }

    @FuzzTest
    @DisplayName("JDK serialization")
    void jdk(byte[] bytes) {
        Probe.probe(bytes, UndecodableValueException.class, () -> JDK.decode(ByteBuffer.wrap(bytes)));
    }

    @Test
    @DisplayName("two seconds of typed values")
    void typedForAWhile() {
        Mutations.run(
                Stream.concat(Samples.all(), Stream.of(List.of(CART), Map.of("a", CART)))
                        .map(TYPED::encode)
                        .filter(bytes -> bytes.length < 2000)
                        .toList(),
                this::typed);
    }

    @Test
    @DisplayName("two seconds of serialized values")
    void jdkForAWhile() {
        Mutations.run(List.of(JDK.encode(CART)), this::jdk);
    }
}
