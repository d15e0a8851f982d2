package dev.holdfast.session;

import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.SessionStoreException;
import dev.holdfast.session.spi.StoredSession;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The steps between a session and its store: what takes more than one verb, or more than one attempt. */
final class SessionRecords {

    private static final int MAX_ATTEMPTS = 100;
    private static final int MAX_ID_COLLISIONS = 3;
    private static final long FIRST_PAUSE_NANOS = 20_000;
    private static final int PAUSE_DOUBLINGS = 7;

    private final SessionStore store;
    private final InstantSource clock;
    private final Timeouts timeouts;
    private final int maxPayloadBytes;
    private final Supplier<SessionId> ids;
    private final Events events;
    private final @Nullable GlobalRevocation revocation;

    SessionRecords(
            SessionStore store,
            InstantSource clock,
            Timeouts timeouts,
            int maxPayloadBytes,
            Supplier<SessionId> ids,
            Events events,
            @Nullable GlobalRevocation revocation) {
        this.store = store;
        this.clock = clock;
        this.timeouts = timeouts;
        this.maxPayloadBytes = maxPayloadBytes;
        this.ids = ids;
        this.events = events;
        this.revocation = revocation;
    }

    /** What a write came to; {@code session} is the record now in the store, unless nothing was written. */
    record Written(SaveOutcome outcome, @Nullable LoadedSession session, boolean merged) {
        private static final Written GONE = new Written(SaveOutcome.GONE, null, false);
        private static final Written CONFLICT = new Written(SaveOutcome.CONFLICT, null, false);
    }

    /** A session under a new id. */
    record Named(SessionId id, LoadedSession session) {}

    Optional<LoadedSession> load(SessionKey key) {
        return store.load(key).flatMap(this::live);
    }

    /** Returns what a record says, unless it is unreadable, a tombstone, or over by what these sessions know. */
    Optional<LoadedSession> live(StoredSession session) {
        SessionKey key = session.key();
        Optional<Envelope> envelope = Envelope.parse(session.payload());
        if (envelope.isEmpty()) {
            events.undecodable(key, null, "its payload is none that this version can read");
            return Optional.empty();
        }
        if (envelope.get().isTombstone()) {
            return Optional.empty();
        }
        LoadedSession loaded = new LoadedSession(session, envelope.get());
        if (timeouts.isOver(loaded, clock.instant())) {
            events.ended(key, EndReason.EXPIRED, session.principal());
            return Optional.empty();
        }
        if (revocation != null && revocation.covers(session)) {
            events.ended(key, EndReason.REVOKED, session.principal());
            return Optional.empty();
        }
        return Optional.of(loaded);
    }

    /** Stores a session under its id, or under another one should the id be taken. */
    Named create(SessionId wished, LoadedSession session) {
        requireSize(session);
        SessionId id = wished;
        for (int attempt = 0; attempt <= MAX_ID_COLLISIONS; attempt++) {
            LoadedSession named = session.rekeyed(id.key());
            if (store.create(named.session())) {
                return new Named(id, named);
            }
            id = ids.get();
        }
        throw new IllegalStateException("several new session ids in a row were taken: the SecureRandom repeats itself");
    }

    Written write(LoadedSession loaded, Change change, Concurrency concurrency) {
        LoadedSession current = loaded;
        for (int attempt = 0; ; attempt++) {
            LoadedSession wanted = change.applyTo(current);
            requireSize(wanted);
            long version = current.session().version();
            switch (store.update(wanted.session(), version)) {
                case APPLIED -> {
                    return new Written(SaveOutcome.UPDATED, wanted.withVersion(version + 1), attempt > 0);
                }
                case GONE -> {
                    return Written.GONE;
                }
                case CONFLICT -> {
                    boolean retried = concurrency != Concurrency.STRICT && attempt < MAX_ATTEMPTS;
                    events.conflict(wanted.session().key(), retried);
                    if (!retried) {
                        return Written.CONFLICT;
                    }
                }
            }
            pause(attempt);
            Optional<LoadedSession> fresh = load(current.session().key());
            if (fresh.isEmpty()) {
                return Written.GONE;
            }
            current = fresh.get();
        }
    }

    /**
     * Moves a session to a new id: first the new record, then the old one becomes a tombstone that is expired at once.
     * A crash between the two leaves a new record that nobody knows the id of; a write under the old id that came in
     * between is found by the version, and moved too.
     *
     * @return empty if the session was ended meanwhile: then the new record is gone too
     */
    Optional<Named> rotate(LoadedSession loaded, Change change) {
        Named moved = create(ids.get(), change.applyTo(loaded));
        try {
            LoadedSession old = loaded;
            for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
                switch (store.update(tombstone(old.session()), old.session().version())) {
                    case APPLIED -> {
                        return Optional.of(moved);
                    }
                    case GONE -> {
                        store.delete(moved.id().key());
                        return Optional.empty();
                    }
                    case CONFLICT -> {
                        events.conflict(old.session().key(), true);
                        pause(attempt);
                    }
                }
                Optional<LoadedSession> fresh = load(old.session().key());
                if (fresh.isEmpty()) {
                    store.delete(moved.id().key());
                    return Optional.empty();
                }
                old = fresh.get();
                moved = new Named(moved.id(), overwrite(moved.session(), change.applyTo(old)));
            }
            throw new IllegalStateException("the session is written so often that its id could not be replaced");
        } catch (RuntimeException e) {
            deleteQuietly(moved.id().key(), e);
            throw e;
        }
    }

    private LoadedSession overwrite(LoadedSession moved, LoadedSession wanted) {
        requireSize(wanted);
        LoadedSession named = wanted.rekeyed(moved.session().key());
        long version = moved.session().version();
        return switch (store.update(named.session(), version)) {
            case APPLIED -> named.withVersion(version + 1);
            case CONFLICT, GONE ->
                throw new IllegalStateException("a session under an id that nobody knows was changed");
        };
    }

    private StoredSession tombstone(StoredSession old) {
        Instant now = clock.instant();
        Instant accessed = old.lastAccessedAt().isAfter(now) ? old.lastAccessedAt() : now;
        return new StoredSession(
                old.key(),
                old.version(),
                old.createdAt(),
                accessed,
                now,
                old.idleTimeout(),
                null,
                Envelope.TOMB.toPayload());
    }

    /** Returns the session as it is now, or empty if it is gone. */
    Optional<LoadedSession> touch(LoadedSession loaded, Instant accessedAt) {
        StoredSession session = loaded.session();
        Instant expiry = timeouts.of(loaded.envelope().extensions())
                .expiry(session.createdAt(), accessedAt, session.idleTimeout());
        return store.touch(session.key(), accessedAt, expiry)
                ? Optional.of(new LoadedSession(session.withAccess(accessedAt, expiry), loaded.envelope()))
                : Optional.empty();
    }

    boolean delete(SessionKey key) {
        return store.delete(key);
    }

    void deleteQuietly(SessionKey key, RuntimeException cause) {
        try {
            store.delete(key);
        } catch (SessionStoreException e) {
            cause.addSuppressed(e);
        }
    }

    private void requireSize(LoadedSession session) {
        session.session().payload().requireAtMost(maxPayloadBytes);
    }

    static void pause(int attempt) {
        long most = FIRST_PAUSE_NANOS << Math.min(attempt, PAUSE_DOUBLINGS);
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(most));
    }
}
