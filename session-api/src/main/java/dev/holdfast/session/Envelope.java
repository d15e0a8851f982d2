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
import java.util.Set;

/**
 * A session's payload taken apart: attributes by name, each value still encoded, so that what a request does not touch
 * travels as bytes.
 *
 * <p>The stored form, version 1. A varint is little-endian base 128, at most five bytes:
 *
 * <pre>
 * byte    1, the version
 * byte    kind: 0 a session, 1 the tombstone of a session whose id was replaced
 * varint  number of extensions, each: varint tag, varint length, bytes   (none yet; kept when rewritten)
 * varint  number of attributes, each: varint length, name in UTF-8, byte format of the codec, varint length, bytes
 * </pre>
 *
 * @param extensions everything between the kind and the attributes, as it was read
 * @param values the attributes in the order they were first put
 */
record Envelope(boolean tombstone, ByteBuffer extensions, Map<String, EncodedValue> values) {

    static final Envelope EMPTY = new Envelope(false, ByteBuffer.wrap(new byte[] {0}), Map.of());

    private static final byte VERSION = 1;
    private static final byte SESSION = 0;
    private static final byte TOMBSTONE = 1;

    static final Payload TOMBSTONE_PAYLOAD = Payload.wrap(new byte[] {VERSION, TOMBSTONE, 0, 0});

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
                slice(in, varint(in));
            }
            ByteBuffer extensions = in.slice(start, in.position() - start);
            int count = varint(in);
            // no more room than the bytes can fill: an attribute takes at least three
            Map<String, EncodedValue> values = new LinkedHashMap<>(Math.min(count, in.remaining() / 3) * 4 / 3 + 1);
            for (int left = count; left > 0; left--) {
                String name = name(in);
                byte format = in.get();
                if (values.put(name, new EncodedValue(format, slice(in, varint(in)))) != null) {
                    return Optional.empty();
                }
            }
            return in.hasRemaining()
                    ? Optional.empty()
                    : Optional.of(new Envelope(kind == TOMBSTONE, extensions, values));
        } catch (BufferUnderflowException | MalformedEnvelopeException e) {
            return Optional.empty();
        }
    }

    Payload toPayload() {
        List<byte[]> names = new ArrayList<>(values.size());
        int size = 2 + extensions.remaining() + varintSize(values.size());
        for (Map.Entry<String, EncodedValue> attribute : values.entrySet()) {
            byte[] name = attribute.getKey().getBytes(StandardCharsets.UTF_8);
            int length = attribute.getValue().bytes().remaining();
            size = Math.addExact(size, varintSize(name.length) + name.length + 1 + varintSize(length));
            size = Math.addExact(size, length);
            names.add(name);
        }
        ByteBuffer out = ByteBuffer.allocate(size);
        out.put(VERSION).put(tombstone ? TOMBSTONE : SESSION).put(extensions.duplicate());
        putVarint(out, values.size());
        Iterator<byte[]> name = names.iterator();
        for (EncodedValue value : values.values()) {
            putBytes(out, name.next());
            out.put(value.format());
            putVarint(out, value.bytes().remaining());
            out.put(value.bytes().duplicate());
        }
        return Payload.wrap(out.array());
    }

    private static void putBytes(ByteBuffer out, byte[] bytes) {
        putVarint(out, bytes.length);
        out.put(bytes);
    }

    Envelope withValues(Map<String, EncodedValue> values) {
        return new Envelope(tombstone, extensions, values);
    }

    Set<String> names() {
        return values.keySet();
    }

    private static String name(ByteBuffer in) {
        byte[] utf8 = new byte[slice(in, varint(in)).remaining()];
        in.get(in.position() - utf8.length, utf8);
        String name = new String(utf8, StandardCharsets.UTF_8);
        // ill-formed UTF-8 would decode to something else than was stored
        if (name.indexOf('\uFFFD') >= 0 && !Arrays.equals(utf8, name.getBytes(StandardCharsets.UTF_8))) {
            throw new MalformedEnvelopeException();
        }
        return name;
    }

    private static ByteBuffer slice(ByteBuffer in, int length) {
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        ByteBuffer slice = in.slice(in.position(), length);
        in.position(in.position() + length);
        return slice;
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
