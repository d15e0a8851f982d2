package dev.holdfast.session.compliance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.SaveOutcome;
import dev.holdfast.session.Session;
import dev.holdfast.session.SessionId;
import dev.holdfast.session.Sessions;
import dev.holdfast.session.codec.UndecodableValueException;
import dev.holdfast.session.codec.ValueCodec;
import dev.holdfast.session.spi.Payload;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** R48: old and new nodes of an application share a backend while it is upgraded. */
abstract class RestartRows extends Rows {

    RestartRows(SessionRows rows) {
        super(rows);
    }

    /** A class of the application's newer release. */
    private record Basket(String content) {}

    private record BasketCodec(int format) implements ValueCodec {

        @Override
        public boolean canEncode(Object value) {
            return value instanceof Basket;
        }

        @Override
        public byte[] encode(Object value) {
            return ((Basket) value).content().getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public Object decode(ByteBuffer bytes) {
            if (!bytes.hasRemaining()) {
                throw new UndecodableValueException("an empty basket");
            }
            return new Basket(StandardCharsets.UTF_8.decode(bytes).toString());
        }
    }

    private Payload payload(String id) {
        return storeA.store()
                .load(SessionId.parse(id).orElseThrow().key())
                .orElseThrow()
                .payload();
    }

    @Test
    @DisplayName("R48: a node that does not know a value's class keeps its bytes, through reads, writes and a new id")
    void unknown_class() {
        Sessions newer = start(settings(storeA).codec(new BasketCodec(99)));
        String id = stored(newer, "basket", new Basket("tea"));
        Payload before = payload(id);

        Session older = nodeB.open(id);
        assertThat(older.names()).containsExactly("basket");
        assertThat(older.save()).isEqualTo(SaveOutcome.UNCHANGED);
        assertThat(payload(id)).isEqualTo(before);

        older.put("visits", 1);
        assertThat(older.save()).isEqualTo(SaveOutcome.UPDATED);
        String rotated = older.rotateId().value();
        Session again = newer.open(rotated);
        assertThat(again.get("basket")).isEqualTo(new Basket("tea"));
        assertThat(again.get("visits")).isEqualTo(1);
        again.remove("visits");
        again.save();
        assertThat(payload(rotated)).isEqualTo(before);
    }
}
