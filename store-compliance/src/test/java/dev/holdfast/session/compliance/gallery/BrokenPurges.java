package dev.holdfast.session.compliance.gallery;

import static dev.holdfast.session.compliance.gallery.Broken.store;

import dev.holdfast.session.compliance.StoreUnderTest;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Stores that break P1 to P5 and X1. */
final class BrokenPurges {

    private BrokenPurges() {}

    static List<Broken> stores() {
        return List.of(
                store("purges without a limit", "P1", "limit 3", (backend, clock) -> new SoundStore(backend, clock) {
                    @Override
                    public int purgeExpired(int limit) {
                        return super.purgeExpired(limit < 1 ? limit : Integer.MAX_VALUE);
                    }
                }),
                store(
                        "purges that take any limit",
                        "P1",
                        "limit 0",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public int purgeExpired(int limit) {
                                return super.purgeExpired(Math.max(1, limit));
                            }
                        }),
                // P3 and L4 too: their tests count
                store(
                        "purges that do not count",
                        "L4 P1 P3",
                        "purged of 10",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public int purgeExpired(int limit) {
                                return 0 * super.purgeExpired(limit);
                            }
                        }),
                store("purges by the expiry at creation", "P2", "extended in time", PurgesByCreation::new),
                store("purges that do not look again", "P2", "lives after the purge", PurgesLate::new),
                store("purges that count what others removed", "P3", "of 200", CountsTwice::new),
                store(
                        "purges that look at each record",
                        "P4",
                        "live records",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public int purgeExpired(int limit) {
                                try (Stream<StoredSession> all = store.scan()) {
                                    all.forEach(session -> {
                                        long end = System.nanoTime() + 3_000;
                                        while (System.nanoTime() < end) {
                                            Thread.onSpinWait();
                                        }
                                    });
                                }
                                return super.purgeExpired(limit);
                            }
                        }),
                store("an engine that counts what it expired by itself", "P5", "expires by itself", SoundStore::new)
                        .declaring(StoreUnderTest::expiresByItself),
                store(
                        "a purge that takes never for past",
                        "X1",
                        "after a purge",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public int purgeExpired(int limit) {
                                try (Stream<StoredSession> all = store.scan()) {
                                    all.filter(StoredSession::neverExpires).forEach(old -> store.delete(old.key()));
                                }
                                return super.purgeExpired(limit);
                            }
                        }),
                store("a never that overflows to now", "X1", "never expires", NeverIsNow::new),
                store(
                        "a never that can't be deleted",
                        "X1",
                        "delete of a session that never",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public boolean delete(SessionKey key) {
                                return store.load(key)
                                                .filter(StoredSession::neverExpires)
                                                .isEmpty()
                                        && super.delete(key);
                            }
                        }),
                store(
                        "a never that can't be touched",
                        "X1",
                        "touch of a session that never",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public boolean touch(SessionKey key, Instant lastAccessedAt, Instant expiresAt) {
                                boolean never = store.load(key)
                                        .filter(StoredSession::neverExpires)
                                        .isPresent();
                                return !never && super.touch(key, lastAccessedAt, expiresAt);
                            }
                        }));
    }

    private static void think() {
        LockSupport.parkNanos(50_000);
    }

    private static List<StoredSession> expired(SoundBackend backend, int limit) {
        Instant now = backend.clock.instant();
        return backend.attic.values().stream()
                .filter(session -> session.isExpiredAt(now))
                .limit(Math.max(0, limit))
                .toList();
    }

    /** Trusts an index that a touch does not move. */
    private static final class PurgesByCreation extends SoundStore {

        PurgesByCreation(SoundBackend backend, InstantSource clock) {
            super(backend, clock);
        }

        @Override
        public boolean create(StoredSession session) {
            boolean created = super.create(session);
            if (created) {
                backend.deleted.put(session.key(), session);
            }
            return created;
        }

        @Override
        public int purgeExpired(int limit) {
            int purged = super.purgeExpired(limit);
            for (Map.Entry<SessionKey, StoredSession> entry : backend.deleted.entrySet()) {
                if (entry.getValue().isExpiredAt(backend.clock.instant())
                        && store.load(entry.getKey()).isPresent()) {
                    store.delete(entry.getKey());
                }
            }
            return purged;
        }
    }

    /** Selects what has expired, and removes it a little later, whatever it is by then. */
    private static final class PurgesLate extends SoundStore {

        PurgesLate(SoundBackend backend, InstantSource clock) {
            super(backend, clock);
        }

        @Override
        public int purgeExpired(int limit) {
            if (limit < 1) {
                return super.purgeExpired(limit);
            }
            return write("purgeExpired", HEADER_BYTES, () -> {
                store.load(SessionKey.of("whether this store is open"));
                List<StoredSession> selected = expired(backend, limit);
                think();
                int purged = 0;
                for (StoredSession session : selected) {
                    purged += backend.attic.remove(session.key(), session) ? 1 : 0;
                    store.delete(session.key());
                }
                return purged;
            });
        }
    }

    /** Counts what it has selected, whoever removes it. */
    private static final class CountsTwice extends SoundStore {

        CountsTwice(SoundBackend backend, InstantSource clock) {
            super(backend, clock);
        }

        @Override
        public int purgeExpired(int limit) {
            List<StoredSession> selected = expired(backend, limit);
            think();
            int purged = super.purgeExpired(limit);
            selected.forEach(session -> backend.attic.remove(session.key(), session));
            return Math.max(purged, selected.size());
        }
    }

    /** Adds a second to each expiry it compares, which is too much for the last one there is. */
    private static final class NeverIsNow extends SoundStore {

        NeverIsNow(SoundBackend backend, InstantSource clock) {
            super(backend, clock);
        }

        @Override
        public Optional<StoredSession> load(SessionKey key) {
            return super.load(key).filter(session -> !session.neverExpires());
        }
    }
}
