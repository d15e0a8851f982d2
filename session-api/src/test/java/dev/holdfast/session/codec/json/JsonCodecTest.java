package dev.holdfast.session.codec.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.holdfast.session.codec.UndecodableValueException;
import dev.holdfast.session.codec.UnencodableValueException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.DefaultTyping;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;
import tools.jackson.databind.node.ObjectNode;

@DisplayName("JsonCodec")
class JsonCodecTest {

    enum Size {
        SMALL,
        LARGE {
            @Override
            boolean isLarge() {
                return true;
            }
        };

        boolean isLarge() {
            return false;
        }
    }

    record Item(String name, int count, @Nullable Double weight) {}

    @SuppressWarnings("ArrayRecordComponent")
    record Everything(
            Instant instant,
            ZonedDateTime zoned,
            OffsetDateTime offset,
            LocalDate date,
            LocalDateTime local,
            Duration duration,
            BigDecimal decimal,
            BigInteger integer,
            UUID uuid,
            byte[] bytes,
            Size size,
            Optional<String> optional,
            Map<String, List<Item>> items,
            Set<String> set,
            SortedMap<String, Integer> sorted,
            double nan,
            long large,
            char character,
            @Nullable Item none) {}

    private static final JsonCodec CODEC = JsonCodec.builder()
            .type("item", Item.class)
            .type("size", Size.class)
            .type("everything", Everything.class)
            .build();

    private static ByteBuffer stored(String name, int version, String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(3 + name.length() + bytes.length)
                .put((byte) name.length())
                .put(name.getBytes(StandardCharsets.US_ASCII))
                .putShort((short) version)
                .put(bytes)
                .flip();
    }

    private static Object roundTrip(JsonCodec codec, Object value) {
        byte[] bytes = codec.encode(value);
        Object read = codec.decode(ByteBuffer.wrap(bytes).asReadOnlyBuffer());
        assertThat(codec.encode(read)).isEqualTo(bytes);
        return read;
    }

    @Test
    @DisplayName("a record comes back equal, with all it nests: times with zones, decimals with scales, sets in order")
    void roundTrip() {
        ZonedDateTime berlin = ZonedDateTime.of(2026, 10, 25, 2, 30, 0, 123_456_789, ZoneId.of("Europe/Berlin"));
        Map<String, List<Item>> items = new LinkedHashMap<>();
        items.put("z", List.of(new Item("tea", 2, 0.1), new Item("茶 \" \\ \u0000", -1, null)));
        items.put("a", List.of());
        Everything value = new Everything(
                Instant.ofEpochSecond(-1, 999_999_999),
                berlin.withLaterOffsetAtOverlap(),
                OffsetDateTime.of(2026, 1, 1, 0, 0, 0, 1, ZoneOffset.ofHoursMinutes(5, 45)),
                LocalDate.of(-4, 2, 29),
                LocalDateTime.MAX.minusYears(1),
                Duration.ofSeconds(-3, 5),
                new BigDecimal("1.500"),
                BigInteger.TWO.pow(200),
                new UUID(3, 4),
                new byte[] {0, -1, 127},
                Size.LARGE,
                Optional.of("there"),
                items,
                Set.of("x", "y", "z", "long enough", "to have an order"),
                new TreeMap<>(Map.of("b", 1, "a", 2)),
                Double.NaN,
                Long.MIN_VALUE,
                'ß',
                null);
        Everything read = (Everything) roundTrip(CODEC, value);
        assertThat(read)
                .usingRecursiveComparison()
                .withEqualsForType((one, other) -> one.equals(other), Double.class)
                .isEqualTo(value);
        assertThat(read.zoned()).isEqualTo(value.zoned());
        assertThat(read.decimal()).isEqualTo(value.decimal());
        assertThat(read.items().keySet()).containsExactly("z", "a");
        assertThat(read.set()).containsExactlyElementsOf(value.set());
        assertThat(roundTrip(CODEC, Size.LARGE)).isSameAs(Size.LARGE);
        Item surrogates = new Item("\uD800 \uDC00x", 1, null);
        assertThat(roundTrip(CODEC, surrogates)).isEqualTo(surrogates);
    }

    @Test
    @DisplayName("the stored form is fixed: name, version, JSON with its properties in alphabetical order")
    void golden() {
        assertThat(ByteBuffer.wrap(CODEC.encode(new Item("tea", 2, null))))
                .isEqualTo(stored("item", 1, "{\"count\":2,\"name\":\"tea\",\"weight\":null}"));
    }

    @Test
    @DisplayName("a type that is not registered is refused, by a message that names it and the line to add")
    void unregistered() {
        record Other(int a) {}
        assertThat(CODEC.canEncode(new Other(1))).isFalse();
        assertThatThrownBy(() -> CODEC.encode(new Other(1)))
                .isInstanceOf(UnencodableValueException.class)
                .hasMessageContaining("JsonCodecTest$1Other")
                .hasMessageContaining("JsonCodec.builder().type(\"a-stored-name\", Other.class)");
    }

    static final class OneWay {
        public final int secret;

        OneWay(int secret, int ignored) {
            this.secret = secret + ignored;
        }
    }

    static final class Opaque {
        @SuppressWarnings("unused")
        private final String hidden = "lost";
    }

    @Test
    @DisplayName("a type that could be written but not read again is refused at its first value")
    void oneWay() {
        JsonCodec codec = JsonCodec.builder()
                .type("one-way", OneWay.class)
                .type("opaque", Opaque.class)
                .build();
        assertThatThrownBy(() -> codec.encode(new OneWay(4711, 0)))
                .isInstanceOf(UnencodableValueException.class)
                .hasMessageContaining("JsonCodecTest$OneWay")
                .hasMessageNotContaining("4711");
        assertThatThrownBy(() -> codec.encode(new Opaque())).isInstanceOf(UnencodableValueException.class);
    }

    record NamedItem(String title, int count, BigDecimal price) {}

    private static final List<UnaryOperator<JsonNode>> UPGRADES = List.of(
            stored -> {
                ObjectNode item = (ObjectNode) stored;
                item.set("title", item.remove("name"));
                return item;
            },
            stored -> ((ObjectNode) stored).put("currency", "EUR"));

    @Test
    @DisplayName("a value of an older version is upgraded step by step when it is read, and written as the newest")
    void upgrade() {
        JsonCodec codec =
                JsonCodec.builder().type("item", NamedItem.class, UPGRADES).build();
        NamedItem expected = new NamedItem("tea", 2, new BigDecimal("1.50"));
        assertThat(codec.decode(stored("item", 1, "{\"name\":\"tea\",\"count\":2,\"price\":1.50}")))
                .isEqualTo(expected);
        assertThat(codec.decode(stored("item", 2, "{\"title\":\"tea\",\"count\":2,\"price\":1.50}")))
                .isEqualTo(expected);
        assertThat(codec.decode(stored("item", 3, "{\"title\":\"tea\",\"count\":2,\"price\":1.50}")))
                .isEqualTo(expected);
        assertThat(ByteBuffer.wrap(codec.encode(expected)).getShort(5)).isEqualTo((short) 3);
    }

    @Test
    @DisplayName("a version that is not known yet, a failing upgrade and an unknown name can't be decoded, no more")
    void notYet() {
        JsonCodec codec =
                JsonCodec.builder().type("item", NamedItem.class, UPGRADES).build();
        for (ByteBuffer bytes : List.of(
                stored("item", 4, "{}"),
                stored("item", 0, "{}"),
                stored("item", 1, "7"),
                stored("item", 3, "null"),
                stored("other", 1, "{}"),
                stored("item", 3, "{\"title\":\"tea\",\"count\":null,\"price\":1}"),
                stored("item", 3, "{\"title\":\"tea\",\"count\":2,\"price\":1} x"),
                ByteBuffer.allocate(0),
                ByteBuffer.wrap(new byte[] {4, 'i'}))) {
            assertThatThrownBy(() -> codec.decode(bytes))
                    .as(StandardCharsets.US_ASCII.decode(bytes.duplicate()).toString())
                    .isInstanceOf(UndecodableValueException.class);
        }
        assertThat(codec.decode(stored("item", 3, "{\"title\":\"tea\",\"count\":2,\"price\":1,\"new\":[]}")))
                .isEqualTo(new NamedItem("tea", 2, BigDecimal.ONE));
    }

    static final AtomicInteger SUNG = new AtomicInteger();

    /** Counts how often it is made. */
    public static final class Canary {
        static final int INITIALISED = SUNG.incrementAndGet();

        public Canary() {
            SUNG.incrementAndGet();
        }
    }

    record Any(Object value) {}

    record ByClass(
            @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS) Object value) {}

    @Test
    @DisplayName(
            "S64: data that names a class instantiates none: no default typing, not even the application's mapper's")
    void namedClasses() {
        String name = "dev.holdfast.session.codec.json.JsonCodecTest$Canary";
        JsonMapper loose = JsonMapper.builder()
                .activateDefaultTyping(
                        BasicPolymorphicTypeValidator.builder()
                                .allowIfSubType(Object.class)
                                .build(),
                        DefaultTyping.NON_FINAL)
                .build();
        for (JsonCodec codec : List.of(
                JsonCodec.builder().type("any", Any.class).build(),
                JsonCodec.builder(loose).type("any", Any.class).build())) {
            for (String json : List.of(
                    "{\"value\":[\"" + name + "\",{}]}",
                    "{\"value\":{\"@class\":\"" + name + "\"}}",
                    "{\"@class\":\"" + name + "\",\"value\":1}")) {
                assertThat(codec.decode(stored("any", 1, json))).isInstanceOf(Any.class);
            }
        }
        JsonCodec byClass = JsonCodec.builder().type("any", ByClass.class).build();
        assertThatThrownBy(() -> byClass.decode(stored("any", 1, "{\"value\":{\"@class\":\"" + name + "\"}}")))
                .isInstanceOf(UndecodableValueException.class);
        assertThatThrownBy(() -> byClass.encode(new ByClass(new Item("tea", 1, null))))
                .isInstanceOf(UnencodableValueException.class);
        assertThat(SUNG).hasValue(0);
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Circle.class, name = "circle"),
        @JsonSubTypes.Type(value = Square.class, name = "square")
    })
    sealed interface Shape {}

    record Circle(int radius) implements Shape {}

    record Square(int side) implements Shape {}

    record Drawing(List<Shape> shapes) {}

    @Test
    @DisplayName("subtypes by name come back as what they were")
    void subtypes() {
        JsonCodec codec = JsonCodec.builder().type("drawing", Drawing.class).build();
        Drawing drawing = new Drawing(List.of(new Circle(1), new Square(2)));
        assertThat(roundTrip(codec, drawing)).isEqualTo(drawing);
    }

    @Test
    @DisplayName("what can't be a registration is refused, naming the cause")
    void registrations() {
        JsonCodec.Builder builder = JsonCodec.builder().type("item", Item.class);
        assertThatThrownBy(() -> builder.type("item", Size.class)).hasMessageContaining("JsonCodecTest$Item");
        assertThatThrownBy(() -> builder.type("item2", Item.class)).hasMessageContaining("registered already");
        for (String bad : List.of("", "a b", "ü", "x".repeat(101))) {
            assertThatThrownBy(() -> builder.type(bad, Drawing.class)).hasMessageContaining("'" + bad + "'");
        }
    }

    @Test
    @DisplayName("S63: deep nesting and huge numbers are refused, not a stack overflow or an hour of work")
    void bombs() {
        JsonCodec codec = JsonCodec.builder()
                .type("any", Any.class)
                .type("all", Everything.class)
                .build();
        for (String json : List.of(
                "{\"value\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}",
                "{\"value\":" + "{\"a\":".repeat(100_000) + "1" + "}".repeat(100_001),
                "{\"value\":1" + "0".repeat(100_000) + "}")) {
            assertThatThrownBy(() -> codec.decode(stored("any", 1, json)))
                    .isInstanceOf(UndecodableValueException.class);
        }
        assertThatThrownBy(() -> codec.decode(stored("all", 1, "{\"integer\":1e1000000000}")))
                .isInstanceOf(UndecodableValueException.class);
        long start = System.nanoTime();
        for (String json : List.of("{\"instant\":1e1000000000}", "{\"duration\":-1e1000000000}")) {
            assertThat(codec.decode(stored("all", 1, json))).isInstanceOf(Everything.class);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }
}
