package dev.holdfast.session.codec;

import static dev.holdfast.session.codec.Samples.CODEC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.ConcurrentModificationException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("TypedCodec: collections")
class TypedCodecCollectionsTest {

    private static Object roundTrip(Object value) {
        return CODEC.decode(Hex.slice(CODEC.encode(value)));
    }

    @Test
    @DisplayName("equal lists of whatever class give the same bytes, and an ArrayList back")
    void lists() {
        List<String> list = List.of("a", "b");
        assertThat(List.of(
                        new ArrayList<>(list),
                        new CopyOnWriteArrayList<>(list),
                        Arrays.asList("a", "b"),
                        Collections.unmodifiableList(list)))
                .allSatisfy(same -> assertThat(CODEC.encode(same)).isEqualTo(CODEC.encode(list)));
        assertThat(roundTrip(list)).isExactlyInstanceOf(ArrayList.class);
    }

    @Test
    @DisplayName("what comes back can be changed")
    @SuppressWarnings("unchecked")
    void mutable() {
        List<Object> list = (List<Object>) roundTrip(List.of(List.of(), Set.of(), Map.of()));
        ((List<Object>) list.get(0)).add(1);
        ((Set<Object>) list.get(1)).add(1);
        ((Map<Object, Object>) list.get(2)).put(1, 2);
        list.add("end");
        assertThat(list).isEqualTo(List.of(List.of(1), Set.of(1), Map.of(1, 2), "end"));
    }

    @Test
    @DisplayName("sets and maps keep their order")
    void order() {
        List<Integer> numbers =
                IntStream.range(0, 1000).map(i -> i * 7919 % 1000).boxed().toList();
        Map<Integer, Integer> map = new LinkedHashMap<>();
        numbers.forEach(number -> map.put(number, -number));
        assertThat((Set<?>) roundTrip(new LinkedHashSet<>(numbers)))
                .isExactlyInstanceOf(LinkedHashSet.class)
                .isEqualTo(new LinkedHashSet<>(numbers))
                .satisfies(set -> assertThat(List.copyOf(set)).isEqualTo(numbers));
        assertThat((Map<?, ?>) roundTrip(map))
                .isExactlyInstanceOf(LinkedHashMap.class)
                .isEqualTo(map)
                .satisfies(same -> assertThat(List.copyOf(same.keySet())).isEqualTo(numbers));
    }

    @Test
    @DisplayName("sorted ones in natural order stay sorted")
    void sorted() {
        assertThat(roundTrip(new TreeSet<>(List.of("b", "a")))).isExactlyInstanceOf(TreeSet.class);
        assertThat(roundTrip(new TreeSet<>())).isExactlyInstanceOf(TreeSet.class);
        assertThat(roundTrip(new ConcurrentSkipListMap<>(Map.of(2, "b", 1, "a"))))
                .isExactlyInstanceOf(TreeMap.class)
                .isEqualTo(Map.of(1, "a", 2, "b"));
        Set<Samples.Shade> shades = new TreeSet<>(Comparator.naturalOrder());
        shades.addAll(List.of(Samples.Shade.values()));
        assertThat(roundTrip(shades)).isExactlyInstanceOf(TreeSet.class).isEqualTo(shades);
    }

    @Test
    @DisplayName("null is an element, a key and a value like others")
    void nulls() {
        Map<Object, Object> map = new HashMap<>();
        map.put(null, Arrays.asList(null, null));
        map.put("a", null);
        assertThat(roundTrip(map)).isEqualTo(map);
    }

    @Test
    @DisplayName("a comparator of its own or identity keys are refused with the fix, since they would be lost")
    void lossy() {
        assertThatThrownBy(() -> CODEC.encode(new TreeSet<>(Comparator.reverseOrder())))
                .isInstanceOf(UnencodableValueException.class)
                .hasMessage("java.util.TreeSet has a comparator of its own, which can't be stored."
                        + " Store a copy that needs none: new LinkedHashSet<>(…).");
        assertThatThrownBy(() -> CODEC.encode(List.of(new TreeMap<>(String.CASE_INSENSITIVE_ORDER))))
                .isInstanceOf(UnencodableValueException.class)
                .hasMessageContainingAll("java.util.TreeMap", "at [0]", "new LinkedHashMap<>(…)");
        assertThatThrownBy(() -> CODEC.encode(new IdentityHashMap<>()))
                .isInstanceOf(UnencodableValueException.class)
                .hasMessageContainingAll("java.util.IdentityHashMap", "new LinkedHashMap<>(…)");
    }

    @Test
    @DisplayName("the map of an enum on the allow-list comes back in its order")
    void enumMap() {
        Map<Samples.Shade, Integer> map = new EnumMap<>(Samples.Shade.class);
        map.put(Samples.Shade.WARM, 2);
        map.put(Samples.Shade.LIGHT, 0);
        assertThat(roundTrip(map)).isEqualTo(map);
    }

    /** Grows by one element while its first is looked at, as if by another thread. */
    private static final class Growing extends AbstractList<Integer> {
        private int size = 3;

        @Override
        public Integer get(int index) {
            return index;
        }

        @Override
        public int size() {
            return size;
        }

        @Override
        public Iterator<Integer> iterator() {
            size = 4;
            return super.iterator();
        }
    }

    @Test
    @DisplayName("a collection that changes while it is encoded is stored as a snapshot, never torn")
    void snapshot() {
        assertThat(roundTrip(List.of(new Growing(), "after"))).isEqualTo(List.of(List.of(0, 1, 2, 3), "after"));

        Map<Object, Object> self = new ConcurrentHashMap<>();
        self.put("grow", new AbstractList<String>() {
            @Override
            public String get(int index) {
                throw new IndexOutOfBoundsException();
            }

            @Override
            public int size() {
                IntStream.range(0, 100).forEach(i -> self.put(i, i));
                return 0;
            }
        });
        assertThat(((Map<?, ?>) roundTrip(self)).containsKey("grow")).isTrue();
    }

    @Test
    @DisplayName("a plain collection that another thread changes meanwhile is refused by the typed exception")
    void changed() {
        List<Integer> broken = new ArrayList<>(List.of(1, 2)) {
            private static final long serialVersionUID = 1L;

            @Override
            public Iterator<Integer> iterator() {
                throw new ConcurrentModificationException();
            }
        };
        assertThat(CODEC.canEncode(broken)).isTrue();
        assertThatThrownBy(() -> CODEC.encode(broken))
                .isInstanceOf(UnencodableValueException.class)
                .hasMessageContaining("changed by another thread");
    }
}
