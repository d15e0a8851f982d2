package dev.holdfast.session.compliance.gallery;

import static dev.holdfast.session.compliance.gallery.Broken.store;

import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.Subscription;
import dev.holdfast.session.spi.UpdateOutcome;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Stores that break W1, E1 and N1: what is scanned and told. */
final class BrokenEvents {

    private BrokenEvents() {}

    static List<Broken> stores() {
        return List.of(
                store(
                        "a scan that meets some twice",
                        "W1",
                        "not scanned before",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public Stream<StoredSession> scan() {
                                return super.scan()
                                        .flatMap(session -> session.hashCode() % 3 == 0
                                                ? Stream.of(session, session)
                                                : Stream.of(session));
                            }
                        }),
                store(
                        "a scan that meets the expired",
                        "W1",
                        "not scanned before",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public Stream<StoredSession> scan() {
                                return super.scan().findAny().isPresent()
                                        ? backend.attic.values().stream()
                                        : Stream.empty();
                            }
                        }),
                store("a scan by offset", "W1", "were not met", OffsetScan::new),
                store(
                        "expiries that get lost",
                        "E1",
                        "told to listeners",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public Subscription onExpired(Consumer<SessionKey> listener) {
                                return super.onExpired(key -> {
                                    if (key.hashCode() % 2 == 0) {
                                        listener.accept(key);
                                    }
                                });
                            }
                        }),
                store(
                        "expiries told for each delete",
                        "E1",
                        "told as expired",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public Subscription onExpired(Consumer<SessionKey> listener) {
                                Subscription deletes = store.onChange(listener);
                                Subscription expiries = super.onExpired(listener);
                                return () -> {
                                    deletes.close();
                                    expiries.close();
                                };
                            }
                        }),
                store("a change feed that is deaf to other nodes", "N1", "told to listeners", DeafToOthers::new),
                store(
                        "a change feed without deletes",
                        "N1",
                        "told to listeners",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public Subscription onChange(Consumer<SessionKey> listener) {
                                return super.onChange(key -> {
                                    if (store.load(key).isPresent()) {
                                        listener.accept(key);
                                    }
                                });
                            }
                        }),
                store(
                        "a listener that breaks the verb",
                        "N1",
                        "listener",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public boolean delete(SessionKey key) {
                                boolean deleted = super.delete(key);
                                backend.listeners.forEach(listener -> listener.accept(key));
                                return deleted;
                            }

                            @Override
                            public Subscription onChange(Consumer<SessionKey> listener) {
                                backend.listeners.add(listener);
                                Subscription subscription = super.onChange(listener);
                                return () -> {
                                    backend.listeners.remove(listener);
                                    subscription.close();
                                };
                            }
                        }));
    }

    /** Scans by "the next record after the first n", which skips some when earlier ones are deleted. */
    private static final class OffsetScan extends SoundStore {

        OffsetScan(SoundBackend backend, InstantSource clock) {
            super(backend, clock);
        }

        @Override
        public Stream<StoredSession> scan() {
            super.scan().close();
            return Stream.iterate(0, offset -> offset + 10)
                    .map(offset -> store.scan()
                            .sorted(Comparator.comparing(StoredSession::key))
                            .skip(offset)
                            .limit(10)
                            .toList())
                    .takeWhile(page -> !page.isEmpty())
                    .flatMap(List::stream);
        }
    }

    private static final class DeafToOthers extends SoundStore {

        private final ThreadLocal<Boolean> mine = ThreadLocal.withInitial(() -> false);

        DeafToOthers(SoundBackend backend, InstantSource clock) {
            super(backend, clock);
        }

        private <T> T heard(Supplier<T> verb) {
            mine.set(true);
            try {
                return verb.get();
            } finally {
                mine.set(false);
            }
        }

        @Override
        public UpdateOutcome update(StoredSession session, long expectedVersion) {
            return heard(() -> super.update(session, expectedVersion));
        }

        @Override
        public boolean delete(SessionKey key) {
            return heard(() -> super.delete(key));
        }

        @Override
        public Subscription onChange(Consumer<SessionKey> listener) {
            return super.onChange(key -> {
                if (mine.get()) {
                    listener.accept(key);
                }
            });
        }
    }
}
