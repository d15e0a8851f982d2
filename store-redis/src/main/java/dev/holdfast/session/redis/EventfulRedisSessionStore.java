package dev.holdfast.session.redis;

import dev.holdfast.session.spi.ChangeFeed;
import dev.holdfast.session.spi.ExpiryEvents;
import dev.holdfast.session.spi.KeyListeners;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.Subscription;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;

/** The store whose writes also note when sessions expire and which have changed. */
final class EventfulRedisSessionStore extends RedisSessionStore implements ExpiryEvents, ChangeFeed {

    private static final int SWEPT_AT_ONCE = 10_000;

    private final KeyListeners expired = new KeyListeners(RedisSessionStore.class);
    private final ExpirySweep sweep;
    private final ChangeWatch changes;
    private final Duration changeDelay;

    EventfulRedisSessionStore(Builder builder, Duration changeDelay) {
        super(builder);
        this.changeDelay = changeDelay;
        sweep = new ExpirySweep(server, keys, clock, key -> load(key).isPresent());
        changes = new ChangeWatch(
                server, keys, changeDelay, () -> sweep.sweep(SWEPT_AT_ONCE, expired), () -> !expired.isEmpty());
    }

    /** {@inheritDoc} Answers 0, and tells the listeners of this instance which sessions have expired. */
    @Override
    public int purgeExpired(int limit) {
        int none = super.purgeExpired(limit);
        if (!expired.isEmpty()) {
            call("purge", () -> sweep.sweep(limit, expired));
        }
        return none;
    }

    @Override
    public Subscription onExpired(Consumer<SessionKey> listener) {
        requireOpen();
        Subscription subscription = expired.add(Objects.requireNonNull(listener));
        changes.start();
        return subscription;
    }

    /** {@inheritDoc} It takes no purge: a listening instance looks by itself. */
    @Override
    public Duration worstExpiryDelay() {
        return changeDelay;
    }

    @Override
    public Subscription onChange(Consumer<SessionKey> listener) {
        requireOpen();
        return changes.add(Objects.requireNonNull(listener));
    }

    @Override
    public Duration worstDelay() {
        return changeDelay;
    }

    @Override
    public void close() {
        changes.close();
        expired.clear();
        super.close();
    }
}
