package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.session.codec.TypedCodec;
import dev.holdfast.session.codec.UndecodableValueException;
import dev.holdfast.session.codec.UnencodableValueException;
import dev.holdfast.session.codec.ValueCodec;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Codecs: which codec stores a value")
class CodecsTest {

    record Cart(int items) {}

    /** Stores carts. */
    private static final ValueCodec CARTS = new ValueCodec() {
        @Override
        public int format() {
            return 64;
        }

        @Override
        public boolean canEncode(Object value) {
            return value instanceof Cart;
        }

        @Override
        public byte[] encode(Object value) {
            return new byte[] {(byte) ((Cart) value).items()};
        }

        @Override
        public Object decode(ByteBuffer bytes) {
            return new Cart(bytes.get());
        }
    };

    private final Codecs both = new Codecs(List.of(TypedCodec.create(), CARTS));
    private final Codecs typed = new Codecs(List.of(TypedCodec.create()));

    @Test
    @DisplayName("a value goes to the codec that knows it, also within collections, whatever their order of adding")
    void nested() {
        assertThat(both.encode(new Cart(3)).format()).isEqualTo((byte) 64);
        assertThat(both.decode(both.encode(new Cart(3)))).isEqualTo(new Cart(3));
        Map<String, List<Object>> carts = Map.of("carts", List.of(new Cart(3), 7, new Cart(4)));
        assertThat(both.encode(carts).format()).isEqualTo((byte) 1);
        assertThat(both.decode(both.encode(carts))).isEqualTo(carts);
        assertThatThrownBy(() -> typed.decode(both.encode(carts)))
                .isInstanceOf(UndecodableValueException.class)
                .hasMessageContaining("format 64");
    }

    @Test
    @DisplayName("each format belongs to one codec")
    void formats() {
        assertThatThrownBy(() -> new Codecs(List.of(CARTS, CARTS))).hasMessageContaining("the format 64");
        assertThatThrownBy(() -> new Codecs(List.of(TypedCodec.create(), TypedCodec.create())))
                .hasMessageContaining("TypedCodec");
    }

    @Test
    @DisplayName("when none does, the message names the type within and where it stands")
    void refused() {
        assertThatThrownBy(() -> typed.requireCodec(Map.of("a", List.of(new Cart(3)))))
                .isInstanceOf(UnencodableValueException.class)
                .hasMessageContainingAll("CodecsTest$Cart", "at [value 0][0]", "Sessions.builder(store).codec(");
    }
}
