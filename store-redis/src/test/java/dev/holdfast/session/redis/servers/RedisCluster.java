package dev.holdfast.session.redis.servers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** A cluster of masters that share the slots evenly. */
public final class RedisCluster implements AutoCloseable {

    private static final Duration READY = Duration.ofSeconds(30);
    private static final int SLOTS = 16_384;

    private final List<RedisProcess> masters = new ArrayList<>();

    private RedisCluster() {}

    /** Starts so many masters. */
    public static RedisCluster start(RedisVersion version, int count) {
        RedisCluster cluster = new RedisCluster();
        for (int i = 0; i < count; i++) {
            RedisProcess master = RedisProcess.start(
                    version, "--cluster-enabled", "yes", "--cluster-node-timeout", "5000", "--appendonly", "no");
            cluster.masters.add(master);
            master.call("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
            master.call(
                    "CLUSTER",
                    "ADDSLOTSRANGE",
                    Integer.toString(SLOTS * i / count),
                    Integer.toString(SLOTS * (i + 1) / count - 1));
            if (i > 0) {
                master.call(
                        "CLUSTER",
                        "MEET",
                        "127.0.0.1",
                        Integer.toString(cluster.masters.get(0).port()));
            }
        }
        cluster.awaitReady();
        return cluster;
    }

    private void awaitReady() {
        long end = System.nanoTime() + READY.toNanos();
        while (!masters.stream().allMatch(this::isReady)) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("the cluster does not form");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private boolean isReady(RedisProcess master) {
        String info = String.valueOf(master.call("CLUSTER", "INFO"));
        return info.contains("cluster_state:ok") && info.contains("cluster_size:" + masters.size());
    }

    /** Returns the masters. */
    public List<RedisProcess> masters() {
        return List.copyOf(masters);
    }

    /** Moves a slot and its keys to another master, as {@code redis-cli --cluster reshard} does. */
    public void moveSlot(int slot, RedisProcess target) {
        RedisProcess source = masters.stream()
                .filter(master -> owns(master, slot))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("nobody has slot " + slot));
        if (source == target) {
            return;
        }
        String number = Integer.toString(slot);
        target.call("CLUSTER", "SETSLOT", number, "IMPORTING", id(source));
        source.call("CLUSTER", "SETSLOT", number, "MIGRATING", id(target));
        List<String> keys = source.keysInSlot(slot);
        for (String key : keys) {
            source.migrate(key, target.port());
        }
        for (RedisProcess master : List.of(target, source)) {
            master.call("CLUSTER", "SETSLOT", number, "NODE", id(target));
        }
        masters.stream()
                .filter(master -> master != source && master != target)
                .forEach(master -> master.call("CLUSTER", "SETSLOT", number, "NODE", id(target)));
    }

    private static String id(RedisProcess master) {
        return String.valueOf(master.call("CLUSTER", "MYID"));
    }

    private static boolean owns(RedisProcess master, int slot) {
        for (String line : String.valueOf(master.call("CLUSTER", "NODES")).split("\n", -1)) {
            if (line.contains("myself")) {
                String[] words = line.split(" ", -1);
                for (int i = 8; i < words.length; i++) {
                    String[] range = words[i].split("-", -1);
                    if (!words[i].startsWith("[")
                            && Integer.parseInt(range[0]) <= slot
                            && slot <= Integer.parseInt(range[range.length - 1])) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** Returns host:port of each master, with commas between. */
    public String addresses() {
        return masters.stream().map(master -> "127.0.0.1:" + master.port()).collect(Collectors.joining(","));
    }

    @Override
    public void close() {
        masters.forEach(RedisProcess::close);
    }
}
