package dev.holdfast.session.compliance.gallery;

import static dev.holdfast.session.compliance.gallery.Broken.store;
import static dev.holdfast.session.spi.UpdateOutcome.APPLIED;
import static dev.holdfast.session.spi.UpdateOutcome.CONFLICT;
import static dev.holdfast.session.spi.UpdateOutcome.GONE;

import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Stores that break C1 to C4, U1 to U6 and D1. */
final class BrokenWrites {

    private BrokenWrites() {}

    static List<Broken> stores() {
        return List.of(
                store(
                        "creates that keep the version they are given",
                        "C1",
                        "version",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public boolean create(StoredSession session) {
                                boolean created = super.create(session);
                                for (long version = 1; created && version < Math.min(session.version(), 9); version++) {
                                    update(session, version);
                                }
                                return created;
                            }
                        }),
                store(
                        "creates that touch the live record they meet",
                        "C2",
                        "lastAccessedAt",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public boolean create(StoredSession session) {
                                return super.create(session) || !touched(session);
                            }

                            private boolean touched(StoredSession session) {
                                touch(session.key(), session.lastAccessedAt(), session.expiresAt());
                                return true;
                            }
                        }),
                store("creates that an expired record blocks", "C3 C4", "old record expires", BlockedCreate::new),
                store(
                        "creates that look before they write",
                        "C4",
                        "told that they won",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public boolean create(StoredSession session) {
                                if (store.load(session.key()).isPresent()) {
                                    return super.create(session);
                                }
                                think();
                                boolean created = super.create(session);
                                if (!created) {
                                    store.delete(session.key());
                                    super.create(session);
                                }
                                return true;
                            }
                        }),
                store("versions in a byte", "U1 U4", "version", ByteVersions::new),
                store(
                        "versions compared as int",
                        "U2",
                        "expecting 4294967298",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public UpdateOutcome update(StoredSession session, long expectedVersion) {
                                int cut = (int) expectedVersion;
                                return super.update(session, cut);
                            }
                        }),
                store(
                        "conflicts that move the times",
                        "U2",
                        "after a conflict",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public UpdateOutcome update(StoredSession session, long expectedVersion) {
                                UpdateOutcome outcome = super.update(session, expectedVersion);
                                if (outcome == CONFLICT) {
                                    touch(session.key(), session.lastAccessedAt(), session.expiresAt());
                                }
                                return outcome;
                            }
                        }),
                store(
                        "updates that insert what never was",
                        "U3",
                        "a session never created",
                        (backend, clock) -> new Updating(backend, clock) {
                            @Override
                            UpdateOutcome gone(StoredSession session, Optional<StoredSession> old) {
                                return old.isEmpty() && !backend.everCreated.contains(session.key()) && create(session)
                                        ? APPLIED
                                        : GONE;
                            }
                        }),
                store(
                        "updates that bring back what has expired",
                        "U3",
                        "at its expiresAt",
                        (backend, clock) -> new Updating(backend, clock) {
                            @Override
                            UpdateOutcome gone(StoredSession session, Optional<StoredSession> old) {
                                return old.filter(past -> past.isExpiredAt(clock.instant()))
                                                        .isPresent()
                                                && create(session)
                                        ? APPLIED
                                        : GONE;
                            }
                        }),
                // U5 and U6 too: an update in flight brings back what a delete has removed
                store(
                        "updates that insert or replace",
                        "U3 U5 U6",
                        "deleted",
                        (backend, clock) -> new Updating(backend, clock) {
                            @Override
                            UpdateOutcome gone(StoredSession session, Optional<StoredSession> old) {
                                return create(session) ? APPLIED : GONE;
                            }
                        }),
                // U4 is what is lost, U6 is why
                store("updates that compare before they write", "U4 U6", "increments", ComparesFirst::new),
                store(
                        "deletes that are always true",
                        "D1",
                        "delete again",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public boolean delete(SessionKey key) {
                                super.delete(key);
                                return true;
                            }
                        }),
                store(
                        "deletes that count the expired",
                        "D1",
                        "at expiresAt",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public boolean delete(SessionKey key) {
                                boolean there = backend.expired(key).isPresent();
                                return super.delete(key) || there;
                            }
                        }),
                store(
                        "deletes that leave the expired where they are",
                        "D1",
                        "left to purge",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public boolean delete(SessionKey key) {
                                return (store.load(key).isPresent() || backend.damaged.containsKey(key))
                                        && super.delete(key);
                            }
                        }),
                store(
                        "deletes that look before they remove",
                        "D1",
                        "told that they removed",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public boolean delete(SessionKey key) {
                                boolean live = store.load(key).isPresent();
                                think();
                                super.delete(key);
                                return live;
                            }
                        }));
    }

    /** What takes a database a millisecond takes these stores a little, too, so that others can come between. */
    private static void think() {
        LockSupport.parkNanos(100_000);
    }

    /** A store with something wrong about updates of what is gone. */
    private abstract static class Updating extends SoundStore {

        Updating(SoundBackend backend, InstantSource clock) {
            super(backend, clock);
        }

        abstract UpdateOutcome gone(StoredSession session, Optional<StoredSession> old);

        @Override
        public boolean create(StoredSession session) {
            backend.everCreated.add(session.key());
            return super.create(session);
        }

        @Override
        public UpdateOutcome update(StoredSession session, long expectedVersion) {
            Optional<StoredSession> old = Optional.ofNullable(backend.attic.get(session.key()));
            UpdateOutcome outcome = super.update(session, expectedVersion);
            return outcome == GONE && !backend.damaged.containsKey(session.key()) ? gone(session, old) : outcome;
        }
    }

    /** Lets an expired record block a create until it is purged. */
    private static final class BlockedCreate extends SoundStore {

        BlockedCreate(SoundBackend backend, InstantSource clock) {
            super(backend, clock);
        }

        @Override
        public boolean create(StoredSession session) {
            session.payload().requireAtMost(SoundBackend.MAX_PAYLOAD);
            return backend.expired(session.key()).isEmpty() && super.create(session);
        }
    }

    /** Counts versions from 1 to 256 and again from 1. */
    private static final class ByteVersions extends Twisted {

        ByteVersions(SoundBackend backend, InstantSource clock) {
            super(backend, clock);
        }

        @Override
        StoredSession shown(StoredSession session) {
            return session.withVersion(inByte(session.version()));
        }

        private static long inByte(long version) {
            return (version - 1) % 256 + 1;
        }

        @Override
        public UpdateOutcome update(StoredSession session, long expectedVersion) {
            Optional<StoredSession> current = store.load(session.key());
            return current.isPresent() && inByte(current.get().version()) == expectedVersion
                    ? super.update(session, current.get().version())
                    : super.update(session, expectedVersion > 256 ? 0 : -1);
        }
    }

    /** Compares the version in one step and writes in the next. */
    private static final class ComparesFirst extends SoundStore {

        ComparesFirst(SoundBackend backend, InstantSource clock) {
            super(backend, clock);
        }

        @Override
        public UpdateOutcome update(StoredSession session, long expectedVersion) {
            Optional<StoredSession> current = store.load(session.key());
            if (current.isEmpty() || current.get().version() != expectedVersion) {
                return super.update(session, expectedVersion);
            }
            think();
            UpdateOutcome outcome;
            do {
                long version =
                        store.load(session.key()).map(StoredSession::version).orElse(expectedVersion);
                outcome = super.update(session, version);
            } while (outcome == CONFLICT);
            return outcome;
        }
    }
}
