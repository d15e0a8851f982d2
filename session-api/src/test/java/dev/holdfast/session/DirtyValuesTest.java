package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.codec.JdkCodec;
import dev.holdfast.session.codec.ValueCodec;
import dev.holdfast.session.codec.json.JsonCodec;
import dev.holdfast.session.memory.MemorySessionStore;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What counts as changed, for values of codecs whose bytes differ from one encoding to the next. */
class DirtyValuesTest {

    record Tags(HashSet<String> names) {}

    record Basket(HashMap<String, Integer> counts) implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    private static Sessions sessions(CountingStore store, ValueCodec... codecs) {
        SessionsBuilder builder = Sessions.builder(store).purgeInterval(Duration.ZERO);
        for (ValueCodec codec : codecs) {
            builder.codec(codec);
        }
        return builder.build();
    }

    @SuppressWarnings("NonApiType") // whose order depends on its room
    private static HashSet<String> grownAndShrunk() {
        HashSet<String> names =
                IntStream.range(0, 5000).mapToObj(i -> "n" + i).collect(Collectors.toCollection(HashSet::new));
        names.removeIf(name -> name.length() > 3);
        return names;
    }

    @Test
    @DisplayName("M14: a hash set or map that was only read is not written, though its order or room differs now")
    void only_read() {
        CountingStore store = new CountingStore(MemorySessionStore.create());
        JsonCodec json = JsonCodec.builder().type("tags", Tags.class).build();
        JdkCodec jdk = JdkCodec.builder().allow(Basket.class).allowCollections().build();
        try (Sessions sessions = sessions(store, json, jdk)) {
            Session first = sessions.open(null);
            HashMap<String, Integer> counts = new HashMap<>(4000);
            counts.put("tea", 1);
            first.put("tags", new Tags(grownAndShrunk()));
            first.put("all", List.of(new Tags(grownAndShrunk())));
            first.put("basket", new Basket(counts));
            first.save();
            String id = first.id().value();

            Session reader = sessions.open(id);
            assertThat(reader.get("tags")).isEqualTo(new Tags(grownAndShrunk()));
            assertThat(json.encode(Objects.requireNonNull(reader.get("tags"))))
                    .isNotEqualTo(json.encode(new Tags(grownAndShrunk())));
            reader.get("all");
            Basket basket = Objects.requireNonNull(reader.get("basket", Basket.class));
            store.calls();
            assertThat(reader.save()).isEqualTo(SaveOutcome.UNCHANGED);
            assertThat(store.calls()).isEmpty();

            basket.counts().put("bread", 2);
            assertThat(reader.save()).isEqualTo(SaveOutcome.UPDATED);
            assertThat(Objects.requireNonNull(sessions.open(id).get("basket", Basket.class))
                            .counts())
                    .containsOnlyKeys("tea", "bread");
        }
    }

    /** Counts its work, and is used for nothing but {@link Marked}. */
    private static final class CountingCodec implements ValueCodec {
        final AtomicInteger encoded = new AtomicInteger();
        final AtomicInteger decoded = new AtomicInteger();

        @Override
        public int format() {
            return 64;
        }

        @Override
        public boolean canEncode(Object value) {
            return value instanceof Marked;
        }

        @Override
        public byte[] encode(Object value) {
            encoded.incrementAndGet();
            return new byte[] {(byte) ((Marked) value).mark};
        }

        @Override
        public Object decode(ByteBuffer bytes) {
            decoded.incrementAndGet();
            return new Marked(bytes.get());
        }
    }

    private static final class Marked {
        private int mark;

        Marked(int mark) {
            this.mark = mark;
        }
    }

    @Test
    @DisplayName("M12: changing one of ten attributes neither decodes nor encodes the other nine")
    void one_of_ten() {
        CountingCodec codec = new CountingCodec();
        try (Sessions sessions = sessions(new CountingStore(MemorySessionStore.create()), codec)) {
            Session first = sessions.open(null);
            IntStream.range(0, 10).forEach(i -> first.put("a" + i, new Marked(i)));
            first.save();
            codec.encoded.set(0);

            Session session = sessions.open(first.id().value());
            session.put("a3", new Marked(33));
            assertThat(session.save()).isEqualTo(SaveOutcome.UPDATED);
            assertThat(codec.decoded).hasValue(0);
            assertThat(codec.encoded).hasValue(1);

            Session again = sessions.open(first.id().value());
            Objects.requireNonNull(again.get("a4", Marked.class)).mark = 44;
            assertThat(again.save()).isEqualTo(SaveOutcome.UPDATED);
            assertThat(codec.decoded.get()).isLessThanOrEqualTo(2);
            assertThat(Objects.requireNonNull(sessions.open(first.id().value()).get("a4", Marked.class)).mark)
                    .isEqualTo(44);
        }
    }

    @Test
    @DisplayName("M8: records, and any nesting of lists, sets and maps around and within them, come back equal")
    void nested() {
        record Item(String name, int count) {}
        record Order(UUID id, List<Item> items, Map<String, Set<Integer>> marks) {}
        JsonCodec json = JsonCodec.builder().type("order", Order.class).build();
        try (Sessions sessions = sessions(new CountingStore(MemorySessionStore.create()), json)) {
            Order order = new Order(new UUID(1, 2), List.of(new Item("tea", 2)), Map.of("a", Set.of(1, 2, 3)));
            Map<Object, Object> nested = new LinkedHashMap<>();
            nested.put(order.id(), new ArrayList<>(List.of(order, "text", List.of(order))));
            nested.put(order, Set.of(7L));
            Session session = sessions.open(null);
            session.put("order", order);
            session.put("nested", nested);
            session.save();
            Session again = sessions.open(session.id().value());
            assertThat(again.get("order")).isEqualTo(order);
            assertThat(again.get("nested")).isEqualTo(nested);
            assertThat(again.save()).isEqualTo(SaveOutcome.UNCHANGED);
        }
    }
}
