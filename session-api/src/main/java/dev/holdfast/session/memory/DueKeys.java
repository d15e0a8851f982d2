package dev.holdfast.session.memory;

import dev.holdfast.session.spi.SessionKey;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.ToLongFunction;

/**
 * The keys by the time they are due, so that a purge looks only at what has become due.
 *
 * <p>Keys queue in buckets of about sixteen seconds. A touch does not move its key, which would cost each request; the
 * purge that finds the session alive moves it once to where it is due now. So a key stands here at least once as long as
 * its session lives, and is looked at about once per idle timeout.
 */
final class DueKeys {

    /** A judgement on a due key: there is no such session. */
    static final long DONE = Long.MIN_VALUE;

    /** A judgement on a due key: the session was removed just now. */
    static final long REMOVED = Long.MIN_VALUE + 1;

    private static final int BUCKET_BITS = 14;

    private final ConcurrentNavigableMap<Long, Queue<SessionKey>> buckets = new ConcurrentSkipListMap<>();

    void add(SessionKey key, long dueAt) {
        if (dueAt == Long.MAX_VALUE) {
            return;
        }
        Long bucket = dueAt >> BUCKET_BITS;
        while (true) {
            Queue<SessionKey> queue = buckets.get(bucket);
            if (queue == null) {
                queue = buckets.computeIfAbsent(bucket, any -> new ConcurrentLinkedQueue<>());
            }
            queue.add(key);
            // a drainer takes the bucket out first and empties it then: still there means that it will be seen
            if (buckets.get(bucket) == queue) {
                return;
            }
        }
    }

    /**
     * Judges keys that are due until {@code limit} were removed or none is left.
     *
     * @param judge answers {@link #DONE}, {@link #REMOVED}, or when the key is due instead
     * @return how many were removed
     */
    int drain(long now, int limit, ToLongFunction<SessionKey> judge) {
        int removed = 0;
        Deque<Later> later = new ArrayDeque<>();
        while (removed < limit) {
            var bucket = buckets.firstEntry();
            if (bucket == null || bucket.getKey() > now >> BUCKET_BITS) {
                break;
            }
            if (!buckets.remove(bucket.getKey(), bucket.getValue())) {
                continue;
            }
            Queue<SessionKey> queue = bucket.getValue();
            while (removed < limit) {
                SessionKey key = queue.poll();
                if (key == null) {
                    break;
                }
                long judgement = judge.applyAsLong(key);
                if (judgement == REMOVED) {
                    removed++;
                } else if (judgement != DONE) {
                    later.add(new Later(key, judgement));
                }
            }
            if (!queue.isEmpty() && buckets.putIfAbsent(bucket.getKey(), queue) != null) {
                queue.forEach(key -> add(key, bucket.getKey() << BUCKET_BITS));
            }
        }
        later.forEach(item -> add(item.key, item.dueAt));
        return removed;
    }

    private record Later(SessionKey key, long dueAt) {}
}
