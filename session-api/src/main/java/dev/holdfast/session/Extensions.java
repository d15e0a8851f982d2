package dev.holdfast.session;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The extensions of an envelope, as they are stored: a varint of their number, then each as varint tag, varint length and
 * bytes. Those whose tag nobody here knows are kept. Immutable.
 */
final class Extensions {

    static final Extensions NONE =
            new Extensions(ByteBuffer.wrap(new byte[] {0}).asReadOnlyBuffer());

    private final ByteBuffer stored;

    private Extensions(ByteBuffer stored) {
        this.stored = stored;
    }

    /** Returns the extensions that begin here, and moves behind them. */
    static Extensions read(ByteBuffer in) {
        int start = in.position();
        int count = Varints.read(in);
        for (int left = count; left > 0; left--) {
            Varints.read(in);
            Varints.skip(in, Varints.read(in));
        }
        return count == 0 ? NONE : new Extensions(in.slice(start, in.position() - start));
    }

    ByteBuffer stored() {
        return stored.duplicate();
    }

    /** Returns a view of an extension's bytes; should it stand twice, of the first. */
    @Nullable
    ByteBuffer find(Extension extension) {
        ByteBuffer in = stored();
        for (int left = Varints.read(in); left > 0; left--) {
            int tag = Varints.read(in);
            int length = Varints.read(in);
            if (tag == extension.tag()) {
                return in.slice(in.position(), length);
            }
            Varints.skip(in, length);
        }
        return null;
    }

    /** Returns an extension that is a number, or {@code null} if it is missing or something else. */
    @Nullable
    Long number(Extension extension) {
        ByteBuffer bytes = find(extension);
        return bytes == null || bytes.remaining() != Long.BYTES ? null : bytes.getLong();
    }

    /** Returns these with others set to bytes, or removed where there are none. */
    Extensions with(Map<Extension, Optional<byte[]>> changes) {
        if (changes.isEmpty()) {
            return this;
        }
        int size = stored.remaining() + Varints.size(Integer.MAX_VALUE);
        for (Optional<byte[]> bytes : changes.values()) {
            size += 2 * Varints.size(Integer.MAX_VALUE)
                    + bytes.map(b -> b.length).orElse(0);
        }
        ByteBuffer body = ByteBuffer.allocate(size);
        int count = 0;
        ByteBuffer in = stored();
        for (int left = Varints.read(in); left > 0; left--) {
            int start = in.position();
            int tag = Varints.read(in);
            Varints.skip(in, Varints.read(in));
            if (changes.keySet().stream().noneMatch(changed -> changed.tag() == tag)) {
                body.put(in.slice(start, in.position() - start));
                count++;
            }
        }
        for (Map.Entry<Extension, Optional<byte[]>> change : changes.entrySet()) {
            if (change.getValue().isPresent()) {
                byte[] bytes = change.getValue().get();
                Varints.put(body, change.getKey().tag());
                Varints.put(body, bytes.length);
                body.put(bytes);
                count++;
            }
        }
        body.flip();
        ByteBuffer all = ByteBuffer.allocate(Varints.size(count) + body.remaining());
        Varints.put(all, count);
        all.put(body);
        return new Extensions(all.flip().asReadOnlyBuffer());
    }
}
