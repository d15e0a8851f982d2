package dev.holdfast.session.redis;

import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.SessionStoreProvider;
import dev.holdfast.session.spi.StoreMisconfiguredException;
import dev.holdfast.session.spi.StoreUri;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import redis.clients.jedis.UnifiedJedis;

/**
 * Opens {@code redis://user:password@host:6379/0} and, with TLS, {@code rediss://…}; several nodes of a Cluster as
 * {@code redis://host1:6379,host2:6379?topology=cluster}, sentinels as
 * {@code redis://host1:26379,host2:26379/0?topology=sentinel&master=name}. Nothing is connected before the first verb,
 * except where sentinels or nodes are asked who the masters are.
 *
 * <p>Settings: {@code prefix}, {@code maxPayload} (bytes), {@code timeoutMillis} (to connect, and for each reply),
 * {@code poolSize}, {@code poolWaitMillis}, {@code marginMillis}, {@code replicas} with {@code replicaMillis},
 * {@code eventMillis} (turns events on, and is the worst delay of a change), {@code resp=resp2|resp3}.
 */
public final class RedisSessionStoreProvider implements SessionStoreProvider {

    static final int REPLICA_MILLIS = 100;

    private static final int HOUR = 3_600_000;

    @Override
    public Set<String> schemes() {
        return Set.of("redis", "rediss");
    }

    @Override
    public String example() {
        return "redis://user:password@localhost:6379/0";
    }

    @Override
    public SessionStore open(URI uri) {
        StoreUri settings = StoreUri.parse(uri, Clients.SETTINGS);
        UnifiedJedis client = Clients.open(uri, settings);
        try {
            return store(client, settings);
        } catch (RuntimeException e) {
            client.close();
            throw e;
        }
    }

    private static SessionStore store(UnifiedJedis client, StoreUri settings) {
        RedisSessionStore.Builder builder = RedisSessionStore.builder(client)
                .owning(client)
                .maxPayloadBytes(settings.integer(
                        "maxPayload",
                        0,
                        RedisSessionStore.Builder.MOST_PAYLOAD_BYTES,
                        RedisSessionStore.DEFAULT_MAX_PAYLOAD_BYTES))
                .expiryMargin(Duration.ofMillis(settings.integer("marginMillis", 0, Integer.MAX_VALUE, 30_000)))
                .replicas(
                        settings.integer("replicas", 0, 100, 0),
                        Duration.ofMillis(settings.integer("replicaMillis", 1, HOUR, REPLICA_MILLIS)));
        int eventMillis = settings.integer("eventMillis", 10, HOUR, 0);
        if (eventMillis > 0) {
            builder.events(Duration.ofMillis(eventMillis));
        }
        String prefix = settings.text("prefix");
        try {
            return (prefix == null ? builder : builder.keyPrefix(prefix)).build();
        } catch (IllegalArgumentException e) {
            throw new StoreMisconfiguredException(
                    "the setting 'prefix' of the redis: URI must be 1 to 100 letters, digits and characters of .:_-",
                    e);
        }
    }
}
