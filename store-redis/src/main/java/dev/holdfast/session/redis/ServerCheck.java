package dev.holdfast.session.redis;

import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoreMisconfiguredException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.KeyValue;

/**
 * Looks once, before the first verb, what kind of server this is, and warns of set-ups that lose sessions. A user that may
 * not ask is not refused. Until a server is reached nothing is decided.
 */
final class ServerCheck {

    private static final System.Logger LOG = System.getLogger(RedisSessionStore.class.getName());

    private final Server server;
    private final byte[] anyKey;
    private final KeySpace keys;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean passed;
    private volatile boolean cluster;

    ServerCheck(Server server, KeySpace keys) {
        this.server = server;
        this.keys = keys;
        this.anyKey = keyOf(0);
    }

    private byte[] keyOf(int part) {
        byte[] sessionKey = new byte[SessionKey.BYTES];
        sessionKey[0] = (byte) (part << 2);
        return keys.record(sessionKey);
    }

    /** Returns whether keys of different parts may lie on different nodes. */
    boolean isCluster() {
        return cluster;
    }

    void passOnce(String verb) {
        if (passed) {
            return;
        }
        lock.lock();
        try {
            if (!passed) {
                pass(verb);
                passed = true;
            }
        } finally {
            lock.unlock();
        }
    }

    private void pass(String verb) {
        Map<String, String> info;
        try {
            info = server.read(
                    verb,
                    () -> ask(Command.INFO)
                            .lines()
                            .map(line -> line.split(":", 2))
                            .filter(pair -> pair.length == 2)
                            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1], (first, second) -> first)));
        } catch (StoreMisconfiguredException e) {
            if (String.valueOf(e.getCause()).contains("NOPERM")) {
                LOG.log(System.Logger.Level.DEBUG, "the user may not ask for INFO, so the server is not checked");
                return;
            }
            throw e;
        }
        if ("slave".equals(info.get("role"))) {
            throw new StoreMisconfiguredException(
                    "the Redis that the store was given is a replica, which may be behind and takes no writes: name its"
                            + " master, or the sentinels (topology=sentinel)");
        }
        cluster = "1".equals(info.get("cluster_enabled"));
        String policy = info.getOrDefault("maxmemory_policy", "noeviction");
        if (!policy.equals("noeviction")) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Redis is set to throw sessions away when its memory is full (maxmemory-policy {0}): users will be"
                            + " logged out at random, and a list of a user''s sessions may miss some. Set"
                            + " maxmemory-policy noeviction.",
                    policy);
        }
        if ("0".equals(info.get("aof_enabled")) && !savesSnapshots()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Redis keeps sessions in memory only: a restart logs everybody out. Set appendonly yes if they are to"
                            + " survive.");
        }
    }

    private boolean savesSnapshots() {
        try {
            Object reply = server.send(anyKey, Command.CONFIG, Server.ascii("GET"), Server.ascii("save"));
            Object first = reply instanceof List<?> list && !list.isEmpty() ? list.get(0) : reply;
            Object value = first instanceof KeyValue<?, ?> pair ? pair.getValue() : ((List<?>) reply).get(1);
            return ((byte[]) value).length > 0;
        } catch (JedisException | ClassCastException | IndexOutOfBoundsException e) {
            // managed servers don't say, and do save
            return true;
        }
    }

    private String ask(Command command) {
        return new String((byte[]) server.send(anyKey, command, new byte[0][]), StandardCharsets.UTF_8);
    }

    /** Returns a key of each master, by which commands find it. */
    Collection<byte[]> keyOfEachMaster() {
        if (!cluster) {
            return List.of(anyKey);
        }
        Map<String, byte[]> keyByNode = new LinkedHashMap<>();
        for (int part = 0; part < KeySpace.PARTS; part++) {
            byte[] key = keyOf(part);
            Object id = server.read("scan", () -> server.send(key, Command.CLUSTER, Server.ascii("MYID")));
            keyByNode.putIfAbsent(new String((byte[]) id, StandardCharsets.US_ASCII), key);
        }
        return new ArrayList<>(keyByNode.values());
    }
}
