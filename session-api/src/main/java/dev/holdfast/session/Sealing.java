package dev.holdfast.session;

import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals and opens payloads.
 *
 * <p>Each session has an AES key of its own: the HMAC-SHA256, under the named key, of a label and the session's key. So
 * random nonces of 96 bits suffice however many sessions one named key seals. The stored form:
 *
 * <pre>
 * byte      3, the format
 * byte      length of the key's name, and the name in ASCII
 * 12 bytes  nonce
 * the rest  AES-256-GCM of the payload, with a tag of 16 bytes
 * </pre>
 *
 * Authenticated besides: the format, the key's name, the context, and of the record its key, version, creation time, idle
 * timeout and principal. The access times are not, since a touch changes them without the payload.
 */
final class Sealing {

    static final byte FORMAT = 3;

    private static final String MAC = "HmacSHA256";
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final byte[] LABEL = "holdfast payload 1".getBytes(StandardCharsets.US_ASCII);
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BYTES = 16;
    private static final int NO_PRINCIPAL = -1;

    private final SealingKeys keys;
    private final SecureRandom random;

    Sealing(SealingKeys keys, SecureRandom random) {
        this.keys = keys;
        this.random = random;
    }

    /** Returns the payload sealed for that version of its record. */
    byte[] seal(StoredSession session, long version, byte[] payload) {
        byte[] name = keys.writing().getBytes(StandardCharsets.US_ASCII);
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, keys.writing(), nonce, session, version);
            byte[] sealed = cipher.doFinal(payload);
            return ByteBuffer.allocate(2 + name.length + NONCE_BYTES + sealed.length)
                    .put(FORMAT)
                    .put((byte) name.length)
                    .put(name)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException | UnreadablePayloadException e) {
            throw new IllegalStateException("the sealing key '" + keys.writing() + "' can't be used", e);
        }
    }

    /** Returns the payload that was sealed for this very record. */
    byte[] open(StoredSession session, byte[] sealed) throws UnreadablePayloadException {
        ByteBuffer in = ByteBuffer.wrap(sealed);
        if (in.remaining() < 2 || in.get() != FORMAT) {
            throw new UnreadablePayloadException("its payload is not sealed");
        }
        int length = in.get();
        if (length < 1 || length > SealingKeys.MAX_NAME_LENGTH || in.remaining() < length + NONCE_BYTES + TAG_BYTES) {
            throw new UnreadablePayloadException("its sealed payload is malformed");
        }
        byte[] name = new byte[length];
        in.get(name);
        byte[] nonce = new byte[NONCE_BYTES];
        in.get(nonce);
        try {
            return cipher(
                            Cipher.DECRYPT_MODE,
                            new String(name, StandardCharsets.US_ASCII),
                            nonce,
                            session,
                            session.version())
                    .doFinal(sealed, in.position(), in.remaining());
        } catch (AEADBadTagException e) {
            throw new UnreadablePayloadException(
                    "its payload was changed, or was sealed for another session, version or principal");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a sealing key can't be used", e);
        }
    }

    private Cipher cipher(int mode, String name, byte[] nonce, StoredSession session, long version)
            throws GeneralSecurityException, UnreadablePayloadException {
        SecretKey key = keys.find(name);
        if (key == null) {
            throw new UnreadablePayloadException("its payload is sealed with a key that is not known here");
        }
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, keyOf(session.key(), key), new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
        cipher.updateAAD(bound(name, session, version));
        return cipher;
    }

    private static SecretKeySpec keyOf(SessionKey session, SecretKey key) throws GeneralSecurityException {
        Mac mac = Mac.getInstance(MAC);
        mac.init(key);
        mac.update(LABEL);
        return new SecretKeySpec(mac.doFinal(session.toBytes()), "AES");
    }

    private byte[] bound(String keyName, StoredSession session, long version) {
        byte[] name = keyName.getBytes(StandardCharsets.US_ASCII);
        byte[] context = keys.context();
        String principal = session.principal();
        byte[] whose = principal == null ? new byte[0] : principal.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(1
                        + 3 * Integer.BYTES
                        + name.length
                        + context.length
                        + whose.length
                        + SessionKey.BYTES
                        + 3 * Long.BYTES)
                .put(FORMAT)
                .putInt(name.length)
                .put(name)
                .putInt(context.length)
                .put(context)
                .put(session.key().toBytes())
                .putLong(version)
                .putLong(session.createdAt().toEpochMilli())
                .putLong(session.idleTimeout().toMillis())
                .putInt(principal == null ? NO_PRINCIPAL : whose.length)
                .put(whose)
                .array();
    }
}
