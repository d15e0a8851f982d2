package dev.holdfast.session.codec;

import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** Equality as the codec promises it: exact types, order everywhere, arrays by content. */
final class Alike {

    private Alike() {}

    static boolean alike(@Nullable Object one, @Nullable Object other) {
        if (one instanceof List<?> list) {
            return other instanceof List<?> otherList && inOrder(list, otherList);
        }
        if (one instanceof Set<?> set) {
            return other instanceof Set<?> otherSet
                    && one instanceof SortedSet == other instanceof SortedSet
                    && inOrder(set, otherSet);
        }
        if (one instanceof Map<?, ?> map) {
            return other instanceof Map<?, ?> otherMap
                    && one instanceof SortedMap == other instanceof SortedMap
                    && inOrder(map.keySet(), otherMap.keySet())
                    && inOrder(map.values(), otherMap.values());
        }
        if (one == null || other == null) {
            return one == other;
        }
        return one.getClass() == other.getClass() && Objects.deepEquals(one, other);
    }

    private static boolean inOrder(Collection<?> some, Collection<?> others) {
        Iterator<?> rest = others.iterator();
        for (Object one : some) {
            if (!rest.hasNext() || !alike(one, rest.next())) {
                return false;
            }
        }
        return !rest.hasNext();
    }
}
