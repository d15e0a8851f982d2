package dev.holdfast.session.compliance.gallery;

import static dev.holdfast.session.compliance.gallery.Broken.store;
import static dev.holdfast.session.spi.UpdateOutcome.APPLIED;

import dev.holdfast.session.spi.OutcomeUnknownException;
import dev.holdfast.session.spi.Payload;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoreUnavailableException;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Stores that break F1 to F3 and Z1. */
final class BrokenFaults {

    private BrokenFaults() {}

    static List<Broken> stores() {
        return List.of(
                store(
                        "errors that are swallowed as empty",
                        "F1",
                        "must fail, not answer",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public Optional<StoredSession> load(SessionKey key) {
                                return backend.down ? Optional.empty() : super.load(key);
                            }
                        }),
                // F2 too: it was not applied
                store(
                        "false success",
                        "F1 F2",
                        "must fail, not answer",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public UpdateOutcome update(StoredSession session, long expectedVersion) {
                                session.payload().requireAtMost(SoundBackend.MAX_PAYLOAD);
                                return backend.down ? APPLIED : super.update(session, expectedVersion);
                            }
                        }),
                store(
                        "a driver's own exceptions",
                        "F1",
                        "load while",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public Optional<StoredSession> load(SessionKey key) {
                                if (backend.down) {
                                    throw new UnsupportedOperationException("SQLSTATE 08001");
                                }
                                return super.load(key);
                            }
                        }),
                store("loads that hang", "F1", "time of load", (backend, clock) -> new SoundStore(backend, clock) {
                    @Override
                    public Optional<StoredSession> load(SessionKey key) {
                        if (backend.down) {
                            LockSupport.parkNanos(1_500_000_000);
                        }
                        return super.load(key);
                    }
                }),
                store(
                        "lost replies taken for failures",
                        "F2",
                        "update was applied",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public UpdateOutcome update(StoredSession session, long expectedVersion) {
                                try {
                                    return super.update(session, expectedVersion);
                                } catch (OutcomeUnknownException e) {
                                    throw new StoreUnavailableException("update", e);
                                }
                            }
                        }),
                store("blind retries", "F2", "delete was applied", (backend, clock) -> new SoundStore(backend, clock) {
                    @Override
                    public boolean delete(SessionKey key) {
                        try {
                            return super.delete(key);
                        } catch (OutcomeUnknownException e) {
                            return store.delete(key);
                        }
                    }
                }),
                store("no recovery", "F3", "answer to a load within", NeverRecovers::new),
                store("acknowledged records that an outage loses", "F3", "record acknowledged before", Forgets::new),
                store(
                        "payloads cut to the limit",
                        "Z1",
                        "with a byte too much",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public boolean create(StoredSession session) {
                                return super.create(cut(session));
                            }

                            @Override
                            public UpdateOutcome update(StoredSession session, long expectedVersion) {
                                return super.update(cut(session), expectedVersion);
                            }

                            private StoredSession cut(StoredSession session) {
                                return session.payload().size() <= SoundBackend.MAX_PAYLOAD
                                        ? session
                                        : session.withPayload(Payload.wrap(Arrays.copyOf(
                                                session.payload().toByteArray(), SoundBackend.MAX_PAYLOAD)));
                            }
                        }),
                store(
                        "a refusal of its own for large payloads",
                        "Z1",
                        "with a byte too much",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public boolean create(StoredSession session) {
                                if (session.payload().size() > SoundBackend.MAX_PAYLOAD) {
                                    throw new IllegalArgumentException("value too long for type");
                                }
                                return super.create(session);
                            }
                        }),
                store(
                        "a limit that is one byte short",
                        "Z1",
                        "limit in the refusal",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public boolean create(StoredSession session) {
                                session.payload().requireAtMost(SoundBackend.MAX_PAYLOAD - 1);
                                return super.create(session);
                            }
                        }),
                store(
                        "a size that the server checks",
                        "Z1",
                        "create while",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public boolean create(StoredSession session) {
                                return read("create", () -> super.create(session));
                            }
                        }));
    }

    /** Has one connection, which it does not open again. */
    private static final class NeverRecovers extends SoundStore {

        private volatile boolean broken;

        NeverRecovers(SoundBackend backend, InstantSource clock) {
            super(backend, clock);
        }

        @Override
        public Optional<StoredSession> load(SessionKey key) {
            broken |= backend.down;
            if (broken) {
                throw new StoreUnavailableException("load", null);
            }
            return super.load(key);
        }
    }

    /** Loses what it has acknowledged when the server goes down. */
    private static final class Forgets extends SoundStore {

        Forgets(SoundBackend backend, InstantSource clock) {
            super(backend, clock);
        }

        @Override
        public Optional<StoredSession> load(SessionKey key) {
            if (backend.down) {
                backend.attic.keySet().forEach(store::delete);
            }
            return super.load(key);
        }
    }
}
