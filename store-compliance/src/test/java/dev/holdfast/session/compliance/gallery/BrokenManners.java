package dev.holdfast.session.compliance.gallery;

import static dev.holdfast.session.compliance.gallery.Broken.store;

import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoreUnavailableException;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Stores that break F4 to F6: they talk, do not leave, or do not mind others. */
final class BrokenManners {

    private static final Logger LOG = Logger.getLogger(BrokenManners.class.getName());

    private BrokenManners() {}

    static List<Broken> stores() {
        return List.of(
                store(
                        "a log of what it stores",
                        "F4",
                        "what the store said",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public boolean create(StoredSession session) {
                                LOG.log(Level.FINE, "a session of {0}", session.principal());
                                return super.create(session);
                            }
                        }),
                store(
                        "errors that quote the statement",
                        "F4",
                        "what the store said",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public boolean create(StoredSession session) {
                                if (backend.down && session.payload().size() < 100) {
                                    byte[] value = session.payload().toByteArray();
                                    throw new StoreUnavailableException(
                                            "INSERT … '" + new String(value, StandardCharsets.UTF_8) + "'", null);
                                }
                                return super.create(session);
                            }
                        }),
                store("a close for once only", "F5", "close", ClosesOnce::new),
                store(
                        "verbs that go on after close",
                        "F5",
                        "after close",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public void close() {
                                backend.open.clear();
                            }
                        }),
                store(
                        "one verb that goes on after close",
                        "F5",
                        "touch after close",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public boolean touch(SessionKey key, Instant lastAccessedAt, Instant expiresAt) {
                                try {
                                    return super.touch(key, lastAccessedAt, expiresAt);
                                } catch (IllegalStateException e) {
                                    return false;
                                }
                            }
                        }),
                store("a thread that outlives it", "F5", "left threads behind", LeaksThread::new),
                store(
                        "a connection that stays open",
                        "F5",
                        "left open resources behind",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public void close() {
                                boolean busy = backend.instances.get() > 12;
                                super.close();
                                if (busy) {
                                    backend.open.add("a connection that nobody closes");
                                }
                            }
                        }),
                store(
                        "a close of what it was handed",
                        "F5",
                        "the connection works after close",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public void close() {
                                super.close();
                                backend.handedInIsOpen = false;
                            }
                        }),
                store(
                        "a close of what all share",
                        "F5",
                        "after the close of",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public Optional<StoredSession> load(SessionKey key) {
                                Optional<StoredSession> loaded = super.load(key);
                                return backend.handedInIsOpen ? loaded : Optional.empty();
                            }

                            @Override
                            public void close() {
                                super.close();
                                backend.handedInIsOpen = false;
                            }
                        }),
                store(
                        "an interrupt that it takes away",
                        "F6",
                        "still interrupted after update",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public UpdateOutcome update(StoredSession session, long expectedVersion) {
                                boolean interrupted = Thread.interrupted();
                                if (interrupted) {
                                    throw new StoreUnavailableException("update", null);
                                }
                                return super.update(session, expectedVersion);
                            }
                        }),
                store("a channel that an interrupt closes for all", "F6", "", InterruptibleChannel::new));
    }

    private static final class ClosesOnce extends SoundStore {

        private boolean closed;

        ClosesOnce(SoundBackend backend, InstantSource clock) {
            super(backend, clock);
        }

        @Override
        public synchronized void close() {
            if (closed) {
                throw new UnsupportedOperationException("closed twice");
            }
            closed = true;
            super.close();
        }
    }

    /** Starts a thread that nobody ends; only from the fifteenth instance on, since the exam waits for each to end. */
    private static final class LeaksThread extends SoundStore {

        LeaksThread(SoundBackend backend, InstantSource clock) {
            super(backend, clock);
            if (backend.instances.get() == 15) {
                Thread thread = new Thread(LeaksThread::stay, "stray-purge");
                thread.setDaemon(true);
                backend.strays.add(thread);
                thread.start();
            }
        }

        private static void stay() {
            while (!Thread.currentThread().isInterrupted()) {
                LockSupport.park();
            }
        }
    }

    /** Reads through a channel that all threads share, and that closes when one of them is interrupted. */
    private static final class InterruptibleChannel extends SoundStore {

        private volatile boolean channelClosed;

        InterruptibleChannel(SoundBackend backend, InstantSource clock) {
            super(backend, clock);
        }

        @Override
        public Optional<StoredSession> load(SessionKey key) {
            channelClosed |= Thread.currentThread().isInterrupted();
            if (channelClosed) {
                throw new StoreUnavailableException("load", null);
            }
            return super.load(key);
        }
    }
}
