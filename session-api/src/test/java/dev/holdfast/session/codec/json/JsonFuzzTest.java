package dev.holdfast.session.codec.json;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.holdfast.session.codec.UndecodableValueException;
import dev.holdfast.session.fuzz.Mutations;
import dev.holdfast.session.fuzz.Probe;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

@Tag("once")
@DisplayName("S63, S67: any bytes as JSON of a registered type are a value or undecodable, at a cost in proportion")
class JsonFuzzTest {

    @SuppressWarnings("ArrayRecordComponent")
    private record Item(String name, long count, int[] marks) {}

    @SuppressWarnings("ArrayRecordComponent")
    private record Order(
            List<Item> items,
            Map<String, Set<Integer>> sets,
            BigDecimal price,
            BigInteger number,
            Instant at,
            ZonedDateTime zoned,
            Duration duration,
            byte[] bytes,
            Object any) {}

    private static final JsonCodec CODEC = JsonCodec.builder()
            .type("order", Order.class)
            .type("item", Item.class, List.of(json -> ((ObjectNode) json).put("count", 1)))
            .build();

    @FuzzTest
    @DisplayName("JSON")
    void json(byte[] bytes) {
        Probe.probe(bytes, UndecodableValueException.class, () -> CODEC.decode(ByteBuffer.wrap(bytes)));
    }

    @Test
    @DisplayName("two seconds of JSON")
    void jsonForAWhile() {
        Item item = new Item("tea", 2, new int[] {3});
        byte[] older = CODEC.encode(item);
        older["item".length() + 2] = 1;
        Mutations.run(
                List.of(
                        CODEC.encode(item),
                        older,
                        CODEC.encode(new Order(
                                List.of(item),
                                Map.of("a", Set.of(1)),
                                new BigDecimal("1.50"),
                                BigInteger.TEN,
                                Instant.EPOCH,
                                ZonedDateTime.parse("2026-01-01T00:00:00+01:00[Europe/Berlin]"),
                                Duration.ofSeconds(1),
                                new byte[] {1, 2, 3},
                                Map.of("x", 1.5)))),
                this::json);
    }
}
