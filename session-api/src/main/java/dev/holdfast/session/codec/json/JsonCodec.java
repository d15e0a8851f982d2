package dev.holdfast.session.codec.json;

import dev.holdfast.session.codec.UndecodableValueException;
import dev.holdfast.session.codec.UnencodableValueException;
import dev.holdfast.session.codec.ValueCodec;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The codec for the application's own types: records, enums and classes that Jackson can write and read.
 *
 * <p>Each type is registered under a short name, which is stored beside the JSON; no class is ever named by the data.
 * Values of exactly the registered types are stored, as attributes or within lists, sets and maps; what stands within a
 * value is said by its declared types, which need no registration: nested records, collections of them, the JDK's
 * values. A field that is declared as {@code Object} comes back as JSON has it. Polymorphic fields take Jackson's
 * annotations that give names to subtypes; those that let the data name a class are refused.
 *
 * <p>A type that changes gets a version. Values of an older one are upgraded when they are read, and stored anew when
 * they are changed. A value of a version that this application does not know yet can't be read; its bytes stay. A
 * property that this application does not know is skipped, one that is missing is {@code null}, zero or {@code false}.
 *
 * <p>A type whose first value can be written but not read again is refused at once. Safe for use by many threads.
 */
// whoever uses this has Jackson; nobody else should have to
@SuppressWarnings("exports")
public final class JsonCodec implements ValueCodec {

    private final Map<Class<?>, JsonType> byClass = new HashMap<>();
    private final Map<String, JsonType> byName = new HashMap<>();

    private JsonCodec(Map<Class<?>, Function<JsonMapper, JsonType>> types, JsonMapper mapper) {
        types.forEach((type, binding) -> {
            JsonType bound = binding.apply(mapper);
            byClass.put(type, bound);
            byName.put(bound.storedName(), bound);
        });
    }

    /**
     * Returns a builder with a mapper that keeps values as they are: times to the nanosecond and with their zones, sets
     * and maps in their order.
     */
    public static Builder builder() {
        return new Builder(Mappers.ofOurs());
    }

    /**
     * Returns a builder that writes and reads with a mapper of the application's. Default typing is switched off in a
     * copy of it, and no annotation can let the data name a class. Its settings decide whether values come back as they
     * were; it must write a value the same way each time.
     */
    public static Builder builder(JsonMapper mapper) {
        return new Builder(Mappers.restricted(mapper.rebuild()));
    }

    /** Returns 2. */
    @Override
    public int format() {
        return 2;
    }

    @Override
    public boolean canEncode(Object value) {
        return byClass.containsKey(typeOf(value));
    }

    private static Class<?> typeOf(Object value) {
        return value instanceof Enum<?> constant ? constant.getDeclaringClass() : value.getClass();
    }

    @Override
    public byte[] encode(Object value) {
        JsonType type = byClass.get(typeOf(value));
        if (type == null) {
            throw new UnencodableValueException(typeOf(value).getName() + " is not registered. Register it:"
                    + " JsonCodec.builder().type(\"a-stored-name\", "
                    + typeOf(value).getSimpleName() + ".class)");
        }
        try {
            return type.write(value);
        } catch (JacksonException | UndecodableValueException | StackOverflowError e) {
            throw refusal(typeOf(value), e);
        }
    }

    /** Says what is wrong with a type, without the messages of others, which may tell the value. */
    private static UnencodableValueException refusal(Class<?> type, Throwable problem) {
        String refused = type.getName() + " can't be written as JSON and read again";
        Module module = type.getModule();
        Module jackson = JsonMapper.class.getModule();
        if (module.isNamed() && !module.isOpen(type.getPackageName(), jackson)) {
            return new UnencodableValueException(refused + ". Open its package to Jackson, in module-info.java: opens "
                    + type.getPackageName() + " to " + jackson.getName() + ";");
        }
        return new UnencodableValueException(refused + " ("
                + problem.getClass().getSimpleName()
                + "). Make it a record, or tell Jackson by its annotations how it is made.");
    }

    @Override
    public Object decode(ByteBuffer bytes) {
        try {
            byte[] name = new byte[Math.min(bytes.get() & 0xFF, bytes.remaining())];
            bytes.get(name);
            int version = bytes.getShort() & JsonType.MAX_VERSION;
            JsonType type = byName.get(new String(name, StandardCharsets.US_ASCII));
            if (type == null) {
                throw new UndecodableValueException("the stored value is of a type that is not registered; register it"
                        + " under the name it had when it was stored: JsonCodec.builder().type(storedName, type)");
            }
            byte[] json = new byte[bytes.remaining()];
            bytes.get(json);
            return type.read(version, json, 0, json.length);
        } catch (UndecodableValueException e) {
            throw e;
        } catch (BufferUnderflowException e) {
            throw new UndecodableValueException("the stored value ends early");
        } catch (RuntimeException | StackOverflowError | LinkageError e) {
            // its message may tell the value
            throw new UndecodableValueException(
                    "the stored value does not fit its type: " + e.getClass().getSimpleName());
        }
    }

    /** Collects the types that a {@link JsonCodec} stores. Not for use by several threads. */
    public static final class Builder {

        private static final Pattern STORED_NAME =
                Pattern.compile("[A-Za-z0-9._-]{1," + JsonType.MAX_NAME_LENGTH + "}");

        private final JsonMapper mapper;
        private final Map<Class<?>, Function<JsonMapper, JsonType>> types = new LinkedHashMap<>();
        private final Map<String, Class<?>> names = new HashMap<>();

        private Builder(JsonMapper mapper) {
            this.mapper = mapper;
        }

        /** Returns {@link #type(String, Class, List)} of version 1. */
        public Builder type(String storedName, Class<?> type) {
            return type(storedName, type, List.of());
        }

        /**
         * Registers a type.
         *
         * @param storedName what stands in the stored bytes, so that the class may be renamed or moved: letters, digits,
         *     {@code .}, {@code _} and {@code -}, at most 100
         * @param type a class; its subclasses are other types
         * @param upgrades how JSON of an older version becomes the next one's, version 1 first. The type's version is one
         *     more than there are.
         * @throws IllegalArgumentException if the name can't be one, or the name or the type is registered already
         */
        public Builder type(String storedName, Class<?> type, List<? extends UnaryOperator<JsonNode>> upgrades) {
            Objects.requireNonNull(type);
            if (!STORED_NAME.matcher(storedName).matches()) {
                throw new IllegalArgumentException("the stored name of " + type.getName() + " must match "
                        + STORED_NAME.pattern() + ", which '" + storedName + "' does not");
            }
            if (upgrades.size() >= JsonType.MAX_VERSION) {
                throw new IllegalArgumentException(
                        "a type has at most " + JsonType.MAX_VERSION + " versions, not " + (upgrades.size() + 1));
            }
            Class<?> other = names.putIfAbsent(storedName, type);
            if (other != null) {
                throw new IllegalArgumentException(
                        "the stored name " + storedName + " belongs to " + other.getName() + " already");
            }
            List<UnaryOperator<JsonNode>> steps = List.copyOf(upgrades);
            if (types.putIfAbsent(type, mapper -> new JsonType(storedName, type, steps, mapper)) != null) {
                throw new IllegalArgumentException(type.getName() + " is registered already");
            }
            return this;
        }

        /** Returns the codec. */
        public JsonCodec build() {
            return new JsonCodec(types, mapper);
        }
    }
}
