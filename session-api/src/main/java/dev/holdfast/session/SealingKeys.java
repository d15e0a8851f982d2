package dev.holdfast.session;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * The keys with which payloads are sealed: encrypted and authenticated by AES-256-GCM, so that who can read the store
 * learns no attribute, and who can write to it can neither change one nor move a payload to another session, another
 * version, another principal or another application.
 *
 * <p>What the store itself needs stays readable: the hash of the id, the times, the principal. That an old record is
 * put back whole, or a deleted one, can't be noticed. Unsealed payloads count as unreadable: on the day that sealing is
 * switched on, stored sessions end.
 *
 * <p>A key has a name, which is stored. To rotate it write with a new one and go on reading the old one until the
 * sessions that it sealed have ended or were written again. Immutable; {@link #toString} tells names only.
 */
public final class SealingKeys {

    static final int MAX_NAME_LENGTH = 64;
    private static final int MIN_KEY_BYTES = 32;
    private static final int MAX_CONTEXT_BYTES = 256;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1," + MAX_NAME_LENGTH + "}");

    private final String writing;
    private final Map<String, SecretKey> keys;
    private final byte[] context;

    private SealingKeys(Builder builder) {
        writing = builder.writing;
        keys = new TreeMap<>(builder.keys);
        context = builder.context;
    }

    /** Returns keys of which there is one, with the defaults that {@link Builder} names. */
    public static SealingKeys create(String name, SecretKey key) {
        return builder(name, key).build();
    }

    /**
     * Returns a builder with the key that seals from now on.
     *
     * @param name letters, digits, {@code .}, {@code _} and {@code -}, at most 64: which key it is, not the key
     * @param key at least 32 random bytes, such as {@code new SecretKeySpec(bytes, "HmacSHA256")}
     */
    public static Builder builder(String name, SecretKey key) {
        return new Builder(name, key);
    }

    String writing() {
        return writing;
    }

    @Nullable
    SecretKey find(String name) {
        return keys.get(name);
    }

    byte[] context() {
        return context;
    }

    @Override
    public String toString() {
        return "SealingKeys[writes " + writing + ", reads " + keys.keySet() + "]";
    }

    /** Settings of {@link SealingKeys}; each comment names the default. Not for use by several threads. */
    public static final class Builder {

        private final String writing;
        private final Map<String, SecretKey> keys = new LinkedHashMap<>();
        private byte[] context = new byte[0];

        private Builder(String name, SecretKey key) {
            this.writing = name;
            read(name, key);
        }

        /** Adds a key that has sealed before, and only opens now; none. */
        public Builder read(String name, SecretKey key) {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "a key's name must match " + NAME.pattern() + ", which '" + name + "' does not");
            }
            byte[] encoded = key.getEncoded();
            if (encoded != null && encoded.length < MIN_KEY_BYTES) {
                throw new IllegalArgumentException("the key '" + name + "' has " + encoded.length + " bytes; at least "
                        + MIN_KEY_BYTES + " random ones are needed");
            }
            if (keys.putIfAbsent(name, Objects.requireNonNull(key)) != null) {
                throw new IllegalArgumentException("two keys have the name '" + name + "'");
            }
            return this;
        }

        /**
         * Which application and stage these sessions belong to; empty. Payloads that were sealed with the same key in
         * another context can't be opened.
         */
        public Builder context(String context) {
            byte[] bytes = context.getBytes(StandardCharsets.UTF_8);
            if (bytes.length > MAX_CONTEXT_BYTES) {
                throw new IllegalArgumentException(
                        "the context has " + bytes.length + " bytes in UTF-8, the limit is " + MAX_CONTEXT_BYTES);
            }
            this.context = bytes;
            return this;
        }

        /** Returns the keys. */
        public SealingKeys build() {
            return new SealingKeys(this);
        }
    }
}
