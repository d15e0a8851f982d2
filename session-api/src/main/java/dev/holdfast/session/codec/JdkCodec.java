package dev.holdfast.session.codec;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.NotSerializableException;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The codec for types that only JDK serialization can store. Prefer {@code JsonCodec}: what is stored this way is tied
 * to the classes' names and fields, and reading it runs their code.
 *
 * <p>Stored bytes name classes, so an allow-list decides: no class but those {@linkplain Builder#allow allowed} is
 * loaded, let alone instantiated, and no proxy ever. Allowed besides are the wrappers of primitive types,
 * {@code BigInteger}, {@code BigDecimal}, {@code UUID}, {@code URI}, {@code Locale}, {@code java.util.Date},
 * {@code java.time}, {@code ArrayList}, {@code LinkedList}, {@code ArrayDeque}, {@code Arrays.asList}, and arrays of what
 * is allowed. Depth, number of objects, array lengths and size are limited, and no array is longer than its bytes can
 * fill.
 *
 * <p>Whoever can write to the store can still choose the field values of allowed classes, so their {@code readObject}
 * must check them, as that of records does. Sealed payloads keep such writers out.
 *
 * <p>Values of the types that were allowed by name are stored, as attributes or within collections; what they refer to
 * may be of any allowed type. Objects that a value shares within itself stay shared. Safe for use by many threads.
 */
public final class JdkCodec implements ValueCodec {

    private final Set<Class<?>> roots;
    private final AllowedClasses allowed;
    private final SerialLimits limits;

    private JdkCodec(Builder builder) {
        roots = Set.copyOf(builder.roots);
        allowed = new AllowedClasses(builder.roots, builder.collections);
        limits = new SerialLimits(builder.maxDepth, builder.maxReferences, builder.maxArrayLength, builder.maxBytes);
    }

    /** Returns a codec that stores these types, with the defaults that {@link Builder} names. */
    public static JdkCodec create(Class<?>... types) {
        Builder builder = builder();
        for (Class<?> type : types) {
            builder.allow(type);
        }
        return builder.build();
    }

    /** Returns a builder to which the types are added. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns 3. */
    @Override
    public int format() {
        return 3;
    }

    @Override
    public boolean canEncode(Object value) {
        return roots.contains(AllowedClasses.typeOf(value));
    }

    @Override
    public byte[] encode(Object value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (CheckedObjectOutput out = new CheckedObjectOutput(bytes, allowed)) {
            out.writeObject(value);
        } catch (NotSerializableException e) {
            throw new UnencodableValueException("a " + value.getClass().getName() + " holds a " + e.getMessage()
                    + ", which can't be serialized. Make it Serializable, or the field transient.");
        } catch (IOException | RuntimeException | StackOverflowError e) {
            throw refusal(value, e);
        }
        if (bytes.size() > limits.bytes()) {
            throw new UnencodableValueException("a " + value.getClass().getName() + " takes " + bytes.size()
                    + " bytes, the limit is " + limits.bytes() + ". Store less, or raise"
                    + " JdkCodec.builder().maxBytes(…).");
        }
        return bytes.toByteArray();
    }

    private static UnencodableValueException refusal(Object value, Throwable problem) {
        if (problem instanceof UnencodableValueException refusal) {
            return refusal;
        }
        return new UnencodableValueException("a " + value.getClass().getName() + " can't be serialized: "
                + problem.getClass().getSimpleName());
    }

    @Override
    public Object decode(ByteBuffer bytes) {
        int size = bytes.remaining();
        if (size > limits.bytes()) {
            throw new UndecodableValueException(
                    "the stored value takes " + size + " bytes, the limit is " + limits.bytes());
        }
        byte[] copy = new byte[size];
        bytes.get(copy);
        try (CheckedObjectInput in =
                new CheckedObjectInput(new ByteArrayInputStream(copy), allowed, limits.filterFor(size, allowed))) {
            return whole(in.readObject(), in.read() != -1 || in.hasMore());
        } catch (UndecodableValueException e) {
            throw e;
        } catch (InvalidClassException e) {
            throw new UndecodableValueException(
                    "a class in the stored value is not allowed, beyond a limit, or not what it was when it was stored");
        } catch (IOException | ClassNotFoundException | RuntimeException | StackOverflowError | LinkageError e) {
            // its message may tell the value
            throw new UndecodableValueException(
                    "the stored value is malformed: " + e.getClass().getSimpleName());
        }
    }

    private static Object whole(@Nullable Object value, boolean more) {
        if (value == null) {
            throw new UndecodableValueException("the stored value is null, which no attribute is");
        }
        if (more) {
            throw new UndecodableValueException("the stored value is followed by more bytes");
        }
        return value;
    }

    /** Settings of a {@link JdkCodec}; each comment names the default. Not for use by several threads. */
    public static final class Builder {

        private final Set<Class<?>> roots = new LinkedHashSet<>();
        private boolean collections;
        private int maxDepth = 20;
        private int maxReferences = 100_000;
        private int maxArrayLength = 1 << 20;
        private int maxBytes = 1 << 20;

        private Builder() {}

        /**
         * Allows a class to be stored and read, and its serializable superclasses to be read; none. A subclass is
         * another class.
         *
         * @throws IllegalArgumentException unless the class is {@code Serializable}, and neither an interface nor an
         *     array
         */
        public Builder allow(Class<?> type) {
            if (!java.io.Serializable.class.isAssignableFrom(type) || type.isInterface() || type.isArray()) {
                throw new IllegalArgumentException(
                        type.getName() + " is no class of Serializable objects: allow the classes of the objects");
            }
            roots.add(type);
            return this;
        }

        /**
         * Allows the JDK's maps and sets, and its unmodifiable collections, within values; not allowed. Their reading
         * calls {@code hashCode} and {@code compareTo} of what they hold: whoever can write to the store can make that
         * last very long, by a few sets within sets that hold one another many times.
         */
        public Builder allowCollections() {
            collections = true;
            return this;
        }

        /** How many objects may surround an object; 20. */
        public Builder maxDepth(int maxDepth) {
            this.maxDepth = positive("maxDepth", maxDepth);
            return this;
        }

        /** How many objects a value may refer to, counting repetitions; 100,000. */
        public Builder maxReferences(int maxReferences) {
            this.maxReferences = positive("maxReferences", maxReferences);
            return this;
        }

        /** The length of the longest array; 1,048,576. */
        public Builder maxArrayLength(int maxArrayLength) {
            this.maxArrayLength = positive("maxArrayLength", maxArrayLength);
            return this;
        }

        /** The size of the largest value; 1 MiB. */
        public Builder maxBytes(int maxBytes) {
            this.maxBytes = positive("maxBytes", maxBytes);
            return this;
        }

        private static int positive(String name, int value) {
            if (value < 1) {
                throw new IllegalArgumentException(name + " must be at least 1, not " + value);
            }
            return value;
        }

        /** Returns the codec. */
        public JdkCodec build() {
            return new JdkCodec(this);
        }
    }
}
