package dev.holdfast.benchmarks;

import com.hazelcast.map.IMap;
import dev.holdfast.session.spi.StoredSession;
import java.util.concurrent.TimeUnit;

/** The floor of the Hazelcast store: one plain call of the map a verb, with the payload alone as the value. */
final class HazelcastFloor implements Subject {

    private final IMap<String, byte[]> map;
    private final Runnable beneath;

    HazelcastFloor(IMap<String, byte[]> map, Runnable beneath) {
        this.map = map;
        this.beneath = beneath;
        map.clear();
    }

    private static String key(StoredSession session) {
        return session.key().toString();
    }

    private static long millis(StoredSession session) {
        return session.idleTimeout().toMillis();
    }

    @Override
    public Object load(StoredSession session) {
        return map.get(key(session));
    }

    @Override
    public Object update(StoredSession session, long version) {
        map.set(key(session), session.payload().toByteArray(), millis(session), TimeUnit.MILLISECONDS);
        return true;
    }

    @Override
    public Object touch(StoredSession session) {
        return map.setTtl(key(session), millis(session), TimeUnit.MILLISECONDS);
    }

    @Override
    public Object create(StoredSession session) {
        return map.putIfAbsent(key(session), session.payload().toByteArray(), millis(session), TimeUnit.MILLISECONDS)
                == null;
    }

    @Override
    public Object delete(StoredSession session) {
        map.delete(key(session));
        return true;
    }

    /** Does nothing: the cluster removes what has expired. */
    @Override
    public Object purge() {
        return 0;
    }

    @Override
    public void close() {
        map.destroy();
        beneath.run();
    }
}
