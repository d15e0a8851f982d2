package dev.holdfast.session.codec;

import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads what {@link TypedWriter} wrote, and nothing that it would have written otherwise. */
final class TypedReader {

    /** A collection this large must prove the rest of its size, element by element, before it gets the room. */
    private static final int TRUSTED_SIZE = 256;

    private final ByteReader in;
    private final Enums enums;
    private final Others others;

    TypedReader(ByteReader in, Enums enums, Others others) {
        this.in = in;
        this.enums = enums;
        this.others = others;
    }

    /** @param depth how many collections surround the value */
    @Nullable
    Object read(int depth) {
        int tag = in.one();
        return switch (tag) {
            case Tag.NULL -> null;
            case Tag.FALSE -> false;
            case Tag.TRUE -> true;
            case Tag.BYTE -> (byte) in.one();
            case Tag.SHORT -> (short) in.signed(Short.MIN_VALUE, Short.MAX_VALUE);
            case Tag.INTEGER -> in.signedInt();
            case Tag.LONG -> in.signed();
            case Tag.FLOAT -> Numbers.readFloat(in);
            case Tag.DOUBLE -> Numbers.readDouble(in);
            case Tag.CHARACTER -> (char) in.unsigned(Character.MAX_VALUE);
            case Tag.BIG_INTEGER -> Numbers.readBigInteger(in);
            case Tag.BIG_DECIMAL -> decimal();
            case Tag.LATIN_1, Tag.UTF_8, Tag.UTF_16 -> Text.read(tag, in);
            case Tag.UUID -> new UUID(in.eight(), in.eight());
            case Tag.URI -> uri(Text.read(in.one(), in));
            case Tag.LOCALE -> locale(Text.read(in.one(), in));
            case Tag.ENUM -> enums.read(in);
            case Tag.BYTE_ARRAY -> in.counted();
            case Tag.INT_ARRAY -> Numbers.readInts(in);
            case Tag.LONG_ARRAY -> Numbers.readLongs(in);
            case Tag.DOUBLE_ARRAY -> Numbers.readDoubles(in);
            case Tag.STRING_ARRAY -> strings();
            case Tag.LIST -> list(depth);
            case Tag.SET -> set(depth);
            case Tag.MAP -> map(depth);
            case Tag.SORTED_SET -> sortedSet(depth);
            case Tag.SORTED_MAP -> sortedMap(depth);
            case Tag.OTHER -> others.read(in);
            default -> Times.read(tag, in);
        };
    }

    private BigDecimal decimal() {
        int scale = in.signedInt();
        return new BigDecimal(Numbers.readBigInteger(in), scale);
    }

    private static URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new UndecodableValueException("a URI in the stored value is malformed");
        }
    }

    private static Locale locale(String tag) {
        Locale locale = Locale.forLanguageTag(tag);
        if (!locale.toLanguageTag().equals(tag)) {
            throw new UndecodableValueException("a language tag in the stored value is malformed");
        }
        return locale;
    }

    private @Nullable String[] strings() {
        @Nullable String[] texts = new @Nullable String[in.count(1)];
        for (int i = 0; i < texts.length; i++) {
            int tag = in.one();
            texts[i] = tag == Tag.NULL ? null : Text.read(tag, in);
        }
        return texts;
    }

    private List<@Nullable Object> list(int depth) {
        int count = count(1, depth);
        List<@Nullable Object> list = new ArrayList<>(Math.min(count, TRUSTED_SIZE));
        for (int i = 0; i < count; i++) {
            list.add(read(depth + 1));
        }
        return list;
    }

    private Set<@Nullable Object> set(int depth) {
        int count = count(1, depth);
        Set<@Nullable Object> set = new LinkedHashSet<>(tableSize(count));
        for (int i = 0; i < count; i++) {
            if (!set.add(read(depth + 1))) {
                throw twice();
            }
        }
        return set;
    }

    private Map<@Nullable Object, @Nullable Object> map(int depth) {
        int count = count(2, depth);
        Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>(tableSize(count));
        for (int i = 0; i < count; i++) {
            Object key = read(depth + 1);
            map.put(key, read(depth + 1));
            if (map.size() == i) {
                throw twice();
            }
        }
        return map;
    }

    private Set<Object> sortedSet(int depth) {
        int count = count(1, depth);
        Set<Object> set = new TreeSet<>();
        Object last = null;
        for (int i = 0; i < count; i++) {
            last = after(last, read(depth + 1));
            set.add(last);
        }
        return set;
    }

    private Map<Object, @Nullable Object> sortedMap(int depth) {
        int count = count(2, depth);
        Map<Object, @Nullable Object> map = new TreeMap<>();
        Object last = null;
        for (int i = 0; i < count; i++) {
            last = after(last, read(depth + 1));
            map.put(last, read(depth + 1));
        }
        return map;
    }

    /** Returns the next one if it may follow in natural order. */
    @SuppressWarnings("unchecked")
    private static Object after(@Nullable Object last, @Nullable Object next) {
        try {
            if (next instanceof Comparable<?> && (last == null || ((Comparable<Object>) last).compareTo(next) < 0)) {
                return next;
            }
        } catch (ClassCastException e) {
            // not of one type, so in no order
        }
        throw new UndecodableValueException("a sorted collection in the stored value is out of order");
    }

    private int count(int bytesEach, int depth) {
        if (depth == TypedWriter.MAX_DEPTH) {
            throw new UndecodableValueException(
                    "the stored value is nested more than " + TypedWriter.MAX_DEPTH + " levels deep");
        }
        return in.count(bytesEach);
    }

    private static int tableSize(int count) {
        return Math.min(count, TRUSTED_SIZE) * 4 / 3 + 1;
    }

    private static UndecodableValueException twice() {
        return new UndecodableValueException("a set or map in the stored value holds something twice");
    }
}
