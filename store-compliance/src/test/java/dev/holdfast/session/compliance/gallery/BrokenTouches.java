package dev.holdfast.session.compliance.gallery;

import static dev.holdfast.session.compliance.gallery.Broken.store;
import static dev.holdfast.session.spi.UpdateOutcome.APPLIED;

import dev.holdfast.session.spi.Payload;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Stores that break T1 to T5. */
final class BrokenTouches {

    private BrokenTouches() {}

    static List<Broken> stores() {
        return List.of(
                store(
                        "touches that round up to the next millisecond",
                        "T1",
                        "nanoseconds",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public boolean touch(SessionKey key, Instant lastAccessedAt, Instant expiresAt) {
                                return super.touch(
                                        key, lastAccessedAt.plusNanos(999_999), expiresAt.plusNanos(999_999));
                            }
                        }),
                store("touches that forget the principal", "T1", "principal of a touched", ForgetsPrincipal::new),
                store("touches that go back", "T2", "late touch", (backend, clock) -> new Touching(backend, clock) {
                    @Override
                    void older(StoredSession current, Instant lastAccessedAt, Instant expiresAt) {
                        store.delete(current.key());
                        store.create(current.withAccess(lastAccessedAt, expiresAt));
                    }
                }),
                store(
                        "late touches that move the expiry",
                        "T2",
                        "expiresAt of a record after a late",
                        (backend, clock) -> new Touching(backend, clock) {
                            @Override
                            void older(StoredSession current, Instant lastAccessedAt, Instant expiresAt) {
                                store.touch(current.key(), current.lastAccessedAt(), expiresAt);
                            }
                        }),
                store(
                        "late touches that answer false",
                        "T2",
                        "touch that is one second late",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public boolean touch(SessionKey key, Instant lastAccessedAt, Instant expiresAt) {
                                boolean late = store.load(key)
                                        .filter(current -> lastAccessedAt.isBefore(
                                                current.lastAccessedAt().minusMillis(1)))
                                        .isPresent();
                                return super.touch(key, lastAccessedAt, expiresAt) && !late;
                            }
                        }),
                // P2 too: the purge takes what such a touch has promised to keep
                store(
                        "touches of the expired that answer true",
                        "P2 T3",
                        "touch at expiresAt",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public boolean touch(SessionKey key, Instant lastAccessedAt, Instant expiresAt) {
                                return super.touch(key, lastAccessedAt, expiresAt)
                                        || backend.expired(key).isPresent();
                            }
                        }),
                store(
                        "touches that bring back what has expired",
                        "T3",
                        "touch at expiresAt",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public boolean touch(SessionKey key, Instant lastAccessedAt, Instant expiresAt) {
                                StoredSession old = backend.expired(key).orElse(null);
                                return super.touch(key, lastAccessedAt, expiresAt)
                                        || (old != null
                                                && expiresAt.isAfter(clock.instant())
                                                && store.create(old.withAccess(lastAccessedAt, expiresAt)));
                            }
                        }),
                // U5 too: a touch in flight brings back what a delete has removed
                store("touches that bring back what was deleted", "T3 U5", "touch", Resurrecting::new),
                store("updates that lose a touch", "T4", "after a later touch", LosesTouch::new),
                store("updates that lose to a touch", "T4", "updates that survived", LosesUpdate::new),
                store(
                        "touches that rewrite the record",
                        "T5",
                        "bytes written by the touch",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public boolean touch(SessionKey key, Instant lastAccessedAt, Instant expiresAt) {
                                store.load(key)
                                        .ifPresent(old -> backend.bytesWritten.addAndGet(
                                                old.payload().size()));
                                return super.touch(key, lastAccessedAt, expiresAt);
                            }
                        }));
    }

    /** A store with something wrong about touches that come late. */
    private abstract static class Touching extends SoundStore {

        Touching(SoundBackend backend, InstantSource clock) {
            super(backend, clock);
        }

        abstract void older(StoredSession current, Instant lastAccessedAt, Instant expiresAt);

        @Override
        public boolean touch(SessionKey key, Instant lastAccessedAt, Instant expiresAt) {
            store.load(key)
                    .filter(current -> lastAccessedAt.isBefore(current.lastAccessedAt()))
                    .ifPresent(current -> older(current, lastAccessedAt, expiresAt));
            return super.touch(key, lastAccessedAt, expiresAt);
        }
    }

    private static final class ForgetsPrincipal extends Twisted {

        ForgetsPrincipal(SoundBackend backend, InstantSource clock) {
            super(backend, clock);
        }

        @Override
        public boolean touch(SessionKey key, Instant lastAccessedAt, Instant expiresAt) {
            backend.everTouched.add(key);
            return super.touch(key, lastAccessedAt, expiresAt);
        }

        @Override
        public Optional<StoredSession> load(SessionKey key) {
            return super.load(key)
                    .map(session -> backend.everTouched.contains(key) ? withPrincipal(session, null) : session);
        }
    }

    private static final class Resurrecting extends SoundStore {

        Resurrecting(SoundBackend backend, InstantSource clock) {
            super(backend, clock);
        }

        @Override
        public boolean delete(SessionKey key) {
            StoredSession old = backend.attic.get(key);
            boolean deleted = super.delete(key);
            if (old != null && deleted) {
                backend.deleted.put(key, old);
            }
            return deleted;
        }

        @Override
        public boolean create(StoredSession session) {
            backend.deleted.remove(session.key());
            return super.create(session);
        }

        @Override
        public boolean touch(SessionKey key, Instant lastAccessedAt, Instant expiresAt) {
            StoredSession old = backend.deleted.get(key);
            return super.touch(key, lastAccessedAt, expiresAt)
                    || (old != null && store.create(old.withAccess(lastAccessedAt, expiresAt)));
        }
    }

    /** Shows the times that the last update came with, as if the update had written them. */
    private static final class LosesTouch extends Twisted {

        private final Map<SessionKey, StoredSession> updates;

        LosesTouch(SoundBackend backend, InstantSource clock) {
            super(backend, clock);
            updates = backend.deleted;
        }

        @Override
        public boolean create(StoredSession session) {
            updates.remove(session.key());
            return super.create(session);
        }

        @Override
        public UpdateOutcome update(StoredSession session, long expectedVersion) {
            UpdateOutcome outcome = super.update(session, expectedVersion);
            if (outcome == APPLIED) {
                updates.put(session.key(), session);
            }
            return outcome;
        }

        @Override
        public boolean touch(SessionKey key, Instant lastAccessedAt, Instant expiresAt) {
            updates.remove(key);
            return super.touch(key, lastAccessedAt, expiresAt);
        }

        @Override
        public Optional<StoredSession> load(SessionKey key) {
            StoredSession update = updates.get(key);
            return super.load(key)
                    .map(session ->
                            update == null ? session : session.withAccess(update.lastAccessedAt(), update.expiresAt()));
        }
    }

    /** Shows the payload that a touch has read before, as if the touch had written it back over an update's. */
    private static final class LosesUpdate extends Twisted {

        LosesUpdate(SoundBackend backend, InstantSource clock) {
            super(backend, clock);
        }

        @Override
        public boolean touch(SessionKey key, Instant lastAccessedAt, Instant expiresAt) {
            Optional<StoredSession> before = store.load(key);
            LockSupport.parkNanos(50_000);
            boolean touched = super.touch(key, lastAccessedAt, expiresAt);
            Optional<StoredSession> after = store.load(key);
            if (before.isPresent()
                    && after.isPresent()
                    && !Objects.equals(before.get().payload(), after.get().payload())) {
                backend.deleted.put(key, before.get());
            }
            return touched;
        }

        @Override
        public Optional<StoredSession> load(SessionKey key) {
            return super.load(key)
                    .map(session -> backend.deleted.containsKey(key)
                            ? session.withPayload(Payload.copyOf(new byte[] {'0'}))
                            : session);
        }
    }
}
