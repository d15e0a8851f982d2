package dev.holdfast.session.compliance.gallery;

import static dev.holdfast.session.compliance.gallery.Broken.store;

import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.Subscription;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/** Stores that break L2 to L6: a load tells or does what it should not. */
final class BrokenReads {

    private BrokenReads() {}

    static List<Broken> stores() {
        return List.of(
                // L2 too: what has expired must look like what never was
                store(
                        "loads that see what has expired",
                        "L2 L3",
                        "an expired session",
                        (backend, clock) -> new Loading(backend, clock) {
                            @Override
                            Optional<StoredSession> loaded(SessionKey key, Optional<StoredSession> loaded) {
                                return loaded.or(() -> backend.expired(key));
                            }
                        }),
                store(
                        "loads that hold now > expiresAt for expired",
                        "L2 L3",
                        "at its expiresAt",
                        (backend, clock) -> new Loading(backend, clock) {
                            @Override
                            Optional<StoredSession> loaded(SessionKey key, Optional<StoredSession> loaded) {
                                return loaded.or(() -> backend.expired(key)
                                        .filter(old -> old.expiresAt().equals(clock.instant())));
                            }
                        }),
                // U5 too: no load returns what was deleted
                store("a cache that outlives deletes on other nodes", "L6 U5", "deleted", CacheOfTheGone::new),
                store("a cache of what was absent", "L6", "payload of what the other node", CacheOfTheAbsent::new),
                store("loads that touch", "L5", "lastAccessedAt", (backend, clock) -> new Loading(backend, clock) {
                    @Override
                    Optional<StoredSession> loaded(SessionKey key, Optional<StoredSession> loaded) {
                        Instant aMinuteAgo = clock.instant().minusSeconds(60);
                        loaded.filter(old -> old.lastAccessedAt().equals(aMinuteAgo))
                                .ifPresent(old -> touch(key, clock.instant(), old.expiresAt()));
                        return loaded;
                    }
                }),
                store(
                        "loads that extend the time to live",
                        "L5",
                        "loaded before it expired",
                        (backend, clock) -> new Loading(backend, clock) {
                            @Override
                            Optional<StoredSession> loaded(SessionKey key, Optional<StoredSession> loaded) {
                                Instant now = clock.instant();
                                loaded.filter(old -> old.expiresAt().isBefore(now.plusSeconds(5)))
                                        .ifPresent(
                                                old -> touch(key, old.lastAccessedAt(), now.plus(old.idleTimeout())));
                                return loaded;
                            }
                        }),
                store(
                        "records without a checksum",
                        "L4",
                        "of a record",
                        (backend, clock) -> new Loading(backend, clock) {
                            @Override
                            Optional<StoredSession> loaded(SessionKey key, Optional<StoredSession> loaded) {
                                return loaded.or(() -> Optional.ofNullable(backend.damaged.get(key))
                                        .map(RecordBytes::readUnchecked));
                            }
                        }),
                store(
                        "an error for each unreadable record",
                        "L4",
                        "load of",
                        (backend, clock) -> new Loading(backend, clock) {
                            @Override
                            Optional<StoredSession> loaded(SessionKey key, Optional<StoredSession> loaded) {
                                if (backend.damaged.containsKey(key)) {
                                    throw new IllegalArgumentException("the record can't be read");
                                }
                                return loaded;
                            }
                        }),
                store(
                        "a purge that stops at an unreadable record",
                        "L4",
                        "can't be read",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public int purgeExpired(int limit) {
                                if (!backend.damaged.isEmpty()) {
                                    throw new IllegalArgumentException("the record can't be read");
                                }
                                return super.purgeExpired(limit);
                            }
                        }),
                store("an event for each look at an unreadable record", "L4", "reported as unreadable", Nagging::new));
    }

    /** A store with something wrong about its loads. */
    private abstract static class Loading extends SoundStore {

        Loading(SoundBackend backend, InstantSource clock) {
            super(backend, clock);
        }

        abstract Optional<StoredSession> loaded(SessionKey key, Optional<StoredSession> loaded);

        @Override
        public Optional<StoredSession> load(SessionKey key) {
            return loaded(key, super.load(key));
        }
    }

    private static final class CacheOfTheGone extends SoundStore {

        private final Map<SessionKey, StoredSession> cache = new ConcurrentHashMap<>();

        CacheOfTheGone(SoundBackend backend, InstantSource clock) {
            super(backend, clock);
        }

        @Override
        public Optional<StoredSession> load(SessionKey key) {
            Optional<StoredSession> loaded = super.load(key);
            loaded.filter(session -> session.principal() == null).ifPresent(session -> cache.put(key, session));
            return loaded.or(() -> Optional.ofNullable(cache.get(key))
                    .filter(old -> !old.isExpiredAt(backend.clock.instant()) && !backend.damaged.containsKey(key)));
        }

        @Override
        public boolean delete(SessionKey key) {
            cache.remove(key);
            return super.delete(key);
        }
    }

    private static final class CacheOfTheAbsent extends SoundStore {

        private final Set<SessionKey> absent = ConcurrentHashMap.newKeySet();

        CacheOfTheAbsent(SoundBackend backend, InstantSource clock) {
            super(backend, clock);
        }

        @Override
        public Optional<StoredSession> load(SessionKey key) {
            Optional<StoredSession> loaded = absent.contains(key) ? Optional.empty() : super.load(key);
            if (loaded.isEmpty()) {
                absent.add(key);
            }
            return loaded;
        }

        @Override
        public boolean create(StoredSession session) {
            absent.remove(session.key());
            return super.create(session);
        }
    }

    private static final class Nagging extends SoundStore {

        private final Queue<Consumer<SessionKey>> listeners = new ConcurrentLinkedQueue<>();

        Nagging(SoundBackend backend, InstantSource clock) {
            super(backend, clock);
        }

        @Override
        public Optional<StoredSession> load(SessionKey key) {
            if (backend.damaged.containsKey(key)) {
                listeners.forEach(listener -> listener.accept(key));
            }
            return super.load(key);
        }

        @Override
        public Subscription onUnreadable(Consumer<SessionKey> listener) {
            listeners.add(listener);
            return super.onUnreadable(key -> {});
        }
    }
}
