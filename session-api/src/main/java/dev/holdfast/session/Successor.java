package dev.holdfast.session;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The id that a renewed session has now, and until when the old one leads to it.
 *
 * <p>In the old id's tombstone it is sealed under a key that only the old id gives: HMAC-SHA-256 of a fixed text, keyed
 * with the id. The store knows no more than the SHA-256 of that id, so it can neither read the new id nor turn the old one
 * into another. The form is 8 bytes of epoch milliseconds, 12 bytes of nonce, and the id's 32 bytes in AES-256-GCM with
 * the old key and the milliseconds as associated data.
 */
record Successor(SessionId id, Instant until) {

    private static final byte[] PURPOSE =
            "holdfast 1: the successor of a session id".getBytes(StandardCharsets.US_ASCII);
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BYTES = 16;
    static final int SEALED_BYTES = Long.BYTES + NONCE_BYTES + SessionId.RANDOM_BYTES + TAG_BYTES;

    byte[] sealedUnder(SessionId old, SecureRandom random) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        long millis = until.toEpochMilli();
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, old, millis, nonce).doFinal(id.toBytes());
            return ByteBuffer.allocate(SEALED_BYTES)
                    .putLong(millis)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has AES-GCM and HMAC-SHA-256", e);
        }
    }

    /** Returns what was sealed under an id, or empty if it was sealed under another, or changed since. */
    static Optional<Successor> unseal(SessionId old, ByteBuffer bytes) {
        if (bytes.remaining() != SEALED_BYTES) {
            return Optional.empty();
        }
        ByteBuffer in = bytes.duplicate();
        long millis = in.getLong();
        byte[] nonce = new byte[NONCE_BYTES];
        in.get(nonce);
        byte[] sealed = new byte[in.remaining()];
        in.get(sealed);
        try {
            byte[] id = cipher(Cipher.DECRYPT_MODE, old, millis, nonce).doFinal(sealed);
            return Optional.of(new Successor(SessionId.ofBytes(id), Instant.ofEpochMilli(millis)));
        } catch (AEADBadTagException e) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has AES-GCM and HMAC-SHA-256", e);
        }
    }

    private static Cipher cipher(int mode, SessionId old, long millis, byte[] nonce) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(old.toBytes(), "HmacSHA256"));
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                mode,
                new SecretKeySpec(mac.doFinal(PURPOSE), "AES"),
                new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
        cipher.updateAAD(old.key().toBytes());
        cipher.updateAAD(ByteBuffer.allocate(Long.BYTES).putLong(millis).flip());
        return cipher;
    }

    @Override
    public String toString() {
        return "Successor[" + id + " until " + until + "]";
    }
}
