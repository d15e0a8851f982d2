package dev.holdfast.session.redis;

import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionLocking.Lock;
import dev.holdfast.session.spi.SessionStoreException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Locks as keys that hold their holder's random token and live as long as the lease. */
final class Leases {

    private static final int TOKEN_BYTES = 16;
    private static final long LONGEST_LEASE = 1L << 53;
    private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(50);

    private static final Script ACQUIRE = new Script("""
            if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 1 end
            if redis.call('GET', KEYS[1]) == ARGV[1] then return 1 end
            return 0
            """);
    private static final Script RENEW = new Script("""
            if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
            return redis.call('PEXPIRE', KEYS[1], ARGV[2])
            """);
    private static final Script RELEASE = new Script("""
            if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
            return redis.call('DEL', KEYS[1])
            """);

    private final Server server;
    private final KeySpace keys;
    private final SecureRandom random = new SecureRandom();

    Leases(Server server, KeySpace keys) {
        this.server = server;
        this.keys = keys;
    }

    /** How the store calls: refused when it is closed. */
    interface Caller {
        <T> T call(String verb, Supplier<T> body);
    }

    Optional<Lock> lock(SessionKey key, Duration wait, Duration lease, Caller caller) {
        byte[] token = new byte[TOKEN_BYTES];
        random.nextBytes(token);
        Held held = new Held(key, token, caller);
        byte[] millis = millis(lease);
        long start = System.nanoTime();
        long patience = TimeUnit.NANOSECONDS.convert(wait);
        long pause = FIRST_PAUSE;
        while (!held.send("lock", ACQUIRE, List.of(token, millis))) {
            long left = patience - (System.nanoTime() - start);
            if (left <= 0 || Thread.currentThread().isInterrupted()) {
                return Optional.empty();
            }
            LockSupport.parkNanos(
                    Math.min(left, pause / 2 + ThreadLocalRandom.current().nextLong(pause)));
            pause = Math.min(2 * pause, LONGEST_PAUSE);
        }
        return Optional.of(held);
    }

    private static byte[] millis(Duration lease) {
        if (lease.isZero() || lease.isNegative()) {
            throw new IllegalArgumentException("lease must be positive, not " + lease);
        }
        return Server.ascii(Long.toString(Math.max(1, Math.min(LONGEST_LEASE, Server.saturatedMillis(lease)))));
    }

    private final class Held implements Lock {

        private final SessionKey key;
        private final byte[] token;
        private final Caller caller;

        Held(SessionKey key, byte[] token, Caller caller) {
            this.key = key;
            this.token = token;
            this.caller = caller;
        }

        private boolean send(String verb, Script script, List<byte[]> arguments) {
            List<byte[]> lockKey = List.of(keys.lock(key.toBytes()));
            return caller.call(
                    verb,
                    () -> server.write(new Server.Verb(verb, key), script, lockKey, arguments, answer -> true)
                            == Scripts.YES);
        }

        @Override
        public boolean renew(Duration lease) {
            return send("renew the lock of", RENEW, List.of(token, millis(lease)));
        }

        @Override
        public void close() {
            try {
                send("unlock", RELEASE, List.of(token));
            } catch (SessionStoreException | IllegalStateException e) {
                System.getLogger(RedisSessionStore.class.getName())
                        .log(System.Logger.Level.DEBUG, "a lock was not released, and ends with its lease", e);
            }
        }
    }
}
