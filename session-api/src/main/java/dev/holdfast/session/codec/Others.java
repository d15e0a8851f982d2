package dev.holdfast.session.codec;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The codecs of those values within collections that the typed format itself does not know. */
final class Others {

    static final Others NONE = new Others(List.of());

    private final List<ValueCodec> codecs;
    private final ValueCodec[] byFormat = new ValueCodec[Byte.MAX_VALUE + 1];

    Others(List<? extends ValueCodec> codecs) {
        this.codecs = List.copyOf(codecs);
        for (ValueCodec codec : codecs) {
            byFormat[codec.format()] = codec;
        }
    }

    @Nullable
    ValueCodec codecFor(Object value) {
        for (ValueCodec codec : codecs) {
            if (codec.canEncode(value)) {
                return codec;
            }
        }
        return null;
    }

    boolean write(Object value, ByteWriter out) {
        ValueCodec codec = codecFor(value);
        if (codec == null) {
            return false;
        }
        out.one(Tag.OTHER);
        out.one(codec.format());
        out.counted(codec.encode(value));
        return true;
    }

    Object read(ByteReader in) {
        int format = in.one();
        ByteBuffer bytes = ByteBuffer.wrap(in.counted());
        ValueCodec codec = format > Byte.MAX_VALUE ? null : byFormat[format];
        if (codec == null) {
            throw new UndecodableValueException("no codec of this application has the format " + format);
        }
        return codec.decode(bytes);
    }
}
