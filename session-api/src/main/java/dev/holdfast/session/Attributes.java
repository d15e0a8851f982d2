package dev.holdfast.session;

import dev.holdfast.session.codec.UndecodableValueException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One request's view of a session's attributes. What it reads is decoded once and kept, so that a list changed in place
 * is found out when {@link #delta} encodes it again.
 */
final class Attributes {

    /** The longest name in characters. */
    static final int MAX_NAME_LENGTH = 256;

    private static final Set<Class<?>> IMMUTABLE = Set.of(
            String.class,
            Integer.class,
            Long.class,
            Boolean.class,
            Double.class,
            Float.class,
            Short.class,
            Byte.class,
            Character.class,
            BigInteger.class,
            BigDecimal.class,
            UUID.class,
            Instant.class,
            LocalDate.class,
            LocalDateTime.class,
            OffsetDateTime.class,
            ZonedDateTime.class,
            Duration.class);

    private final Codecs codecs;
    private final Map<String, MergeFunction> merges;
    private final int maxAttributes;
    private final Unreadable unreadable;
    private Envelope base;
    private boolean cleared;
    private final Map<String, Touched> touched = new HashMap<>();
    private final Map<String, EncodedValue> absent = new HashMap<>();

    Attributes(
            Codecs codecs, Map<String, MergeFunction> merges, int maxAttributes, Unreadable unreadable, Envelope base) {
        this.codecs = codecs;
        this.merges = merges;
        this.maxAttributes = maxAttributes;
        this.unreadable = unreadable;
        this.base = base;
    }

    @Nullable
    Object get(String name) {
        Touched known = touched.get(name);
        if (known != null) {
            return known.value();
        }
        EncodedValue stored = cleared ? null : base.find(name);
        if (stored == null) {
            return null;
        }
        Object value = decoded(name, stored);
        if (value != null) {
            touched.put(name, Touched.read(value));
        }
        return value;
    }

    private @Nullable Object decoded(String name, @Nullable EncodedValue stored) {
        if (stored == null || stored.equals(absent.get(name))) {
            return null;
        }
        try {
            return codecs.decode(stored);
        } catch (UndecodableValueException e) {
            unreadable.attribute(name, e);
            absent.put(name, stored);
            return null;
        }
    }

    void put(String name, Object value) {
        requireName(name);
        codecs.requireCodec(value);
        requireRoomFor(name);
        touched.put(name, Touched.put(value));
    }

    private void requireRoomFor(String name) {
        if (base.size() + touched.size() >= maxAttributes && !contains(name)) {
            requireRoom(names().size() + 1, maxAttributes);
        }
    }

    /** Runs a function on the value now, and again on what another request stored should it be first. */
    @Nullable
    Object compute(String name, UnaryOperator<@Nullable Object> function) {
        requireName(name);
        UnaryOperator<@Nullable Object> fromStored = fromStored(name, function);
        Object value = function.apply(get(name));
        EncodedValue result = value == null ? null : codecs.encode(value);
        if (value != null) {
            requireRoomFor(name);
        }
        touched.put(
                name,
                fromStored == null
                        ? Touched.put(value)
                        : new Touched(value, true, new Touched.Computed(fromStored, result)));
        return value;
    }

    /** Returns the function from the stored value, or {@code null} if the value does not depend on that any more. */
    private @Nullable UnaryOperator<@Nullable Object> fromStored(
            String name, UnaryOperator<@Nullable Object> function) {
        Touched known = touched.get(name);
        if (cleared) {
            return null;
        }
        if (known == null) {
            return function;
        }
        if (known.computed() != null) {
            UnaryOperator<@Nullable Object> first = known.computed().function();
            return Objects.equals(encoded(known), known.computed().result())
                    ? stored -> function.apply(first.apply(stored))
                    : null;
        }
        return !known.changed() && isUnchanged(base.find(name), encoded(known)) ? function : null;
    }

    private boolean isUnchanged(@Nullable EncodedValue stored, @Nullable EncodedValue now) {
        if (stored == null || now == null) {
            return stored == null && now == null;
        }
        return codecs.isUnchanged(stored, now);
    }

    private @Nullable EncodedValue encoded(Touched known) {
        return known.value() == null ? null : codecs.encode(known.value());
    }

    void remove(String name) {
        if (!cleared && base.find(name) != null) {
            touched.put(name, Touched.REMOVED);
        } else {
            touched.remove(name);
        }
    }

    void clear() {
        cleared = true;
        touched.clear();
    }

    boolean contains(String name) {
        Touched known = touched.get(name);
        return known != null ? known.value() != null : !cleared && isThere(name, base.find(name));
    }

    private boolean isThere(String name, @Nullable EncodedValue stored) {
        return stored != null && !stored.equals(absent.get(name));
    }

    /** Returns the names; one whose value can't be decoded is among them until that is found out. */
    Set<String> names() {
        Set<String> names = cleared
                ? new LinkedHashSet<>()
                : new LinkedHashSet<>(base.values().keySet());
        names.removeIf(name -> !isThere(name, base.find(name)));
        touched.forEach((name, known) -> {
            if (known.value() == null) {
                names.remove(name);
            } else {
                names.add(name);
            }
        });
        return Collections.unmodifiableSet(names);
    }

    /** Returns what differs from what was loaded; reading alone never does. */
    Delta delta() {
        if (touched.isEmpty() && !cleared) {
            return Delta.NONE;
        }
        Map<String, Edit> edits = new LinkedHashMap<>();
        touched.forEach((name, known) -> {
            Edit edit = edit(name, known);
            if (edit != null) {
                edits.put(name, edit);
            }
        });
        return new Delta(cleared && base.size() > 0, edits);
    }

    private @Nullable Edit edit(String name, Touched known) {
        if (!known.changed() && isImmutable(known.value())) {
            return null;
        }
        EncodedValue before = cleared ? null : base.find(name);
        Touched.Computed computed = known.computed();
        EncodedValue now = computed != null && isImmutable(known.value()) ? computed.result() : encoded(known);
        if (Objects.equals(now, before) || (!known.changed() && isUnchanged(before, now))) {
            return null;
        }
        if (computed != null && Objects.equals(now, computed.result())) {
            return stored -> Objects.equals(stored, before) ? now : recompute(name, computed.function(), stored);
        }
        MergeFunction merge = merges.get(name);
        if (merge != null && !cleared) {
            return stored -> Objects.equals(stored, before) ? now : merge(name, merge, before, stored, now);
        }
        return stored -> now;
    }

    private @Nullable EncodedValue recompute(
            String name, UnaryOperator<@Nullable Object> function, @Nullable EncodedValue stored) {
        Object value = function.apply(decoded(name, stored));
        return value == null ? null : codecs.encode(value);
    }

    private @Nullable EncodedValue merge(
            String name,
            MergeFunction merge,
            @Nullable EncodedValue base,
            @Nullable EncodedValue theirs,
            @Nullable EncodedValue mine) {
        Object value = merge.merge(decoded(name, base), decoded(name, theirs), decoded(name, mine));
        return value == null ? null : codecs.encode(value);
    }

    /**
     * Goes on from what was stored. Objects that the application holds stay the attributes' values, unless another
     * request's value came in their place.
     *
     * @param merged whether this request's changes were applied to another request's
     */
    void rebase(Envelope stored, boolean merged) {
        base = stored;
        cleared = false;
        touched.values().removeIf(known -> known.value() == null);
        if (merged) {
            touched.entrySet().removeIf(known -> !isUnchanged(stored.find(known.getKey()), encoded(known.getValue())));
        }
        touched.replaceAll((name, known) -> Touched.read(Objects.requireNonNull(known.value())));
    }

    /** Forgets all changes, and starts over from this envelope. */
    void reset(Envelope envelope) {
        base = envelope;
        cleared = false;
        touched.clear();
    }

    static void requireRoom(int count, int maxAttributes) {
        if (count > maxAttributes) {
            throw new IllegalStateException("a session has at most " + maxAttributes
                    + " attributes: put fewer, or raise Sessions.builder(store).maxAttributes(…)");
        }
    }

    private static void requireName(String name) {
        if (name.length() > MAX_NAME_LENGTH) {
            throw new IllegalArgumentException(
                    "an attribute's name has at most " + MAX_NAME_LENGTH + " characters, not " + name.length());
        }
        for (int i = 0; i < name.length(); i++) {
            if (Character.isSurrogate(name.charAt(i))) {
                boolean pair = i + 1 < name.length() && Character.isSurrogatePair(name.charAt(i), name.charAt(i + 1));
                if (!pair) {
                    throw new IllegalArgumentException("the attribute's name has an unpaired surrogate at index " + i);
                }
                i++;
            }
        }
    }

    /** Returns whether a value that was read can't have changed since, so that encoding it again would be waste. */
    private static boolean isImmutable(@Nullable Object value) {
        return value == null || IMMUTABLE.contains(value.getClass()) || value instanceof Enum;
    }
}
