package dev.holdfast.session.compliance.gallery;

import static dev.holdfast.session.compliance.gallery.Broken.store;

import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Stores that break I1 to I4. */
final class BrokenIndexes {

    private BrokenIndexes() {}

    static List<Broken> stores() {
        return List.of(
                store(
                        "principals found without regard to case",
                        "I1",
                        "sessions of",
                        (backend, clock) -> new Finding(backend, clock) {
                            @Override
                            boolean matches(StoredSession session, String principal) {
                                return principal.equalsIgnoreCase(session.principal());
                            }
                        }),
                store(
                        "principals found by a pattern",
                        "I1",
                        "sessions of",
                        (backend, clock) -> new Finding(backend, clock) {
                            @Override
                            boolean matches(StoredSession session, String principal) {
                                return principal.endsWith("%")
                                        ? String.valueOf(session.principal())
                                                .startsWith(principal.substring(0, principal.length() - 1))
                                        : principal.equals(session.principal());
                            }
                        }),
                store("an index that keeps former principals", "I2", "after", FormerPrincipals::new),
                // I4 too: what has expired fills its pages
                store(
                        "an index that keeps the expired",
                        "I2 I4",
                        "when two have expired",
                        (backend, clock) -> new Finding(backend, clock) {
                            @Override
                            Stream<StoredSession> candidates() {
                                return backend.attic.values().stream();
                            }
                        }),
                store(
                        "an index that believes in half writes",
                        "I2",
                        "dangling",
                        (backend, clock) -> new Finding(backend, clock) {
                            @Override
                            boolean matches(StoredSession session, String principal) {
                                return principal.equals(session.principal())
                                        || principal.equals(backend.dangling.get(session.key()));
                            }
                        }),
                store(
                        "a sweep that misses newcomers",
                        "I3",
                        "before the sweep had deleted",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public int deleteByPrincipal(String principal, @Nullable SessionKey except) {
                                int deleted = 0;
                                for (StoredSession session : findByPrincipal(principal, null, Integer.MAX_VALUE)) {
                                    LockSupport.parkNanos(10_000);
                                    deleted += !session.key().equals(except) && delete(session.key()) ? 1 : 0;
                                }
                                return deleted;
                            }
                        }),
                store("a sweep that spares none", "I3", "but one", (backend, clock) -> new SoundStore(backend, clock) {
                    @Override
                    public int deleteByPrincipal(String principal, @Nullable SessionKey except) {
                        return super.deleteByPrincipal(principal, null);
                    }
                }),
                store(
                        "a sweep that counts what others deleted",
                        "I3",
                        "4 sweeps",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public int deleteByPrincipal(String principal, @Nullable SessionKey except) {
                                int found = (int) findByPrincipal(principal, null, Integer.MAX_VALUE).stream()
                                        .filter(session -> !session.key().equals(except))
                                        .count();
                                LockSupport.parkNanos(100_000);
                                return Math.max(found, super.deleteByPrincipal(principal, except));
                            }
                        }),
                store(
                        "pages that all start at the beginning",
                        "I4",
                        "page",
                        (backend, clock) -> new SoundStore(backend, clock) {
                            @Override
                            public List<StoredSession> findByPrincipal(
                                    String principal, @Nullable SessionKey after, int limit) {
                                return super.findByPrincipal(principal, null, limit);
                            }
                        }),
                store("pages without a limit", "I4", "page of", (backend, clock) -> new SoundStore(backend, clock) {
                    @Override
                    public List<StoredSession> findByPrincipal(
                            String principal, @Nullable SessionKey after, int limit) {
                        return super.findByPrincipal(principal, after, limit < 1 ? limit : Integer.MAX_VALUE);
                    }
                }),
                store(
                        "pages that are cut before they are filtered",
                        "I4",
                        "a page of 15",
                        (backend, clock) -> new Finding(backend, clock) {
                            @Override
                            Stream<StoredSession> candidates() {
                                return backend.attic.values().stream();
                            }

                            @Override
                            public List<StoredSession> findByPrincipal(
                                    String principal, @Nullable SessionKey after, int limit) {
                                return super.findByPrincipal(principal, after, limit).stream()
                                        .filter(session -> !session.isExpiredAt(clock.instant()))
                                        .toList();
                            }
                        }),
                store(
                        "pages ordered by signed bytes",
                        "I4",
                        "keys in pages",
                        (backend, clock) -> new Finding(backend, clock) {
                            @Override
                            int compare(SessionKey first, SessionKey second) {
                                return Arrays.compare(first.toBytes(), second.toBytes());
                            }
                        }));
    }

    /** Finds by a look at all records, in a way that has something wrong. */
    private static class Finding extends SoundStore {

        Finding(SoundBackend backend, InstantSource clock) {
            super(backend, clock);
        }

        Stream<StoredSession> candidates() {
            return store.scan();
        }

        boolean matches(StoredSession session, String principal) {
            return principal.equals(session.principal());
        }

        int compare(SessionKey first, SessionKey second) {
            return first.compareTo(second);
        }

        @Override
        public List<StoredSession> findByPrincipal(String principal, @Nullable SessionKey after, int limit) {
            super.findByPrincipal(principal, after, limit);
            try (Stream<StoredSession> all = candidates()) {
                return all.filter(session -> matches(session, principal))
                        .filter(session -> after == null || compare(session.key(), after) > 0)
                        .sorted(Comparator.comparing(StoredSession::key, this::compare))
                        .limit(limit)
                        .toList();
            }
        }
    }

    private static final class FormerPrincipals extends Finding {

        private static final ConcurrentMap<SessionKey, List<String>> FORMER = new ConcurrentHashMap<>();

        FormerPrincipals(SoundBackend backend, InstantSource clock) {
            super(backend, clock);
        }

        @Override
        public boolean create(StoredSession session) {
            boolean created = super.create(session);
            if (created) {
                FORMER.put(session.key(), List.of(String.valueOf(session.principal())));
            }
            return created;
        }

        @Override
        public UpdateOutcome update(StoredSession session, long expectedVersion) {
            var outcome = super.update(session, expectedVersion);
            if (outcome == UpdateOutcome.APPLIED) {
                FORMER.computeIfPresent(
                        session.key(),
                        (key, names) -> Stream.concat(names.stream(), Stream.of(String.valueOf(session.principal())))
                                .toList());
            }
            return outcome;
        }

        @Override
        boolean matches(StoredSession session, String principal) {
            return session.principal() != null
                    && Objects.requireNonNull(FORMER.getOrDefault(session.key(), List.of()))
                            .contains(principal);
        }
    }
}
