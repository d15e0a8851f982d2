package dev.holdfast.benchmarks;

import dev.holdfast.session.redis.RedisSessionStore;
import dev.holdfast.session.spi.StoredSession;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.params.SetParams;
import redis.clients.jedis.resps.ScanResult;

/** The floor of the Redis store: one plain command a verb on the same client, with the payload alone as the value. */
final class RedisFloor implements Subject {

    /** A prefix of its own: a given server may be in use. */
    static final String PREFIX = "holdfast-benchmark:";

    private static final byte[] PREFIX_BYTES = PREFIX.getBytes(StandardCharsets.US_ASCII);
    private static final int SCAN_BATCH = 1000;

    private final RedisClient client;

    RedisFloor() {
        client = RedisClient.create(Servers.uri("redis"));
        clear(client);
    }

    /** Opens the store itself on such a client. */
    static StoreSubject store() {
        RedisClient client = RedisClient.create(Servers.uri("redis"));
        clear(client);
        return new StoreSubject(
                RedisSessionStore.builder(client).keyPrefix(PREFIX).build(), () -> {
                    clear(client);
                    client.close();
                });
    }

    /** Removes all keys of this run. */
    static void clear() {
        try (RedisClient client = RedisClient.create(Servers.uri("redis"))) {
            clear(client);
        }
    }

    private static void clear(RedisClient client) {
        ScanParams all = new ScanParams().match(PREFIX + "*").count(SCAN_BATCH);
        byte[] cursor = ScanParams.SCAN_POINTER_START_BINARY;
        do {
            ScanResult<byte[]> found = client.scan(cursor, all);
            if (!found.getResult().isEmpty()) {
                client.unlink(found.getResult().toArray(byte[][]::new));
            }
            cursor = found.getCursorAsBytes();
        } while (!Arrays.equals(cursor, ScanParams.SCAN_POINTER_START_BINARY));
    }

    private static byte[] key(StoredSession session) {
        byte[] hash = session.key().toBytes();
        byte[] key = Arrays.copyOf(PREFIX_BYTES, PREFIX_BYTES.length + hash.length);
        System.arraycopy(hash, 0, key, PREFIX_BYTES.length, hash.length);
        return key;
    }

    private static long millis(StoredSession session) {
        return session.idleTimeout().toMillis();
    }

    @Override
    public Object load(StoredSession session) {
        return client.get(key(session));
    }

    @Override
    public Object update(StoredSession session, long version) {
        return client.set(key(session), session.payload().toByteArray(), new SetParams().px(millis(session)));
    }

    @Override
    public Object touch(StoredSession session) {
        return client.pexpire(key(session), millis(session));
    }

    @Override
    public Object create(StoredSession session) {
        return client.set(
                key(session),
                session.payload().toByteArray(),
                new SetParams().nx().px(millis(session)));
    }

    @Override
    public Object delete(StoredSession session) {
        return client.del(key(session));
    }

    /** Does nothing: the server removes what has expired. */
    @Override
    public Object purge() {
        return 0;
    }

    @Override
    public void close() {
        clear(client);
        client.close();
    }
}
