package dev.holdfast.session.codec;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ConcurrentModificationException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The codec for the JDK's value types, and for lists, sets and maps of them; the default. No class is ever named by the
 * data, none is instantiated by reflection.
 *
 * <p>It stores, each as exactly the same type and value:
 *
 * <ul>
 *   <li>{@code Boolean}, {@code Byte}, {@code Short}, {@code Integer}, {@code Long}, {@code Float}, {@code Double},
 *       {@code Character}, {@code BigInteger}, {@code BigDecimal} with its scale
 *   <li>any {@code String}, unpaired surrogates included; {@code UUID}, {@code URI}, {@code Locale}
 *   <li>{@code Instant}, {@code Duration}, {@code Period}, {@code LocalDate}, {@code LocalTime}, {@code LocalDateTime},
 *       {@code OffsetDateTime}, {@code OffsetTime}, {@code ZonedDateTime}, {@code ZoneId}, {@code ZoneOffset},
 *       {@code Year}, {@code YearMonth}, {@code MonthDay}, {@code DayOfWeek}, {@code Month}
 *   <li>the enums on the {@linkplain Builder#allowEnum allow-list}
 *   <li>{@code byte[]}, {@code int[]}, {@code long[]}, {@code double[]}, {@code String[]}, and no other array
 * </ul>
 *
 * <p>It stores these by their interface, with their elements, {@code null} among them, in the order of iteration, and
 * gives them back as ordinary collections that can be changed:
 *
 * <ul>
 *   <li>any {@code List} as an {@code ArrayList}, any {@code Set} as a {@code LinkedHashSet}, any {@code Map} as a
 *       {@code LinkedHashMap}. What else the class could do is lost: to be unmodifiable, concurrent, an
 *       {@code EnumMap}, ordered by access, or the defaults of {@code Properties}.
 *   <li>a {@code SortedSet} or {@code SortedMap} in natural order as a {@code TreeSet} or {@code TreeMap}. One with a
 *       comparator of its own is refused, and so is an {@code IdentityHashMap}.
 * </ul>
 *
 * <p>Collections nest at most 64 deep; deeper ones, and those that contain themselves, are refused. The same object
 * met twice is stored twice, and comes back as two.
 *
 * <p>A value of an application's type within a collection is stored by the codec that knows it, see {@link #holding}.
 *
 * <p>Equal values of the same type give the same bytes, with these exceptions: sets and maps are equal in any order but
 * stored in theirs, and {@code URI}s are equal in either case of the host. A NaN of any bits is stored as the one NaN.
 * A {@code ZonedDateTime} whose zone has got other rules since it was stored keeps its instant, not its local time.
 *
 * <p>The stored format is laid down in the {@linkplain dev.holdfast.session.codec description of this package}. Safe
 * for use by many threads; a value must not be changed by one while another encodes it, and then either a snapshot is
 * stored or the value is refused.
 */
public final class TypedCodec implements ValueCodec {

    private final Enums enums;
    private final Others others;

    private TypedCodec(Enums enums, Others others) {
        this.enums = enums;
        this.others = others;
    }

    /** Returns a codec whose allow-list has no enum; {@code DayOfWeek} and {@code Month} need none. */
    public static TypedCodec create() {
        return builder().build();
    }

    /** Returns a builder to which the application's enums are added. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns a codec that stores the same, and also the values of these codecs within its collections. A
     * {@code Sessions} does that with all codecs it is given.
     */
    public TypedCodec holding(List<? extends ValueCodec> others) {
        return new TypedCodec(enums, new Others(others));
    }

    /** Returns 1. */
    @Override
    public int format() {
        return 1;
    }

    @Override
    public boolean canEncode(Object value) {
        try {
            return StorableTypes.accept(value, enums, others, 0);
        } catch (ConcurrentModificationException e) {
            // encode tells
            return true;
        }
    }

    @Override
    public byte[] encode(Object value) {
        Objects.requireNonNull(value, "value");
        ByteWriter out = new ByteWriter(value instanceof String text ? Text.sizeInLatin1(text) : 32);
        try {
            new TypedWriter(out, enums, others).write(value, 0);
        } catch (Refusal refusal) {
            throw refusal.toException();
        } catch (ConcurrentModificationException e) {
            throw new UnencodableValueException("the value was changed by another thread while it was encoded. Store"
                    + " a copy, or a concurrent collection.");
        }
        return out.toByteArray();
    }

    @Override
    public Object decode(ByteBuffer bytes) {
        ByteReader in = new ByteReader(bytes);
        Object value;
        try {
            value = new TypedReader(in, enums, others).read(0);
        } catch (UndecodableValueException e) {
            throw e;
        } catch (BufferUnderflowException e) {
            throw new UndecodableValueException("the stored value ends early");
        } catch (RuntimeException e) {
            // such as DateTimeException; its message may tell the value
            throw new UndecodableValueException(
                    "the stored value is malformed: " + e.getClass().getSimpleName());
        }
        if (value == null) {
            throw new UndecodableValueException("the stored value is null, which no attribute is");
        }
        if (in.remaining() > 0) {
            throw new UndecodableValueException("the stored value is followed by more bytes");
        }
        return value;
    }

    /** Collects the enums that a {@link TypedCodec} stores. Not for use by several threads. */
    public static final class Builder {

        private final Map<String, Class<? extends Enum<?>>> enums = new LinkedHashMap<>();

        private Builder() {}

        /**
         * Adds an enum under the name of its class, which then must not change while sessions are stored.
         *
         * @throws IllegalArgumentException if the enum was added before
         */
        public <E extends Enum<E>> Builder allowEnum(Class<E> type) {
            return allowEnum(type, type.getName());
        }

        /**
         * Adds an enum under a name of its own, so that the class may be renamed or moved. Its constants are stored by
         * name; they may be reordered and added to, but not renamed while sessions are stored.
         *
         * @param storedName what stands in the stored bytes
         * @throws IllegalArgumentException if the name is empty or given to another enum, or the enum was added before
         */
        public <E extends Enum<E>> Builder allowEnum(Class<E> type, String storedName) {
            if (!type.isEnum()) {
                throw new IllegalArgumentException(type.getName() + " is not an enum");
            }
            if (storedName.isEmpty()) {
                throw new IllegalArgumentException("the stored name of " + type.getName() + " is empty");
            }
            if (enums.containsValue(type)) {
                throw new IllegalArgumentException(type.getName() + " is on the allow-list already");
            }
            Class<?> other = enums.putIfAbsent(storedName, type);
            if (other != null) {
                throw new IllegalArgumentException(
                        "the stored name " + storedName + " belongs to " + other.getName() + " already");
            }
            return this;
        }

        /** Returns the codec. */
        public TypedCodec build() {
            return new TypedCodec(new Enums(enums), Others.NONE);
        }
    }
}
