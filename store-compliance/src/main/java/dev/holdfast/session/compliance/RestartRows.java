package dev.holdfast.session.compliance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.SaveOutcome;
import dev.holdfast.session.Session;
import dev.holdfast.session.SessionId;
import dev.holdfast.session.Sessions;
import dev.holdfast.session.codec.TypedCodec;
import dev.holdfast.session.codec.UndecodableValueException;
import dev.holdfast.session.codec.ValueCodec;
import dev.holdfast.session.spi.Payload;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
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

    private enum Size {
        SMALL
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

    @Test
    @DisplayName("R48: an enum that one node allows and another does not know seems absent there, and is not lost")
    void unknown_enum() {
        Sessions newer = start(settings(storeA)
                .codec(TypedCodec.builder().allowEnum(Size.class).build()));
        Session session = newer.open(null);
        session.put("size", Size.SMALL);
        session.put("list", List.of(Size.SMALL));
        session.save();
        String id = session.id().value();

        Session there = nodeB.open(id);
        assertThat(there.get("size")).isNull();
        assertThat(there.get("list")).isNull();
        there.put("cart", "tea");
        there.save();

        Session back = newer.open(id);
        assertThat(back.get("size")).isEqualTo(Size.SMALL);
        assertThat(back.get("list")).isEqualTo(List.of(Size.SMALL));
        assertThat(back.get("cart")).isEqualTo("tea");
    }
}
