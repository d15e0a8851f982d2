package dev.holdfast.session;

import dev.holdfast.session.spi.Payload;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A session's payload taken apart: attributes by name, each value still encoded, so that what a request does not touch
 * travels as bytes. Taking it apart walks over the lengths once and copies nothing; a request that reads a few attributes
 * searches for those, and one that writes copies the others' bytes as they are. Immutable; not for use by several threads
 * at once, since it indexes itself.
 *
 * <p>The stored form, version 1; {@link Varints} says what a varint is, {@link Extension} what the extensions are:
 *
 * <pre>
 * byte    1, the version
 * byte    kind: 0 a session, 1 the tombstone of a session whose id was replaced
 * varint  number of extensions, each: varint tag, varint length, bytes; unknown ones are kept
 * varint  number of attributes, each: varint length, name in UTF-8, byte format of the codec, varint length, bytes
 * </pre>
 */
final class Envelope {

    private static final byte VERSION = 1;
    private static final byte SESSION = 0;
    private static final byte TOMBSTONE = 1;
    private static final int MAX_VARINT = 5;
    private static final int SEARCHES_BEFORE_INDEX = 8;
    private static final long NOT_ASCII = 0x8080808080808080L;
    private static final ByteBuffer NO_ATTRIBUTES = ByteBuffer.allocate(0).asReadOnlyBuffer();

    static final Envelope EMPTY = new Envelope(false, Extensions.NONE, NO_ATTRIBUTES, 0);
    static final Envelope TOMB = new Envelope(true, Extensions.NONE, NO_ATTRIBUTES, 0);

    private final boolean tombstone;
    private final Extensions extensions;
    private final ByteBuffer attributes;
    private final int size;
    private int searches;
    private @Nullable Map<String, EncodedValue> values;

    /** @param attributes those of the stored form, from its beginning, and nothing behind them */
    private Envelope(boolean tombstone, Extensions extensions, ByteBuffer attributes, int size) {
        this.tombstone = tombstone;
        this.extensions = extensions;
        this.attributes = attributes;
        this.size = size;
    }

    /** Returns the parts, or empty if these bytes are no envelope of a known version. */
    static Optional<Envelope> parse(Payload payload) {
        ByteBuffer in = payload.asByteBuffer();
        try {
            if (in.get() != VERSION) {
                return Optional.empty();
            }
            byte kind = in.get();
            if (kind != SESSION && kind != TOMBSTONE) {
                return Optional.empty();
            }
            Extensions extensions = Extensions.read(in);
            int count = Varints.read(in);
            int start = in.position();
            for (int left = count; left > 0; left--) {
                skipName(in, Varints.read(in));
                in.get();
                Varints.skip(in, Varints.read(in));
            }
            return in.hasRemaining()
                    ? Optional.empty()
                    : Optional.of(
                            new Envelope(kind == TOMBSTONE, extensions, in.slice(start, in.position() - start), count));
        } catch (BufferUnderflowException | Varints.Malformed e) {
            return Optional.empty();
        }
    }

    boolean isTombstone() {
        return tombstone;
    }

    int size() {
        return size;
    }

    @Nullable
    EncodedValue find(String name) {
        if (values == null && ++searches > SEARCHES_BEFORE_INDEX) {
            values();
        }
        if (values != null) {
            return values.get(name);
        }
        byte[] wanted = name.getBytes(StandardCharsets.UTF_8);
        ByteBuffer in = attributes.duplicate();
        for (int left = size; left > 0; left--) {
            int length = Varints.read(in);
            boolean found = isNext(in, length, wanted);
            Varints.skip(in, length);
            byte format = in.get();
            int valueLength = Varints.read(in);
            if (found) {
                return new EncodedValue(format, in.slice(in.position(), valueLength));
            }
            Varints.skip(in, valueLength);
        }
        return null;
    }

    private static boolean isNext(ByteBuffer in, int length, byte[] wanted) {
        if (length != wanted.length) {
            return false;
        }
        int position = in.position();
        for (int i = 0; i < length; i++) {
            if (in.get(position + i) != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    /** Returns all attributes in the order they were first put. Should a name stand twice the first one counts. */
    Map<String, EncodedValue> values() {
        Map<String, EncodedValue> all = values;
        if (all == null) {
            all = new LinkedHashMap<>(size * 4 / 3 + 1);
            ByteBuffer in = attributes.duplicate();
            for (int left = size; left > 0; left--) {
                byte[] name = new byte[Varints.read(in)];
                in.get(name);
                byte format = in.get();
                int length = Varints.read(in);
                all.putIfAbsent(
                        new String(name, StandardCharsets.UTF_8),
                        new EncodedValue(format, in.slice(in.position(), length)));
                Varints.skip(in, length);
            }
            values = all;
        }
        return all;
    }

    Extensions extensions() {
        return extensions;
    }

    /** Returns the same without attributes. */
    Envelope cleared() {
        return new Envelope(tombstone, extensions, NO_ATTRIBUTES, 0);
    }

    /** Returns the same with these attributes set or, where the value is {@code null}, removed; new ones come last. */
    Envelope with(Map<String, ? extends @Nullable EncodedValue> changes) {
        List<ChangedAttribute> pending = new ArrayList<>(changes.size());
        int capacity = attributes.remaining();
        for (Map.Entry<String, ? extends @Nullable EncodedValue> change : changes.entrySet()) {
            ChangedAttribute changed =
                    new ChangedAttribute(change.getKey().getBytes(StandardCharsets.UTF_8), change.getValue());
            capacity = Math.addExact(capacity, changed.sizeAtMost());
            pending.add(changed);
        }
        ByteBuffer out = ByteBuffer.allocate(capacity);
        ByteBuffer in = attributes.duplicate();
        int count = 0;
        for (int left = size; left > 0; left--) {
            int start = in.position();
            ChangedAttribute changed = next(in, pending);
            in.get();
            Varints.skip(in, Varints.read(in));
            if (changed == null) {
                out.put(out.position(), attributes, start, in.position() - start);
                out.position(out.position() + in.position() - start);
                count++;
            } else {
                count += changed.putOnce(out);
            }
        }
        for (ChangedAttribute changed : pending) {
            count += changed.putOnce(out);
        }
        return new Envelope(tombstone, extensions, out.flip().slice().asReadOnlyBuffer(), count);
    }

    /** Returns the change of the attribute that begins here, if there is one, and moves behind its name. */
    private static @Nullable ChangedAttribute next(ByteBuffer in, List<ChangedAttribute> changes) {
        int length = Varints.read(in);
        ChangedAttribute found = null;
        for (ChangedAttribute change : changes) {
            if (isNext(in, length, change.name)) {
                found = change;
                break;
            }
        }
        Varints.skip(in, length);
        return found;
    }

    Envelope withExtensions(Extensions extensions) {
        return extensions == this.extensions ? this : new Envelope(tombstone, extensions, attributes, size);
    }

    Payload toPayload() {
        ByteBuffer extended = extensions.stored();
        int length = Math.addExact(2 + extended.remaining() + Varints.size(size), attributes.remaining());
        ByteBuffer out = ByteBuffer.allocate(length);
        out.put(VERSION).put(tombstone ? TOMBSTONE : SESSION).put(extended);
        Varints.put(out, size);
        out.put(attributes.duplicate());
        return Payload.wrap(out.array());
    }

    /** An attribute to be written, at most once, in its old place or at the end. */
    private static final class ChangedAttribute {
        final byte[] name;
        private final @Nullable EncodedValue value;
        private boolean placed;

        ChangedAttribute(byte[] name, @Nullable EncodedValue value) {
            this.name = name;
            this.value = value;
        }

        int sizeAtMost() {
            return value == null
                    ? 0
                    : 2 * MAX_VARINT + 1 + name.length + value.bytes().remaining();
        }

        /** Returns how many attributes it wrote. */
        int putOnce(ByteBuffer out) {
            boolean writes = !placed && value != null;
            placed = true;
            if (!writes || value == null) {
                return 0;
            }
            Varints.put(out, name.length);
            out.put(name).put(value.format());
            Varints.put(out, value.bytes().remaining());
            out.put(value.bytes().duplicate());
            return 1;
        }
    }

    /** Ill-formed UTF-8 would decode to another name than was stored. */
    private static void skipName(ByteBuffer in, int length) {
        int start = in.position();
        Varints.skip(in, length);
        if (!isAscii(in, start, in.position())) {
            byte[] utf8 = new byte[length];
            in.get(start, utf8);
            if (!Arrays.equals(utf8, new String(utf8, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8))) {
                throw new Varints.Malformed();
            }
        }
    }

    private static boolean isAscii(ByteBuffer in, int start, int end) {
        int i = start;
        for (; i + Long.BYTES <= end; i += Long.BYTES) {
            if ((in.getLong(i) & NOT_ASCII) != 0) {
                return false;
            }
        }
        for (; i < end; i++) {
            if (in.get(i) < 0) {
                return false;
            }
        }
        return true;
    }
}
