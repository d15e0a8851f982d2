package dev.holdfast.session.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.SessionStoreProvider;
import dev.holdfast.session.spi.StoreUri;
import java.net.URI;
import java.time.Duration;
import java.util.Set;

/**
 * Opens {@code hazelcast:} URIs. With hosts, as in {@code hazelcast://host1:5701,host2:5701?cluster=name}, by a client;
 * without, as in {@code hazelcast:?cluster=name&address=10.0.0.1&members=10.0.0.1,10.0.0.2}, by a member in this JVM, which
 * listens on {@code address} only, the loopback one unless set, and joins {@code members} over TCP.
 *
 * <p>Settings: {@code cluster} (dev), {@code map} (holdfast.sessions), {@code timeoutMillis} (5000), {@code maxPayload} in
 * bytes, {@code tombstoneMinutes} (60); of a member {@code address}, {@code port} (5701, or the next that is free),
 * {@code members} and {@code backups} (1).
 */
public final class HazelcastSessionStoreProvider implements SessionStoreProvider {

    private static final int MOST_TOMBSTONE_MINUTES = 100_000;

    /** For {@link java.util.ServiceLoader}. */
    public HazelcastSessionStoreProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("hazelcast");
    }

    @Override
    public String example() {
        return "hazelcast://localhost:5701?cluster=dev";
    }

    @Override
    public SessionStore open(URI uri) {
        StoreUri settings = StoreUri.parse(uri, Instances.SETTINGS);
        String map = settings.text("map");
        String mapName = map == null || map.isEmpty() ? SessionMaps.DEFAULT_NAME : map;
        int maxPayload =
                settings.integer("maxPayload", 0, Integer.MAX_VALUE, HazelcastSessionStore.DEFAULT_MAX_PAYLOAD_BYTES);
        Duration tombstones = Duration.ofMinutes(settings.integer("tombstoneMinutes", 0, MOST_TOMBSTONE_MINUTES, (int)
                HazelcastSessionStore.DEFAULT_TOMBSTONES.toMinutes()));
        HazelcastInstance hazelcast = Instances.open(settings, mapName);
        return HazelcastSessionStore.builder(hazelcast)
                .owned()
                .mapName(mapName)
                .maxPayloadBytes(maxPayload)
                .tombstones(tombstones)
                .build();
    }
}
