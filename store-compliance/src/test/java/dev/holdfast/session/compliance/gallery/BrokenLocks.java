package dev.holdfast.session.compliance.gallery;

import static dev.holdfast.session.compliance.gallery.Broken.store;

import dev.holdfast.session.memory.MemorySessionStore;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionLocking.Lock;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Stores that break K1 to K4. */
final class BrokenLocks {

    private BrokenLocks() {}

    static List<Broken> stores() {
        return List.of(
                store("a lock for each node", "K1", "a second holder", LocalLocks::new),
                store(
                        "a lock that anybody releases",
                        "K1",
                        "a second holder after",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public Optional<Lock> lock(SessionKey key, Duration wait, Duration lease) {
                                return super.lock(key, wait, lease).map(lock -> {
                                    backend.holders.put(key, lock);
                                    return new Lock() {
                                        @Override
                                        public boolean renew(Duration later) {
                                            return lock.renew(later);
                                        }

                                        @Override
                                        public void close() {
                                            Objects.requireNonNull(backend.holders.get(key))
                                                    .close();
                                        }
                                    };
                                });
                            }
                        }),
                store(
                        "a lock without a lease",
                        "K2",
                        "whose lease has ended",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public Optional<Lock> lock(SessionKey key, Duration wait, Duration lease) {
                                return super.lock(key, wait, lease.plusDays(365));
                            }
                        }),
                store(
                        "renewals that always succeed",
                        "K1 K2",
                        "renewal",
                        (backend, clock) ->
                                // K1 too: who has released a lock believes to hold it
                                new SoundStore(backend, clock) {
                                    @Override
                                    public Optional<Lock> lock(SessionKey key, Duration wait, Duration lease) {
                                        return super.lock(key, wait, lease).map(lock -> new Lock() {
                                            @Override
                                            public boolean renew(Duration later) {
                                                lock.renew(later);
                                                return true;
                                            }

                                            @Override
                                            public void close() {
                                                lock.close();
                                            }
                                        });
                                    }
                                }),
                store(
                        "renewals that do nothing",
                        "K2",
                        "after the first lease",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public Optional<Lock> lock(SessionKey key, Duration wait, Duration lease) {
                                return super.lock(key, wait, lease).map(lock -> new Lock() {
                                    @Override
                                    public boolean renew(Duration later) {
                                        return lock.renew(lease);
                                    }

                                    @Override
                                    public void close() {
                                        lock.close();
                                    }
                                });
                            }
                        }),
                store(
                        "a lock that stands in for the version",
                        "K3",
                        "past its lease",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            private volatile boolean locked;

                            @Override
                            public Optional<Lock> lock(SessionKey key, Duration wait, Duration lease) {
                                Optional<Lock> lock = super.lock(key, wait, lease);
                                locked |= lock.isPresent() && wait.compareTo(Duration.ofSeconds(20)) == 0;
                                return lock;
                            }

                            @Override
                            public UpdateOutcome update(StoredSession session, long expectedVersion) {
                                long version = locked
                                        ? store.load(session.key())
                                                .map(StoredSession::version)
                                                .orElse(expectedVersion)
                                        : expectedVersion;
                                return super.update(session, version);
                            }
                        }),
                store(
                        "waits that are too long",
                        "K4",
                        "wait for at most",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public Optional<Lock> lock(SessionKey key, Duration wait, Duration lease) {
                                return super.lock(key, wait.multipliedBy(25), lease);
                            }
                        }),
                store(
                        "no wait at all",
                        "K1 K4",
                        "lock that is free",
                        (backend, clock) ->
                                // K1 too: of 8 threads 7 never get in
                                new SoundStore(backend, clock) {
                                    @Override
                                    public Optional<Lock> lock(SessionKey key, Duration wait, Duration lease) {
                                        return super.lock(key, Duration.ZERO, lease);
                                    }
                                }),
                store(
                        "waits that take an interrupt away",
                        "K4",
                        "still interrupted",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public Optional<Lock> lock(SessionKey key, Duration wait, Duration lease) {
                                Optional<Lock> lock = super.lock(key, wait, lease);
                                return lock.isEmpty() && Thread.interrupted() ? Optional.empty() : lock;
                            }
                        }));
    }

    private static final class LocalLocks extends SoundStore {

        private final MemorySessionStore locks;

        LocalLocks(SoundBackend backend, InstantSource clock) {
            super(backend, clock);
            locks = MemorySessionStore.builder().clock(clock).build();
        }

        @Override
        public Optional<Lock> lock(SessionKey key, Duration wait, Duration lease) {
            super.lock(SessionKey.of("another"), Duration.ZERO, lease).ifPresent(Lock::close);
            return locks.lock(key, wait, lease);
        }
    }
}
