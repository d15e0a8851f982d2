package dev.holdfast.session.codec;

import static dev.holdfast.session.codec.Samples.CODEC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("TypedCodec: what it refuses to encode, and how it says so")
class TypedCodecRefusalTest {

    record Cart(String secret) {}

    enum Color {
        SECRET
    }

    private static final class Tampered extends BigInteger {
        private static final long serialVersionUID = 1L;

        Tampered() {
            super("1");
        }
    }

    private static void assertRefused(Object value, String... parts) {
        assertThat(CODEC.canEncode(value)).isFalse();
        assertThatThrownBy(() -> CODEC.encode(value))
                .isInstanceOf(UnencodableValueException.class)
                .hasMessageContainingAll(parts)
                .message()
                .doesNotContainIgnoringCase("secret");
    }

    @Test
    @DisplayName("a type that it does not know: the type, and the line to add")
    void unknownType() {
        assertThat(CODEC.canEncode(new Cart("secret"))).isFalse();
        assertThatThrownBy(() -> CODEC.encode(new Cart("secret")))
                .isInstanceOf(UnencodableValueException.class)
                .hasMessage(
                        "dev.holdfast.session.codec.TypedCodecRefusalTest$Cart is not among the types that TypedCodec"
                                + " stores. Register it: Sessions.builder(store).codec(JsonCodec.builder()"
                                + ".type(\"a-stored-name\", Cart.class).build()).");
    }

    @Test
    @DisplayName("an enum that is not on the allow-list: the type, and the line to add")
    void unknownEnum() {
        assertThat(CODEC.canEncode(Color.SECRET)).isFalse();
        assertThatThrownBy(() -> CODEC.encode(Color.SECRET))
                .isInstanceOf(UnencodableValueException.class)
                .hasMessage("dev.holdfast.session.codec.TypedCodecRefusalTest$Color is an enum that is not on the"
                        + " allow-list. Add it: TypedCodec.builder().allowEnum(Color.class).");
    }

    @Test
    @DisplayName("within collections: also where it stands, by number and never by key")
    void path() {
        Object cart = new Cart("secret");
        assertRefused(List.of(1, Map.of("secret", List.of(cart))), "Cart", "(found at [1][value 0][0] in the");
        assertRefused(Map.of(cart, "secret"), "Cart", "(found at [key 0] in the");
        assertRefused(Set.of(Set.of(Optional.of("secret"))), "Optional", "(found at [0][0] in the", "what it holds");
    }

    @Test
    @DisplayName("types with a near relative are pointed to it")
    @SuppressWarnings("JavaUtilDate")
    void relatives() {
        assertRefused(new Date(), "java.util.Date", "toInstant");
        assertRefused(new float[1], "float[]", "Store a List");
        assertRefused(new Object[] {"secret"}, "java.lang.Object[]", "Store a List");
        assertRefused(new Tampered(), "Tampered");
    }

    @Test
    @DisplayName("a locale that its language tag can't express")
    void locale() {
        Locale nynorsk = Arrays.stream(Locale.getAvailableLocales())
                .filter(locale -> locale.getVariant().equals("NY"))
                .findAny()
                .orElseThrow();
        assertThatThrownBy(() -> CODEC.encode(nynorsk))
                .isInstanceOf(UnencodableValueException.class)
                .hasMessageContaining("java.util.Locale");
    }

    @Test
    @DisplayName("64 levels of collections are stored, 65 are not, whatever they are made of")
    void depth() {
        for (int kind = 0; kind < 3; kind++) {
            Object value = nested(kind, 64);
            assertThat(CODEC.decode(Hex.slice(CODEC.encode(value)))).isEqualTo(value);
            assertRefused(nested(kind, 65), "more than 64 levels");
            assertRefused(nested(kind, 5_000), "more than 64 levels");
        }
    }

    private static Object nested(int kind, int levels) {
        Object value = List.of();
        for (int i = 1; i < levels; i++) {
            value = kind == 0 ? List.of(value) : kind == 1 ? Map.of("secret", value) : Arrays.asList(value, value);
        }
        return kind == 2 && levels <= 64 ? List.of(List.of()) : value;
    }

    @Test
    @DisplayName("a collection that contains itself is refused, not a stack overflow")
    void cycles() {
        List<Object> list = new ArrayList<>();
        list.add(list);
        list.add(list);
        assertRefused(list, "contains itself");
        Map<Object, Object> map = new HashMap<>();
        map.put("secret", List.of(map));
        assertRefused(map, "contains itself");
    }

    @Test
    @DisplayName("an enum is added once, under a name that no other has")
    void builder() {
        TypedCodec.Builder builder = TypedCodec.builder().allowEnum(Color.class);
        assertThatIllegalArgumentException().isThrownBy(() -> builder.allowEnum(Color.class, "again"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.allowEnum(Samples.Shade.class, Color.class.getName()));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.allowEnum(Samples.Shade.class, ""));
        TypedCodec before = builder.build();
        builder.allowEnum(Samples.Shade.class);
        assertThat(before.canEncode(Samples.Shade.WARM)).isFalse();
        assertThat(builder.build().canEncode(Samples.Shade.WARM)).isTrue();
    }

    @Test
    @DisplayName("without a name of its own an enum is stored under that of its class")
    void defaultName() {
        TypedCodec named = TypedCodec.builder()
                .allowEnum(Color.class, Color.class.getName())
                .build();
        TypedCodec unnamed = TypedCodec.builder().allowEnum(Color.class).build();
        assertThat(unnamed.encode(Color.SECRET)).isEqualTo(named.encode(Color.SECRET));
        assertThat(unnamed.decode(Hex.slice(named.encode(Color.SECRET)))).isEqualTo(Color.SECRET);
    }
}
