package dev.holdfast.session.redis;

import dev.holdfast.session.spi.SessionKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The names of keys. Sessions are dealt by the first six bits of their key to 64 parts, and a part's keys share a hash tag,
 * so that in a Cluster a session, its lock and its index lie on one node and one script may write them all:
 *
 * <pre>
 * holdfast{tag}:&lt;32 bytes of the session key&gt;   the record
 * holdfast{tag}:p                              principals of the part's sessions
 * holdfast{tag}:n                              the same for sessions that never expire
 * holdfast{tag}:l&lt;32 bytes&gt;                     a lock
 * holdfast{tag}:d  holdfast{tag}:c             expiries to come and recent changes, if events are told
 * </pre>
 *
 * The tags are numbers, chosen so that part i lies in the i-th of 64 equal ranges of the 16,384 hash slots.
 */
final class KeySpace {

    static final int PARTS = 64;

    private static final int SLOTS = 16_384;
    private static final int POLYNOMIAL = 0x1021;
    private static final String[] TAGS = tags();

    private final byte[][] bases = new byte[PARTS][];
    private final String prefix;

    /** @param prefix of letters, digits and {@code . : _ -} only, so that it is neither a pattern nor another hash tag */
    KeySpace(String prefix) {
        if (!prefix.matches("[A-Za-z0-9.:_-]{1,100}")) {
            throw new IllegalArgumentException(
                    "the key prefix has 1 to 100 letters, digits and characters of .:_- and not '" + prefix + "'");
        }
        this.prefix = prefix;
        for (int part = 0; part < PARTS; part++) {
            bases[part] = (prefix + "{" + TAGS[part] + "}:").getBytes(StandardCharsets.US_ASCII);
        }
    }

    static int part(byte[] sessionKey) {
        return (sessionKey[0] & 0xFF) >> 2;
    }

    /** Returns the hash slot of a part's keys. */
    static int slotOfPart(int part) {
        return slot(TAGS[part]);
    }

    byte[] record(byte[] sessionKey) {
        byte[] base = bases[part(sessionKey)];
        byte[] key = Arrays.copyOf(base, base.length + sessionKey.length);
        System.arraycopy(sessionKey, 0, key, base.length, sessionKey.length);
        return key;
    }

    byte[] lock(byte[] sessionKey) {
        byte[] base = bases[part(sessionKey)];
        byte[] key = Arrays.copyOf(base, base.length + 1 + sessionKey.length);
        key[base.length] = 'l';
        System.arraycopy(sessionKey, 0, key, base.length + 1, sessionKey.length);
        return key;
    }

    /** Returns the key of a part that has this letter: p, n, d or c. */
    byte[] index(int part, char letter) {
        byte[] base = bases[part];
        byte[] key = Arrays.copyOf(base, base.length + 1);
        key[base.length] = (byte) letter;
        return key;
    }

    /** Returns the pattern for SCAN that all records match, and a few other keys. */
    byte[] pattern() {
        return (prefix + "{*}:*").getBytes(StandardCharsets.US_ASCII);
    }

    /** Returns the session whose record lies under a key, if it is one of ours. */
    Optional<SessionKey> sessionOf(byte[] key) {
        int from = key.length - SessionKey.BYTES;
        if (from <= 0) {
            return Optional.empty();
        }
        byte[] sessionKey = Arrays.copyOfRange(key, from, key.length);
        byte[] base = bases[part(sessionKey)];
        return base.length == from && Arrays.equals(base, 0, from, key, 0, from)
                ? Optional.of(SessionKey.ofBytes(sessionKey))
                : Optional.empty();
    }

    private static String[] tags() {
        String[] tags = new String[PARTS];
        int found = 0;
        for (int number = 0; found < PARTS; number++) {
            String tag = Integer.toString(number);
            int part = slot(tag) / (SLOTS / PARTS);
            if (tags[part] == null) {
                tags[part] = tag;
                found++;
            }
        }
        return tags;
    }

    /** Returns the hash slot of a tag: its CRC16 (XMODEM), as Redis Cluster computes it. */
    static int slot(String tag) {
        int crc = 0;
        for (int i = 0; i < tag.length(); i++) {
            crc ^= tag.charAt(i) << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) == 0 ? crc << 1 : crc << 1 ^ POLYNOMIAL;
            }
        }
        return (crc & 0xFFFF) % SLOTS;
    }
}
