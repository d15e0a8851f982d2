package dev.holdfast.session.redis.servers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** A master, its replica, and three sentinels that watch them. */
public final class RedisSentinels implements AutoCloseable {

    /** What the sentinels call the master. */
    public static final String MASTER = "sessions";

    private static final Duration READY = Duration.ofSeconds(30);

    private final RedisProcess master;
    private final RedisProcess replica;
    private final List<RedisProcess> sentinels = new ArrayList<>();

    private RedisSentinels(RedisVersion version) {
        master = RedisProcess.start(version, "--repl-diskless-sync-delay", "0");
        replica = RedisProcess.start(
                version, "--repl-diskless-sync-delay", "0", "--replicaof", "127.0.0.1 " + master.port());
        await(() -> "up".equals(replica.info("replication").get("master_link_status")));
        for (int i = 0; i < 3; i++) {
            sentinels.add(RedisProcess.startSentinel(
                    version,
                    List.of(
                            "sentinel monitor " + MASTER + " 127.0.0.1 " + master.port() + " 2",
                            "sentinel down-after-milliseconds " + MASTER + " 500",
                            "sentinel failover-timeout " + MASTER + " 3000")));
        }
        await(() -> sentinels.stream().allMatch(this::knowsAll));
    }

    /** Starts them all. */
    public static RedisSentinels start(RedisVersion version) {
        return new RedisSentinels(version);
    }

    private boolean knowsAll(RedisProcess sentinel) {
        return String.valueOf(sentinel.call("INFO", "sentinel")).contains("slaves=1,sentinels=3");
    }

    static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + READY.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("the servers do not find each other");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /** Returns the server that was the master at the start. */
    public RedisProcess master() {
        return master;
    }

    /** Returns the server that was the replica at the start. */
    public RedisProcess replica() {
        return replica;
    }

    /** Returns host:port of each sentinel, with commas between. */
    public String addresses() {
        return sentinels.stream()
                .map(sentinel -> "127.0.0.1:" + sentinel.port())
                .collect(Collectors.joining(","));
    }

    @Override
    public void close() {
        sentinels.forEach(RedisProcess::close);
        replica.close();
        master.close();
    }
}
