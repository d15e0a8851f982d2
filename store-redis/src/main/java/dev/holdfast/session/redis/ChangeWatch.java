package dev.holdfast.session.redis;

import dev.holdfast.session.spi.KeyListeners;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionStoreException;
import dev.holdfast.session.spi.Subscription;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.params.ZRangeParams;
import redis.clients.jedis.resps.Tuple;

/**
 * Reads what has changed, from a sorted set in each part that holds the keys written in the last five minutes by the time
 * of the server. It reads again what is up to five seconds old, since another master's clock may be behind, and tells of
 * what it has not told at that time. A lost connection loses nothing: what was missed is read when there is one again.
 */
final class ChangeWatch {

    private static final System.Logger LOG = System.getLogger(RedisSessionStore.class.getName());
    private static final double OVERLAP_MILLIS = 5000;

    private final Server server;
    private final List<byte[]> indexes;
    private final Duration period;
    private final Runnable expiries;
    private final BooleanSupplier wanted;
    private final KeyListeners listeners = new KeyListeners(RedisSessionStore.class);
    private final ReentrantLock lock = new ReentrantLock();
    private final double[] latest = new double[KeySpace.PARTS];
    private final List<Map<SessionKey, Double>> told = IntStream.range(0, KeySpace.PARTS)
            .<Map<SessionKey, Double>>mapToObj(part -> new HashMap<>())
            .toList();
    private volatile boolean closed;

    private volatile @Nullable Thread thread;

    /**
     * @param expiries what to do each time besides
     * @param wanted whether that is wanted
     */
    ChangeWatch(Server server, KeySpace keys, Duration worstDelay, Runnable expiries, BooleanSupplier wanted) {
        this.expiries = expiries;
        this.wanted = wanted;
        this.server = server;
        this.period = worstDelay.dividedBy(2);
        this.indexes = IntStream.range(0, KeySpace.PARTS)
                .mapToObj(part -> keys.index(part, 'c'))
                .toList();
    }

    Subscription add(Consumer<SessionKey> listener) {
        Subscription subscription = listeners.add(listener);
        start();
        return subscription;
    }

    /** Starts the thread, unless it runs. */
    void start() {
        lock.lock();
        try {
            if (thread == null && !closed) {
                Thread started = new Thread(this::watch, "holdfast-redis-events");
                started.setDaemon(true);
                thread = started;
                started.start();
            }
        } finally {
            lock.unlock();
        }
    }

    void close() {
        closed = true;
        listeners.clear();
        Thread running = thread;
        if (running != null) {
            LockSupport.unpark(running);
        }
    }

    private void watch() {
        while (!isDone()) {
            try {
                if (!listeners.isEmpty()) {
                    look();
                }
                if (wanted.getAsBoolean()) {
                    expiries.run();
                }
            } catch (SessionStoreException | IllegalStateException e) {
                LOG.log(System.Logger.Level.DEBUG, "what happened to sessions can't be read just now", e);
            }
            LockSupport.parkNanos(period.toNanos());
        }
    }

    private boolean isDone() {
        lock.lock();
        try {
            boolean done = closed || (listeners.isEmpty() && !wanted.getAsBoolean());
            if (done) {
                thread = null;
            }
            return done;
        } finally {
            lock.unlock();
        }
    }

    private void look() {
        List<Integer> parts = IntStream.range(0, KeySpace.PARTS).boxed().toList();
        List<Optional<List<Tuple>>> changes = server.readAll(
                "read changes",
                parts,
                (pipeline, part) -> pipeline.zrangeWithScores(indexes.get(part), since(part)),
                part -> server.jedis.zrangeWithScores(indexes.get(part), since(part)));
        for (int part = 0; part < changes.size(); part++) {
            double from = from(part);
            Map<SessionKey, Double> before = told.get(part);
            for (Tuple change : changes.get(part).orElse(List.of())) {
                SessionKey key = SessionKey.ofBytes(change.getBinaryElement());
                Double last = before.put(key, change.getScore());
                latest[part] = Math.max(latest[part], change.getScore());
                if (last == null || last != change.getScore()) {
                    listeners.tell(key);
                }
            }
            before.values().removeIf(score -> score < from);
        }
    }

    private ZRangeParams since(int part) {
        return ZRangeParams.zrangeByScoreParams(from(part), Double.MAX_VALUE);
    }

    private double from(int part) {
        return Math.max(0, latest[part] - OVERLAP_MILLIS);
    }
}
