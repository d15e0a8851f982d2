package dev.holdfast.session.codec;

import java.util.HashMap;
import java.util.Map;

/** The enums on the allow-list. What is read selects among their constants; it never names a class to load. */
final class Enums {

    private final Map<Enum<?>, byte[]> encoded = new HashMap<>();
    private final Map<String, Map<String, Enum<?>>> constantsByName = new HashMap<>();

    Enums(Map<String, Class<? extends Enum<?>>> allowed) {
        allowed.forEach(this::add);
    }

    private void add(String storedName, Class<? extends Enum<?>> type) {
        Map<String, Enum<?>> byName = new HashMap<>();
        for (Enum<?> constant : type.getEnumConstants()) {
            ByteWriter out = new ByteWriter(64);
            out.one(Tag.ENUM);
            Text.write(storedName, out);
            Text.write(constant.name(), out);
            encoded.put(constant, out.toByteArray());
            byName.put(constant.name(), constant);
        }
        constantsByName.put(storedName, byName);
    }

    boolean allows(Enum<?> constant) {
        return encoded.containsKey(constant);
    }

    void write(Enum<?> constant, ByteWriter out) {
        byte[] bytes = encoded.get(constant);
        if (bytes == null) {
            Class<?> type = constant.getDeclaringClass();
            throw Refusal.of(
                    type,
                    "is an enum that is not on the allow-list",
                    "Add it: TypedCodec.builder().allowEnum(" + type.getSimpleName() + ".class)");
        }
        out.raw(bytes);
    }

    Enum<?> read(ByteReader in) {
        Map<String, Enum<?>> constants = constantsByName.get(Text.read(in.one(), in));
        String name = Text.read(in.one(), in);
        if (constants == null) {
            throw new UndecodableValueException(
                    "the stored value holds an enum that is not on the allow-list; add it, under the name it had when"
                            + " it was stored: TypedCodec.builder().allowEnum(type, storedName)");
        }
        Enum<?> constant = constants.get(name);
        if (constant == null) {
            throw new UndecodableValueException("the stored value holds a constant that its enum no longer has");
        }
        return constant;
    }
}
