package dev.holdfast.session.hazelcast;

import com.hazelcast.core.EntryEvent;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.map.listener.EntryEvictedListener;
import com.hazelcast.map.listener.EntryExpiredListener;
import com.hazelcast.map.listener.EntryRemovedListener;
import com.hazelcast.map.listener.EntryUpdatedListener;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import dev.holdfast.session.spi.KeyListeners;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionStoreException;
import dev.holdfast.session.spi.Subscription;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Listeners to the map, which the members call when it has changed: each subscription is one of them. */
final class MapEvents implements AutoCloseable {

    private final Records records;
    private final Set<UUID> registrations = ConcurrentHashMap.newKeySet();

    MapEvents(Records records) {
        this.records = records;
    }

    Subscription onChange(Consumer<SessionKey> listener) {
        return listen(new Watch(false, listener));
    }

    Subscription onExpired(Consumer<SessionKey> listener) {
        return listen(new Watch(true, listener));
    }

    private Subscription listen(Watch watch) {
        UUID registration = Failures.reading("listen", () -> records.map().addEntryListener(watch, watch.expiriesOnly));
        registrations.add(registration);
        return () -> leave(registration);
    }

    private void leave(UUID registration) {
        if (registrations.remove(registration)) {
            try {
                Failures.reading("stop listening", () -> records.map().removeEntryListener(registration));
            } catch (SessionStoreException | HazelcastInstanceNotActiveException e) {
                // with the connection the listener is gone
            }
        }
    }

    @Override
    public void close() {
        registrations.forEach(this::leave);
    }

    /** Tells of each entry that changed, or of each whose session had expired when it was removed or replaced. */
    private final class Watch
            implements EntryUpdatedListener<String, Object>,
                    EntryRemovedListener<String, Object>,
                    EntryEvictedListener<String, Object>,
                    EntryExpiredListener<String, Object> {

        private final boolean expiriesOnly;
        private final KeyListeners listener = new KeyListeners(HazelcastSessionStore.class);

        Watch(boolean expiriesOnly, Consumer<SessionKey> listener) {
            this.expiriesOnly = expiriesOnly;
            this.listener.add(listener);
        }

        private void look(EntryEvent<String, Object> event) {
            SessionKey key = Entries.sessionKey(event.getKey());
            if (key != null && (!expiriesOnly || hadExpired(key, event))) {
                listener.tell(key);
            }
        }

        /** Events come late, so what counts is when it was removed, not when that is told. */
        private boolean hadExpired(SessionKey key, EntryEvent<String, Object> event) {
            Body old;
            Body next;
            try {
                old = Entries.body(key, event.getOldValue());
                next = Entries.body(key, event.getValue());
            } catch (HazelcastSerializationException e) {
                return false;
            }
            if (old == null || old.kind() != Body.Kind.SESSION) {
                return false;
            }
            if (next == null) {
                return old.hasEnded(records.clock.millis());
            }
            return switch (next.kind()) {
                case TOMBSTONE -> old.hasEnded(next.lastAccessedAt());
                case SESSION -> next.version() == 1 && next.writeId() != old.writeId();
                case LOCK -> false;
            };
        }

        @Override
        public void entryUpdated(EntryEvent<String, Object> event) {
            look(event);
        }

        @Override
        public void entryRemoved(EntryEvent<String, Object> event) {
            look(event);
        }

        @Override
        public void entryEvicted(EntryEvent<String, Object> event) {
            look(event);
        }

        @Override
        public void entryExpired(EntryEvent<String, Object> event) {
            look(event);
        }
    }
}
