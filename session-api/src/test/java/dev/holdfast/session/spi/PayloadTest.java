package dev.holdfast.session.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Payload")
class PayloadTest {

    @Test
    @DisplayName("is compared by content")
    void content() {
        Payload payload = Payload.copyOf(new byte[] {1, 2});
        assertThat(payload)
                .isEqualTo(Payload.wrap(new byte[] {1, 2}))
                .hasSameHashCodeAs(Payload.wrap(new byte[] {1, 2}))
                .isNotEqualTo(Payload.wrap(new byte[] {1, 3}))
                .isNotEqualTo(Payload.EMPTY);
        assertThat(Payload.EMPTY).isEqualTo(Payload.copyOf(new byte[0]));
        assertThat(payload.size()).isEqualTo(2);
    }

    @Test
    @DisplayName("copies are copies, views are read-only")
    void copies() {
        byte[] bytes = {1, 2};
        Payload payload = Payload.copyOf(bytes);
        bytes[0] = 9;
        payload.toByteArray()[1] = 9;
        ByteBuffer view = payload.asByteBuffer();
        assertThatThrownBy(() -> view.put(0, (byte) 9)).isInstanceOf(ReadOnlyBufferException.class);
        assertThat(view.hasArray()).isFalse();
        view.get();
        assertThat(payload.asByteBuffer().remaining()).isEqualTo(2);
        assertThat(payload.toByteArray()).containsExactly(1, 2);
    }

    @Test
    @DisplayName("a part of an array is like an array of its own")
    void part() {
        byte[] bytes = {9, 1, 2, 9};
        Payload part = Payload.wrap(bytes, 1, 2);
        assertThat(part)
                .isEqualTo(Payload.copyOf(new byte[] {1, 2}))
                .hasSameHashCodeAs(Payload.copyOf(new byte[] {1, 2}))
                .isNotEqualTo(Payload.wrap(bytes, 2, 2))
                .hasToString("Payload[2 bytes]");
        assertThat(part.size()).isEqualTo(2);
        assertThat(part.toByteArray()).containsExactly(1, 2);
        assertThat(part.asByteBuffer()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2}));
        assertThat(part.asByteBuffer().position()).isZero();
        assertThat(part.asByteBuffer().capacity()).isEqualTo(2);
        assertThatThrownBy(() -> part.requireAtMost(1)).isInstanceOf(PayloadTooLargeException.class);
        assertThatThrownBy(() -> Payload.wrap(bytes, 3, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Payload.wrap(bytes, -1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    @DisplayName("Z1: one byte over the limit is refused, naming both sizes")
    void limit() {
        Payload payload = Payload.wrap(new byte[1025]);
        assertThat(payload.requireAtMost(1025)).isSameAs(payload);
        assertThatThrownBy(() -> payload.requireAtMost(1024))
                .isInstanceOf(PayloadTooLargeException.class)
                .hasMessageContainingAll("1025", "1024");
        assertThat(Payload.EMPTY.requireAtMost(0)).isSameAs(Payload.EMPTY);
    }

    @Test
    @DisplayName("F4: toString tells the size and nothing else")
    void silent() {
        assertThat(Payload.wrap("secret".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .hasToString("Payload[6 bytes]");
    }
}
