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
 * <p>The stored form, version 1. A varint is little-endian base 128, at most five bytes:
 *
 * <pre>
 * byte    1, the version
 * byte    kind: 0 a session, 1 the tombstone of a session whose id was replaced
 * varint  number of extensions, each: varint tag, varint length, bytes   (none yet; kept when rewritten)
 * varint  number of attributes, each: varint length, name in UTF-8, byte format of the codec, varint length, bytes
 * </pre>
 */
final class Envelope {

    private static final byte VERSION = 1;
    private static final byte SESSION = 0;
    private static final byte TOMBSTONE = 1;
    private static final ByteBuffer NO_EXTENSIONS =
            ByteBuffer.wrap(new byte[] {0}).asReadOnlyBuffer();

    static final Envelope EMPTY = new Envelope(false, NO_EXTENSIONS, Map.of());
    static final Payload TOMBSTONE_PAYLOAD = Payload.wrap(new byte[] {VERSION, TOMBSTONE, 0, 0});

    private final boolean tombstone;
    private final ByteBuffer extensions;
    private final ByteBuffer attributes;
    private final int size;
    private @Nullable Map<String, EncodedValue> values;

    private Envelope(boolean tombstone, ByteBuffer extensions, ByteBuffer attributes, int size) {
        this.tombstone = tombstone;
        this.extensions = extensions;
        this.attributes = attributes;
        this.size = size;
    }

    private Envelope(boolean tombstone, ByteBuffer extensions, Map<String, EncodedValue> values) {
        this(tombstone, extensions, NO_EXTENSIONS, values.size());
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
            int start = in.position();
            for (int left = varint(in); left > 0; left--) {
                varint(in);
                skip(in, varint(in));
            }
            ByteBuffer extensions = in.slice(start, in.position() - start);
            int count = varint(in);
            ByteBuffer attributes = in.slice();
            for (int left = count; left > 0; left--) {
                skipName(in, varint(in));
                in.get();
                skip(in, varint(in));
            }
            return in.hasRemaining()
                    ? Optional.empty()
                    : Optional.of(new Envelope(kind == TOMBSTONE, extensions, attributes, count));
        } catch (BufferUnderflowException | MalformedEnvelopeException e) {
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
            int length = varint(in);
            boolean found = length == wanted.length && startsWith(in, wanted);
            skip(in, length);
            byte format = in.get();
            int valueLength = varint(in);
            if (found) {
                return new EncodedValue(format, in.slice(in.position(), valueLength));
            }
            skip(in, valueLength);
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
                byte[] name = new byte[varint(in)];
                in.get(name);
                byte format = in.get();
                int length = varint(in);
                all.putIfAbsent(
                        new String(name, StandardCharsets.UTF_8),
                        new EncodedValue(format, in.slice(in.position(), length)));
                skip(in, length);
            }
            values = all;
        }
        return all;
    }

    Envelope withValues(Map<String, EncodedValue> values) {
        return new Envelope(tombstone, extensions, values);
    }

    Payload toPayload() {
        Map<String, EncodedValue> all = values();
        List<byte[]> names = new ArrayList<>(all.size());
        int length = 2 + extensions.remaining() + varintSize(all.size());
        for (Map.Entry<String, EncodedValue> attribute : all.entrySet()) {
            byte[] name = attribute.getKey().getBytes(StandardCharsets.UTF_8);
            int valueLength = attribute.getValue().bytes().remaining();
            length = Math.addExact(length, varintSize(name.length) + name.length + 1 + varintSize(valueLength));
            length = Math.addExact(length, valueLength);
            names.add(name);
        }
        ByteBuffer out = ByteBuffer.allocate(length);
        out.put(VERSION).put(tombstone ? TOMBSTONE : SESSION).put(extensions.duplicate());
        putVarint(out, all.size());
        Iterator<byte[]> name = names.iterator();
        for (EncodedValue value : all.values()) {
            byte[] utf8 = name.next();
            putVarint(out, utf8.length);
            out.put(utf8).put(value.format());
            putVarint(out, value.bytes().remaining());
            out.put(value.bytes().duplicate());
        }
        return Payload.wrap(out.array());
    }

    /** Ill-formed UTF-8 would decode to another name than was stored. */
    private static void skipName(ByteBuffer in, int length) {
        int start = in.position();
        skip(in, length);
        for (int i = start; i < in.position(); i++) {
            if (in.get(i) < 0) {
                byte[] utf8 = new byte[length];
                in.get(start, utf8);
                if (!Arrays.equals(utf8, new String(utf8, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8))) {
                    throw new MalformedEnvelopeException();
                }
                return;
            }
        }
    }

    private static void skip(ByteBuffer in, int length) {
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        in.position(in.position() + length);
    }

    private static int varint(ByteBuffer in) {
        int value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            byte next = in.get();
            value |= (next & 0x7f) << shift;
            if (next >= 0) {
                if (value < 0 || (shift == 28 && next > 7)) {
                    throw new MalformedEnvelopeException();
                }
                return value;
            }
        }
        throw new MalformedEnvelopeException();
    }

    private static void putVarint(ByteBuffer out, int value) {
        int rest = value;
        while (rest > 0x7f) {
            out.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    private static int varintSize(int value) {
        return value == 0 ? 1 : (38 - Integer.numberOfLeadingZeros(value)) / 7;
    }

    private static final class MalformedEnvelopeException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MalformedEnvelopeException() {
            super(null, null, false, false);
        }
    }
}
