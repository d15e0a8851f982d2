package dev.holdfast.session.hazelcast;

import com.hazelcast.nio.serialization.FieldKind;
import com.hazelcast.nio.serialization.genericrecord.GenericRecord;
import com.hazelcast.nio.serialization.genericrecord.GenericRecordBuilder;
import dev.holdfast.session.spi.SessionKey;
import org.jspecify.annotations.Nullable;

/**
 * Values of the map: generic records in Hazelcast's compact format, which members index and query without a class of
 * ours. The bytes are the truth; the two other fields repeat what the cluster needs for its indexes.
 */
final class Entries {

    static final String BYTES = "bytes";
    static final String EXPIRES = "expires";
    static final String PRINCIPAL = "principal";

    private static final String TYPE = "holdfast.session";
    private static final String LOCK_PREFIX = "lock:";

    /** Has the schema, which is dear to make. */
    private static final GenericRecord TEMPLATE = GenericRecordBuilder.compact(TYPE)
            .setArrayOfInt8(BYTES, new byte[0])
            .setInt64(EXPIRES, 0)
            .setString(PRINCIPAL, null)
            .build();

    private Entries() {}

    static Object value(SessionKey key, Body body) {
        return value(body.encode(key), body.expiresAt(), body.principal());
    }

    static Object value(byte[] bytes, long expiresAt, @Nullable String principal) {
        return TEMPLATE.newBuilder()
                .setArrayOfInt8(BYTES, bytes)
                .setInt64(EXPIRES, expiresAt)
                .setString(PRINCIPAL, principal)
                .build();
    }

    /** Returns the bytes of a value, or {@code null} if it is not one of ours. */
    static byte @Nullable [] bytes(@Nullable Object value) {
        return value instanceof GenericRecord fields && fields.getFieldKind(BYTES) == FieldKind.ARRAY_OF_INT8
                ? fields.getArrayOfInt8(BYTES)
                : null;
    }

    static @Nullable Body body(SessionKey key, @Nullable Object value) {
        return Body.decode(key, bytes(value));
    }

    static String lockName(SessionKey key) {
        return LOCK_PREFIX + key;
    }

    /** Returns the session key that an entry is about, or {@code null} if it is none of ours. */
    static @Nullable SessionKey sessionKey(String entryKey) {
        return SessionKey.isKey(entryKey) ? SessionKey.parse(entryKey) : null;
    }
}
