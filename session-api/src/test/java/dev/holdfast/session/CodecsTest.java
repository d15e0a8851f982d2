package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.session.codec.TypedCodec;
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

    /** Stores a list of one cart, and takes all else for stored too. */
    private static final ValueCodec CARTS = new ValueCodec() {
        @Override
        public int format() {
            return 64;
        }

        @Override
        public boolean canEncode(Object value) {
            return value instanceof List<?> || value instanceof Cart;
        }

        @Override
        public byte[] encode(Object value) {
            return new byte[] {(byte) ((Cart) ((List<?>) value).get(0)).items()};
        }

        @Override
        public Object decode(ByteBuffer bytes) {
            return List.of(new Cart(bytes.get()));
        }
    };

    private final Codecs both = new Codecs(List.of(TypedCodec.create(), CARTS));
    private final Codecs typed = new Codecs(List.of(TypedCodec.create()));

    @Test
    @DisplayName("a list goes to the codec that stores what is in it")
    void nested() {
        assertThat(both.encode(List.of(1)).format()).isEqualTo((byte) 1);
        EncodedValue carts = both.encode(List.of(new Cart(3)));
        assertThat(carts.format()).isEqualTo((byte) 64);
        assertThat(both.decode(carts)).isEqualTo(List.of(new Cart(3)));
    }

    @Test
    @DisplayName("when none does, the message names the type within and where it stands")
    void refused() {
        assertThatThrownBy(() -> typed.codecFor(Map.of("a", List.of(new Cart(3)))))
                .isInstanceOf(UnencodableValueException.class)
                .hasMessageContainingAll("CodecsTest$Cart", "at [value 0][0]", "Sessions.builder(store).codec(");
    }
}
