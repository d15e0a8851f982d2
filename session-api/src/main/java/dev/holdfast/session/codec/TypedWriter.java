package dev.holdfast.session.codec;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Date;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes one value: a ladder of types in the order in which sessions hold them. */
final class TypedWriter {

    static final int MAX_DEPTH = 64;

    private final ByteWriter out;
    private final Enums enums;
    private final Others others;

    TypedWriter(ByteWriter out, Enums enums, Others others) {
        this.out = out;
        this.enums = enums;
        this.others = others;
    }

    /** @param depth how many collections surround the value */
    void write(@Nullable Object value, int depth) {
        if (value instanceof String text) {
            Text.write(text, out);
        } else if (value instanceof Integer number) {
            out.tagged(Tag.INTEGER, number);
        } else if (value instanceof Long number) {
            out.tagged(Tag.LONG, number);
        } else if (value instanceof Boolean bool) {
            out.one(bool ? Tag.TRUE : Tag.FALSE);
        } else if (value == null) {
            out.one(Tag.NULL);
        } else if (value instanceof UUID uuid) {
            out.one(Tag.UUID);
            out.eight(uuid.getMostSignificantBits());
            out.eight(uuid.getLeastSignificantBits());
        } else if (value instanceof byte[] bytes) {
            out.one(Tag.BYTE_ARRAY);
            out.counted(bytes);
        } else if (Times.write(value, out)) {
            return;
        } else if (value instanceof Enum<?> constant && enums.allows(constant)) {
            enums.write(constant, out);
        } else if (Numbers.write(value, out) || others.write(value, out)) {
            return;
        } else if (!writeCollection(value, depth)) {
            writeRarer(value);
        }
    }

    private void writeRarer(Object value) {
        if (value instanceof Locale locale) {
            locale(locale);
        } else if (value instanceof URI uri) {
            uri(uri);
        } else if (value instanceof String[] texts) {
            out.one(Tag.STRING_ARRAY);
            out.unsigned(texts.length);
            for (String text : texts) {
                write(text, 0);
            }
        } else if (value instanceof Enum<?> constant) {
            enums.write(constant, out);
        } else {
            throw Refusal.of(value.getClass(), "is not among the types that TypedCodec stores", fixFor(value));
        }
    }

    private static String fixFor(Object value) {
        if (value instanceof Optional<?>) {
            return "Store what it holds, or remove the attribute";
        }
        if (value instanceof Date) {
            return "Store its Instant: date.toInstant()";
        }
        if (value.getClass().isArray()) {
            return "Store a List";
        }
        return "Register it: Sessions.builder(store).codec(JsonCodec.builder().type(\"a-stored-name\", "
                + value.getClass().getSimpleName() + ".class).build())";
    }

    private boolean writeCollection(Object value, int depth) {
        if (value instanceof List<?> list) {
            out.one(Tag.LIST);
            elements(list, depth);
        } else if (value instanceof Map<?, ?> map) {
            boolean sorted = map instanceof SortedMap<?, ?> sortedMap && hasNaturalOrder(map, sortedMap.comparator());
            if (map instanceof IdentityHashMap) {
                throw Refusal.of(map.getClass(), "compares its keys by identity, which can't be stored", copyInto(map));
            }
            out.one(sorted ? Tag.SORTED_MAP : Tag.MAP);
            entries(map.entrySet(), depth);
        } else if (value instanceof Set<?> set) {
            boolean sorted = set instanceof SortedSet<?> sortedSet && hasNaturalOrder(set, sortedSet.comparator());
            out.one(sorted ? Tag.SORTED_SET : Tag.SET);
            elements(set, depth);
        } else {
            return false;
        }
        return true;
    }

    private static boolean hasNaturalOrder(Object collection, @Nullable Comparator<?> comparator) {
        if (isNaturalOrder(comparator)) {
            return true;
        }
        throw Refusal.of(
                collection.getClass(), "has a comparator of its own, which can't be stored", copyInto(collection));
    }

    static boolean isNaturalOrder(@Nullable Comparator<?> comparator) {
        return comparator == null || comparator.equals(Comparator.naturalOrder());
    }

    private static String copyInto(Object collection) {
        return "Store a copy that needs none: new Linked" + (collection instanceof Map ? "HashMap" : "HashSet")
                + "<>(…)";
    }

    private void elements(Collection<?> elements, int depth) {
        requireDepth(depth);
        int start = out.size();
        int count = elements.size();
        out.unsigned(count);
        int written = 0;
        for (Object element : elements) {
            within("[", written, element, depth);
            written++;
        }
        if (written != count) {
            // another thread changes it; a snapshot has one size
            out.truncate(start);
            elements(Arrays.asList(elements.toArray()), depth);
        }
    }

    private void entries(Collection<? extends Map.Entry<?, ?>> entries, int depth) {
        requireDepth(depth);
        int start = out.size();
        int count = entries.size();
        out.unsigned(count);
        int written = 0;
        for (Map.Entry<?, ?> entry : entries) {
            within("[key ", written, entry.getKey(), depth);
            within("[value ", written, entry.getValue(), depth);
            written++;
        }
        if (written != count) {
            out.truncate(start);
            entries(Arrays.asList(entries.toArray(new Map.Entry<?, ?>[0])), depth);
        }
    }

    private void within(String place, int index, @Nullable Object value, int depth) {
        try {
            write(value, depth + 1);
        } catch (Refusal refusal) {
            throw refusal.within(place + index + "]");
        }
    }

    private static void requireDepth(int depth) {
        if (depth == MAX_DEPTH) {
            throw new Refusal(
                    "the value is nested more than " + MAX_DEPTH + " levels deep, or contains itself",
                    "Store it flatter");
        }
    }

    private void locale(Locale locale) {
        String tag = locale.toLanguageTag();
        if (!Locale.forLanguageTag(tag).equals(locale)) {
            throw Refusal.of(Locale.class, "has no language tag that keeps it exactly", "Store one that has");
        }
        out.one(Tag.LOCALE);
        Text.write(tag, out);
    }

    private void uri(URI uri) {
        String text = uri.toString();
        try {
            if (new URI(text).equals(uri)) {
                out.one(Tag.URI);
                Text.write(text, out);
                return;
            }
        } catch (URISyntaxException e) {
            // refused below, without the text
        }
        throw Refusal.of(URI.class, "has a text that does not read back as the same URI", "Store one that has");
    }
}
