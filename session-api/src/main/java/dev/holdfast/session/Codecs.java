package dev.holdfast.session;

import dev.holdfast.session.codec.TypedCodec;
import dev.holdfast.session.codec.UndecodableValueException;
import dev.holdfast.session.codec.UnencodableValueException;
import dev.holdfast.session.codec.ValueCodec;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** The codecs of a {@link Sessions}: the first that can encodes a value, the one of its format decodes it. */
final class Codecs {

    private final List<ValueCodec> codecs;
    private final ValueCodec[] byFormat = new ValueCodec[Byte.MAX_VALUE + 1];

    Codecs(List<ValueCodec> codecs) {
        this.codecs = List.copyOf(codecs);
        for (ValueCodec codec : codecs) {
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
    }

    ValueCodec codecFor(Object value) {
        for (ValueCodec codec : codecs) {
            if (codec.canEncode(value)) {
                return codec;
            }
        }
        for (ValueCodec codec : codecs) {
            if (codec instanceof TypedCodec && (value instanceof Collection || value instanceof Map)) {
                // its refusal tells the type within, and where it stands
                codec.encode(value);
            }
        }
        String type = value.getClass().getName();
        throw new UnencodableValueException("no codec of this application stores a " + type
                + ": register one with Sessions.builder(store).codec(…), or for an enum"
                + " Sessions.builder(store).codec(TypedCodec.builder().allowEnum(" + type + ".class).build())");
    }

    EncodedValue encode(Object value) {
        ValueCodec codec = codecFor(value);
        return new EncodedValue((byte) codec.format(), ByteBuffer.wrap(codec.encode(value)));
    }

    Object decode(EncodedValue value) {
        ValueCodec codec = value.format() < 1 ? null : byFormat[value.format()];
        if (codec == null) {
            throw new UndecodableValueException("no codec of this application has the format " + value.format());
        }
        return codec.decode(value.bytes().duplicate());
    }
}
