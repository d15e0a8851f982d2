package dev.holdfast.session;

import dev.holdfast.session.codec.TypedCodec;
import dev.holdfast.session.codec.UndecodableValueException;
import dev.holdfast.session.codec.UnencodableValueException;
import dev.holdfast.session.codec.ValueCodec;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The codecs of a {@link Sessions}: the first that can encodes a value, the one of its format decodes it. The typed codec
 * comes last, and stores the others' values within its collections.
 */
final class Codecs {

    private final List<ValueCodec> others;
    private final TypedCodec typed;
    private final ValueCodec[] byFormat = new ValueCodec[Byte.MAX_VALUE + 1];

    /** @param codecs if none of them is a {@link TypedCodec} the built-in one is added */
    Codecs(List<ValueCodec> codecs) {
        others = codecs.stream().filter(codec -> !(codec instanceof TypedCodec)).toList();
        typed = codecs.stream()
                .filter(TypedCodec.class::isInstance)
                .map(TypedCodec.class::cast)
                .findFirst()
                .orElseGet(TypedCodec::create)
                .holding(others);
        others.forEach(this::add);
        add(typed);
        if (codecs.size() > others.size() + 1) {
            throw new IllegalArgumentException("two of the codecs are a TypedCodec: give one that allows all enums");
        }
    }

    private void add(ValueCodec codec) {
        int format = codec.format();
        if (format < 1 || format > Byte.MAX_VALUE) {
            throw new IllegalArgumentException("a codec's format is 1 to 127, not " + format);
        }
        if (byFormat[format] != null) {
            throw new IllegalArgumentException("two codecs have the format " + format + ": "
                    + byFormat[format].getClass().getName() + " and "
                    + codec.getClass().getName());
        }
        byFormat[format] = codec;
    }

    /** Refuses a value that no codec stores, by a message that names its type and the line to add. */
    void requireCodec(Object value) {
        if (otherCodec(value) == null && !typed.canEncode(value)) {
            // its refusal tells the type within, and where it stands
            typed.encode(value);
        }
    }

    private @Nullable ValueCodec otherCodec(Object value) {
        for (ValueCodec codec : others) {
            if (codec.canEncode(value)) {
                return codec;
            }
        }
        return null;
    }

    EncodedValue encode(Object value) {
        ValueCodec other = otherCodec(value);
        ValueCodec codec = other == null ? typed : other;
        return new EncodedValue((byte) codec.format(), ByteBuffer.wrap(codec.encode(value)));
    }

    /**
     * Returns whether a value that was decoded from these bytes and is encoded as those has not changed meanwhile. The
     * bytes of other codecs may differ all the same: a hash set's order, an older version.
     */
    boolean isUnchanged(EncodedValue stored, EncodedValue now) {
        if (now.equals(stored) || others.isEmpty()) {
            return now.equals(stored);
        }
        try {
            return now.equals(encode(decode(stored)));
        } catch (UndecodableValueException | UnencodableValueException e) {
            return false;
        }
    }

    Object decode(EncodedValue value) {
        ValueCodec codec = value.format() < 1 ? null : byFormat[value.format()];
        if (codec == null) {
            throw new UndecodableValueException("no codec of this application has the format " + value.format());
        }
        return codec.decode(value.bytes().duplicate());
    }
}
