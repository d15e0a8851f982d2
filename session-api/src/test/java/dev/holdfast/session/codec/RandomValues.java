package dev.holdfast.session.codec;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Nested values of all types, the same ones for the same seed. */
final class RandomValues {

    private static final List<Object> SCALARS = Samples.all().toList();

    private final RandomGenerator random;

    RandomValues(RandomGenerator random) {
        this.random = random;
    }

    /** Returns a value nested at most that deep. */
    Object next(int depth) {
        if (depth == 0 || random.nextInt(4) == 0) {
            return scalar();
        }
        int size = random.nextInt(6);
        return switch (random.nextInt(5)) {
            case 0 -> list(size, depth);
            case 1 -> set(size, depth);
            case 2 -> map(size, depth);
            case 3 -> new TreeSet<>(strings(size));
            default -> {
                Map<Object, @Nullable Object> map = new TreeMap<>();
                strings(size).forEach(key -> map.put(key, inner(depth)));
                yield map;
            }
        };
    }

    private Object scalar() {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt() >> random.nextInt(32);
            case 1 -> random.nextLong() >> random.nextInt(64);
            case 2 -> text();
            default -> SCALARS.get(random.nextInt(SCALARS.size()));
        };
    }

    private List<@Nullable Object> list(int size, int depth) {
        List<@Nullable Object> list = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            list.add(inner(depth));
        }
        return random.nextBoolean() ? list : Collections.unmodifiableList(list);
    }

    private Set<@Nullable Object> set(int size, int depth) {
        Set<@Nullable Object> set = new LinkedHashSet<>();
        for (int i = 0; i < size; i++) {
            set.add(inner(depth));
        }
        return set;
    }

    private Map<@Nullable Object, @Nullable Object> map(int size, int depth) {
        Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            map.put(inner(1), inner(depth));
        }
        return map;
    }

    private @Nullable Object inner(int depth) {
        return random.nextInt(10) == 0 ? null : next(depth - 1);
    }

    private List<String> strings(int size) {
        return random.ints(size).mapToObj(any -> text()).toList();
    }

    private String text() {
        int bound = List.of(0x80, 0x100, 0x800, 0x10000).get(random.nextInt(4));
        char[] chars = new char[random.nextInt(20)];
        for (int i = 0; i < chars.length; i++) {
            chars[i] = (char) random.nextInt(bound);
        }
        return new String(chars);
    }
}
