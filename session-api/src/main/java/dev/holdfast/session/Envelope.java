package dev.holdfast.session;

import dev.holdfast.session.spi.Payload;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A session's payload taken apart: attributes by name, each value still encoded, so that what a request does not touch
 * travels as bytes. Taking it apart walks over the lengths once and copies nothing; a request that reads one attribute
 * searches for that one, and only one that writes gets a map of all. Immutable.
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
    private static final ByteBuffer NO_ATTRIBUTES = ByteBuffer.allocate(0).asReadOnlyBuffer();

    static final Envelope EMPTY = new Envelope(false, Extensions.NONE, Map.of());
    static final Envelope TOMB = new Envelope(true, Extensions.NONE, Map.of());

    private final boolean tombstone;
    private final Extensions extensions;
    private final ByteBuffer attributes;
    private final int size;
    private @Nullable Map<String, EncodedValue> values;

    private Envelope(boolean tombstone, Extensions extensions, ByteBuffer attributes, int size) {
        this.tombstone = tombstone;
        this.extensions = extensions;
        this.attributes = attributes;
        this.size = size;
    }

    private Envelope(boolean tombstone, Extensions extensions, Map<String, EncodedValue> values) {
        this(tombstone, extensions, NO_ATTRIBUTES, values.size());
        this.values = values;
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
            ByteBuffer attributes = in.slice();
            for (int left = count; left > 0; left--) {
                skipName(in, Varints.read(in));
                in.get();
                Varints.skip(in, Varints.read(in));
            }
            return in.hasRemaining()
                    ? Optional.empty()
                    : Optional.of(new Envelope(kind == TOMBSTONE, extensions, attributes, count));
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
        if (values != null) {
            return values.get(name);
        }
        byte[] wanted = name.getBytes(StandardCharsets.UTF_8);
        ByteBuffer in = attributes.duplicate();
        for (int left = size; left > 0; left--) {
            int length = Varints.read(in);
            boolean found = length == wanted.length && startsWith(in, wanted);
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

    private static boolean startsWith(ByteBuffer in, byte[] wanted) {
        int position = in.position();
        for (int i = 0; i < wanted.length; i++) {
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

    Envelope withValues(Map<String, EncodedValue> values) {
        return new Envelope(tombstone, extensions, values);
    }

    Envelope withExtensions(Extensions extensions) {
        return extensions == this.extensions ? this : new Envelope(tombstone, extensions, values());
    }

    Payload toPayload() {
        Map<String, EncodedValue> all = values();
        List<byte[]> names = new ArrayList<>(all.size());
        ByteBuffer extended = extensions.stored();
        int length = 2 + extended.remaining() + Varints.size(all.size());
        for (Map.Entry<String, EncodedValue> attribute : all.entrySet()) {
            byte[] name = attribute.getKey().getBytes(StandardCharsets.UTF_8);
            int valueLength = attribute.getValue().bytes().remaining();
            length = Math.addExact(length, Varints.size(name.length) + name.length + 1 + Varints.size(valueLength));
            length = Math.addExact(length, valueLength);
            names.add(name);
        }
        ByteBuffer out = ByteBuffer.allocate(length);
        out.put(VERSION).put(tombstone ? TOMBSTONE : SESSION).put(extended);
        Varints.put(out, all.size());
        Iterator<byte[]> name = names.iterator();
        for (EncodedValue value : all.values()) {
            byte[] utf8 = name.next();
            Varints.put(out, utf8.length);
            out.put(utf8).put(value.format());
            Varints.put(out, value.bytes().remaining());
            out.put(value.bytes().duplicate());
        }
        return Payload.wrap(out.array());
    }

    /** Ill-formed UTF-8 would decode to another name than was stored. */
    private static void skipName(ByteBuffer in, int length) {
        int start = in.position();
        Varints.skip(in, length);
        for (int i = start; i < in.position(); i++) {
            if (in.get(i) < 0) {
                byte[] utf8 = new byte[length];
                in.get(start, utf8);
                if (!Arrays.equals(utf8, new String(utf8, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8))) {
                    throw new Varints.Malformed();
                }
                return;
            }
        }
    }
}
