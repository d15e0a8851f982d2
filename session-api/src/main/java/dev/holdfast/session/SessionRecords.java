package dev.holdfast.session;

import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.SessionStoreException;
import dev.holdfast.session.spi.StoredSession;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The steps between a session and its store: what takes more than one verb, or more than one attempt. */
final class SessionRecords {

    private static final int MAX_ID_COLLISIONS = 3;
    private static final int MAX_RENEWALS = 8;

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

    /**
     * Returns the session that an id leads to: its own, or that of the id it was renewed to, within the grace. One load,
     * and one for each renewal.
     */
    Optional<NamedSession> find(SessionId presented) {
        return find(presented, now());
    }

    /** Returns {@link #find(SessionId)} at a time, for a caller that has just looked at the clock. */
    Optional<NamedSession> find(SessionId presented, Instant now) {
        SessionId id = presented;
        for (int renewals = 0; renewals <= MAX_RENEWALS; renewals++) {
            LoadedSession loaded = load(id.key(), now);
            if (loaded == null) {
                return Optional.empty();
            }
            if (!loaded.envelope().isTombstone()) {
                return Optional.of(new NamedSession(id, loaded));
            }
            SessionId successor = successor(id, loaded.envelope(), now);
            if (successor == null) {
                return Optional.empty();
            }
            id = successor;
        }
        return Optional.empty();
    }

    private @Nullable SessionId successor(SessionId id, Envelope tombstone, Instant now) {
        ByteBuffer sealed = tombstone.extensions().find(Extension.SUCCESSOR);
        return sealed == null
                ? null
                : Successor.unseal(id, sealed)
                        .filter(successor -> now.isBefore(successor.until()))
                        .map(Successor::id)
                        .orElse(null);
    }

    /** Returns the record under a key, be it a session or a tombstone. */
    private @Nullable LoadedSession load(SessionKey key, Instant now) {
        return store.load(key).map(session -> read(session, now)).orElse(null);
    }

    /** Returns what a record says, unless it is unreadable, a tombstone, or over by what these sessions know. */
    Optional<LoadedSession> live(StoredSession session) {
        return Optional.ofNullable(read(session, now()))
                .filter(loaded -> !loaded.envelope().isTombstone());
    }

    private @Nullable LoadedSession read(StoredSession session, Instant now) {
        SessionKey key = session.key();
        Optional<Envelope> envelope = Envelope.parse(session.payload());
        if (envelope.isEmpty()) {
            events.undecodable(key, null, "its payload is none that this version can read");
            return null;
        }
        LoadedSession loaded = new LoadedSession(session, envelope.get());
        if (loaded.envelope().isTombstone()) {
            return loaded;
        }
        if (timeouts.isOver(loaded, now)) {
            events.ended(key, EndReason.EXPIRED, session.principal());
            return null;
        }
        if (revocation != null && revocation.covers(session)) {
            events.ended(key, EndReason.REVOKED, session.principal());
            return null;
        }
        return loaded;
    }

    /** Returns the time in the precision that is stored; a clock's milliseconds cost less than its instant. */
    Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }

    /** Stores a session under its id, or under another one should the id be taken. */
    NamedSession create(SessionId wished, LoadedSession session) {
        requireSize(session);
        SessionId id = wished;
        for (int attempt = 0; attempt <= MAX_ID_COLLISIONS; attempt++) {
            LoadedSession named = session.rekeyed(id.key());
            if (store.create(named.session())) {
                return new NamedSession(id, named);
            }
            id = ids.get();
        }
        throw new IllegalStateException("several new session ids in a row were taken: the SecureRandom repeats itself");
    }

    /**
     * Applies a change to a session, and after a conflict to what the other request stored, also if that was another id;
     * in other modes than {@link Concurrency#MERGE} a conflict is the result.
     */
    Written write(NamedSession held, Change change, Concurrency mode) {
        NamedSession current = held;
        for (int attempt = 0; ; attempt++) {
            LoadedSession wanted = change.applyTo(current.session());
            requireSize(wanted);
            long version = current.session().session().version();
            boolean retries = mode == Concurrency.MERGE && attempt < Pause.MAX_ATTEMPTS;
            switch (store.update(wanted.session(), version)) {
                case APPLIED -> {
                    NamedSession written = new NamedSession(current.id(), wanted.withVersion(version + 1));
                    boolean sameId = current.id().equals(held.id());
                    return new Written(sameId ? SaveOutcome.UPDATED : SaveOutcome.RENEWED, written, attempt > 0);
                }
                case GONE -> {
                    return Written.GONE;
                }
                case CONFLICT -> events.conflict(wanted.session().key(), retries);
            }
            Pause.after(attempt);
            Optional<NamedSession> fresh = find(current.id());
            if (fresh.isEmpty()) {
                return Written.GONE;
            }
            if (!retries) {
                return Written.CONFLICT;
            }
            current = fresh.get();
        }
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

    /** Deletes a session, and returns it if it was still there. */
    @Nullable
    StoredSession deleted(StoredSession session) {
        return store.delete(session.key()) ? session : null;
    }

    /**
     * Ends a session under the id that it has now: its record is first made one that has expired, by compare-and-set, so
     * that a request which renews the id is either seen or finds it gone; then deleted.
     *
     * @return what was ended, or empty if it was gone
     */
    Optional<StoredSession> bury(NamedSession held) {
        NamedSession current = held;
        for (int attempt = 0; attempt < Pause.MAX_ATTEMPTS; attempt++) {
            StoredSession session = current.session().session();
            switch (store.update(ended(session), session.version())) {
                case APPLIED -> {
                    store.delete(session.key());
                    return Optional.of(session);
                }
                case GONE -> {
                    return goneForGood(session);
                }
                case CONFLICT -> events.conflict(session.key(), true);
            }
            Pause.after(attempt);
            Optional<NamedSession> fresh = find(current.id());
            if (fresh.isEmpty()) {
                return goneForGood(session);
            }
            current = fresh.get();
        }
        return Optional.ofNullable(deleted(current.session().session()));
    }

    /** Deletes what is over by the clock only, which might be set back. */
    private Optional<StoredSession> goneForGood(StoredSession session) {
        store.delete(session.key());
        return Optional.empty();
    }

    private StoredSession ended(StoredSession session) {
        Instant now = clock.instant();
        return new StoredSession(
                session.key(),
                session.version(),
                session.createdAt(),
                session.lastAccessedAt(),
                now,
                session.idleTimeout(),
                null,
                Envelope.TOMB.toPayload());
    }

    void deleteQuietly(SessionKey key, RuntimeException cause) {
        try {
            store.delete(key);
        } catch (SessionStoreException e) {
            cause.addSuppressed(e);
        }
    }

    void requireSize(LoadedSession session) {
        session.session().payload().requireAtMost(maxPayloadBytes);
    }
}
