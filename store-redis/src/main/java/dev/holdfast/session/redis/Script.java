package dev.holdfast.session.redis;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/** A Lua script, called by its digest; a server that does not know it, new or flushed, is sent the text. */
final class Script {

    final byte[] text;
    final byte[] digest;

    Script(String text) {
        this.text = text.getBytes(StandardCharsets.US_ASCII);
        this.digest = sha1(this.text).getBytes(StandardCharsets.US_ASCII);
    }

    Object run(UnifiedJedis jedis, List<byte[]> keys, List<byte[]> arguments) {
        try {
            return jedis.evalsha(digest, keys, arguments);
        } catch (JedisNoScriptException e) {
            return jedis.eval(text, keys, arguments);
        }
    }

    /** Returns what {@code redis.sha1hex} returns. */
    static String sha1(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-1", e);
        }
    }
}
