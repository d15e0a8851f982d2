package dev.holdfast.session.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("SessionKey")
class SessionKeyTest {

    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @Test
    @DisplayName("is the SHA-256 of the id")
    void sha256() {
        assertThat(SessionKey.of("abc")).hasToString(ABC);
        assertThat(SessionKey.of(ABC)).isNotEqualTo(SessionKey.of("abc"));
        assertThat(SessionKey.of("Abc")).isNotEqualTo(SessionKey.of("abc"));
    }

    @Test
    @DisplayName("text, bytes and key are the same thing; order is that of the text, equality that of the bytes")
    void forms() {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        SessionKey last = SessionKey.of("");
        for (int i = 0; i < 10_000; i++) {
            byte[] bytes = new byte[SessionKey.BYTES];
            random.nextBytes(bytes);
            if (random.nextBoolean()) {
                // a neighbour of the last one, so that each byte decides the order once
                bytes = last.toBytes();
                bytes[random.nextInt(SessionKey.BYTES)] ^= (byte) (1 << random.nextInt(8));
            }
            SessionKey key = SessionKey.ofBytes(bytes);
            String text = HexFormat.of().formatHex(bytes);
            assertThat(key).as("seed %d", seed).hasToString(text).isEqualTo(SessionKey.parse(text));
            assertThat(key.hashCode()).isEqualTo(SessionKey.parse(text).hashCode());
            assertThat(key.toBytes()).isEqualTo(bytes);
            assertThat(Integer.signum(key.compareTo(last)))
                    .as("seed %d", seed)
                    .isEqualTo(Integer.signum(text.compareTo(last.toString())));
            assertThat(key.equals(last)).isEqualTo(text.equals(last.toString()));
            last = key;
        }
    }

    @Test
    @DisplayName("is not changed by changes to the arrays that it took or gave")
    void immutable() {
        byte[] bytes = new byte[SessionKey.BYTES];
        SessionKey key = SessionKey.ofBytes(bytes);
        bytes[0] = 1;
        key.toBytes()[1] = 1;
        assertThat(key).hasToString("0".repeat(64));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ba",
                "../../etc/passwd",
                " ",
                "ba7816bf-8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a"
            })
    @DisplayName("only 64 lower-case hexadecimal digits are a key, and the message does not repeat others")
    void malformed(String text) {
        assertRefused(text);
    }

    @Test
    @DisplayName("nearly a key is no key")
    void nearMisses() {
        assertThat(SessionKey.isKey(ABC)).isTrue();
        assertRefused(ABC.toUpperCase(Locale.ROOT));
        assertRefused(ABC + "0");
        assertRefused(ABC.substring(1));
        for (char c : "/:`gG\0é०".toCharArray()) {
            assertRefused(ABC.substring(1) + c);
            assertRefused(c + ABC.substring(1));
        }
        for (int size : List.of(0, 31, 33)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> SessionKey.ofBytes(new byte[size]))
                    .withMessageContaining("32")
                    .withMessageContaining(String.valueOf(size));
        }
    }

    private static void assertRefused(String text) {
        assertThat(SessionKey.isKey(text)).as(text).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SessionKey.parse(text))
                .withMessage(
                        "a session key is 64 lower-case hexadecimal digits, not a text of length " + text.length());
    }
}
