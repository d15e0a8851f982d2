package dev.holdfast.session.jdbc;

import dev.holdfast.session.spi.ExpiryEvents;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.Subscription;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;

/** The store whose purges note what they remove, so that any instance can tell of it. */
final class EventfulJdbcSessionStore extends JdbcSessionStore implements ExpiryEvents {

    private final ExpiryWatch watch;
    private final Duration delay;

    EventfulJdbcSessionStore(Builder builder, Duration delay) {
        super(builder);
        this.delay = delay;
        watch = new ExpiryWatch(database, delay);
    }

    @Override
    public Subscription onExpired(Consumer<SessionKey> listener) {
        database.requireOpen();
        return watch.add(Objects.requireNonNull(listener));
    }

    /** {@inheritDoc} It counts from the purge. */
    @Override
    public Duration worstExpiryDelay() {
        return delay;
    }

    @Override
    public void close() {
        watch.close();
        super.close();
    }
}
