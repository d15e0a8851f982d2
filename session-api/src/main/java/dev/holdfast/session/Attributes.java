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
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
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

    private static final System.Logger LOG = System.getLogger(Sessions.class.getName());

    private final Codecs codecs;
    private final int maxAttributes;
    private Envelope base;
    private boolean cleared;
    private final Map<String, Touched> touched = new HashMap<>();

    Attributes(Codecs codecs, int maxAttributes, Envelope base) {
        this.codecs = codecs;
        this.maxAttributes = maxAttributes;
        this.base = base;
    }

    @Nullable
    Object get(String name) {
        Touched known = touched.get(name);
        if (known != null) {
            return known.value;
        }
        EncodedValue stored = cleared ? null : base.find(name);
        if (stored == null) {
            return null;
        }
        try {
            Object value = codecs.decode(stored);
            touched.put(name, new Touched(value, false));
            return value;
        } catch (UndecodableValueException e) {
            // its bytes stay as they are: a node that still has the class can read them
            LOG.log(System.Logger.Level.WARNING, () -> "attribute '" + name + "' can't be read, and seems absent", e);
            return null;
        }
    }

    void put(String name, Object value) {
        requireName(name);
        codecs.codecFor(value);
        if (base.size() + touched.size() >= maxAttributes && !contains(name)) {
            requireRoom(names().size() + 1, maxAttributes);
        }
        touched.put(name, new Touched(value, true));
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
        return known != null ? known.value != null : !cleared && base.find(name) != null;
    }

    Set<String> names() {
        Set<String> names = cleared
                ? new LinkedHashSet<>()
                : new LinkedHashSet<>(base.values().keySet());
        touched.forEach((name, known) -> {
            if (known.value == null) {
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
            return new Delta(false, Map.of());
        }
        Map<String, Optional<EncodedValue>> changes = new LinkedHashMap<>();
        touched.forEach((name, known) -> {
            if (known.value == null) {
                changes.put(name, Optional.empty());
            } else if (known.put || !isImmutable(known.value)) {
                EncodedValue now = codecs.encode(known.value);
                if (cleared || !now.equals(base.find(name))) {
                    changes.put(name, Optional.of(now));
                }
            }
        });
        return new Delta(cleared && base.size() > 0, changes);
    }

    /**
     * Goes on from what was stored.
     *
     * @param delta what of it this request had changed; any other attribute may be another request's now, so what was
     *     read of it before is forgotten
     */
    void rebase(Envelope stored, Delta delta, boolean merged) {
        base = stored;
        cleared = false;
        if (merged) {
            touched.keySet().retainAll(delta.changes().keySet());
        }
        touched.values().removeIf(known -> known.value == null);
        touched.replaceAll((name, known) -> new Touched(known.value, false));
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
    private static boolean isImmutable(Object value) {
        return IMMUTABLE.contains(value.getClass()) || value instanceof Enum;
    }

    /**
     * @param value what the attribute is now, or {@code null} if it was removed
     * @param put whether the application put it, else it was only read
     */
    private record Touched(@Nullable Object value, boolean put) {
        static final Touched REMOVED = new Touched(null, true);
    }
}
