package dev.holdfast.session;

import dev.holdfast.session.spi.OutcomeUnknownException;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.SessionStoreException;
import dev.holdfast.session.spi.StoredSession;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Moves a session to a new id: first the new record is created, then the old one becomes a tombstone by compare-and-set.
 *
 * <p>A crash between the two leaves the session under its old id, and a new record whose id nobody knows. A write under
 * the old id that came in between is found by the version, and moved too. Without grace the tombstone is expired at once;
 * with grace it leads to the new id until then.
 */
record Rotation(
        SessionStore store,
        SessionRecords records,
        Renewal renewal,
        Events events,
        InstantSource clock,
        SecureRandom random) {

    /**
     * Returns the session under its new id, {@link SaveOutcome#RENEWED}; or what came between.
     *
     * @param next the new id
     */
    Written rotate(NamedSession held, Change change, Concurrency mode, SessionId next) {
        return move(held, next, change, mode, null);
    }

    /**
     * As {@link #rotate}, but the old id reads for a while. If another request has renewed the id first, the session goes
     * on under that one's.
     */
    Written renew(NamedSession held, Change change, Concurrency mode, Duration grace) {
        return move(held, SessionId.random(random), change, mode, grace);
    }

    private Written move(NamedSession held, SessionId next, Change change, Concurrency mode, @Nullable Duration grace) {
        NamedSession moved = records.create(next, stamped(change.applyTo(held.session())));
        try {
            return bury(held, moved, change, mode, grace);
        } catch (OutcomeUnknownException e) {
            if (grace != null && isBuried(held.id(), moved.id(), e)) {
                return renewed(held.id(), moved, true);
            }
            if (grace == null) {
                // whatever became of the old record, nobody learns this id
                records.deleteQuietly(moved.id().key(), e);
            }
            throw e;
        } catch (RuntimeException e) {
            records.deleteQuietly(moved.id().key(), e);
            throw e;
        }
    }

    private Written bury(
            NamedSession held, NamedSession first, Change change, Concurrency mode, @Nullable Duration grace) {
        NamedSession old = held;
        NamedSession moved = first;
        for (int attempt = 0; attempt < Pause.MAX_ATTEMPTS; attempt++) {
            StoredSession session = old.session().session();
            switch (store.update(tombstone(old, moved, grace), session.version())) {
                case APPLIED -> {
                    return renewed(old.id(), moved, attempt > 0);
                }
                case GONE -> {
                    return without(moved, Written.GONE);
                }
                case CONFLICT -> events.conflict(session.key(), mode == Concurrency.MERGE || change.isEmpty());
            }
            Pause.after(attempt);
            Optional<NamedSession> fresh = records.find(old.id());
            if (fresh.isEmpty()) {
                return without(moved, Written.GONE);
            }
            if (mode != Concurrency.MERGE && !change.isEmpty()) {
                return without(moved, Written.CONFLICT);
            }
            boolean renewedByAnother = !fresh.get().id().equals(old.id());
            if (renewedByAnother && grace != null) {
                return without(moved, join(fresh.get(), change));
            }
            old = fresh.get();
            NamedSession again = overwrite(moved, stamped(change.applyTo(old.session())));
            if (again == null) {
                return Written.GONE;
            }
            moved = again;
        }
        return without(moved, Written.CONFLICT);
    }

    private Written renewed(SessionId old, NamedSession moved, boolean merged) {
        events.renewed(moved.session().session(), old.key());
        return new Written(SaveOutcome.RENEWED, moved, merged);
    }

    /** Stores the changes under the id that another request has given the session. */
    private Written join(NamedSession renewed, Change change) {
        if (change.isEmpty()) {
            return new Written(SaveOutcome.RENEWED, renewed, true);
        }
        Written written = records.write(renewed, change, Concurrency.MERGE);
        return written.session() == null ? written : new Written(SaveOutcome.RENEWED, written.session(), true);
    }

    private Written without(NamedSession moved, Written result) {
        store.delete(moved.id().key());
        return result;
    }

    private @Nullable NamedSession overwrite(NamedSession moved, LoadedSession wanted) {
        records.requireSize(wanted);
        LoadedSession named = wanted.rekeyed(moved.id().key());
        long version = moved.session().session().version();
        return switch (store.update(named.session(), version)) {
            case APPLIED -> new NamedSession(moved.id(), named.withVersion(version + 1));
            case GONE -> null; // its principal's sessions were ended meanwhile
            case CONFLICT -> throw new IllegalStateException("a session under an id that nobody knows was changed");
        };
    }

    private LoadedSession stamped(LoadedSession session) {
        Envelope envelope = renewal.stamp(session.envelope(), clock.instant());
        return envelope == session.envelope()
                ? session
                : new LoadedSession(session.session().withPayload(envelope.toPayload()), envelope);
    }

    private StoredSession tombstone(NamedSession buried, NamedSession moved, @Nullable Duration grace) {
        StoredSession old = buried.session().session();
        Instant now = clock.instant();
        Instant until = now;
        Envelope tomb = Envelope.TOMB;
        if (grace != null) {
            Instant end = moved.session().session().expiresAt();
            until = now.plus(grace).isBefore(end) ? now.plus(grace) : end;
            byte[] sealed = new Successor(moved.id(), until).sealedUnder(buried.id(), random);
            tomb = tomb.withExtensions(Extensions.NONE.with(Map.of(Extension.SUCCESSOR, Optional.of(sealed))));
        }
        return new StoredSession(
                old.key(),
                old.version(),
                old.createdAt(),
                old.lastAccessedAt().isAfter(now) ? old.lastAccessedAt() : now,
                until,
                old.idleTimeout(),
                null,
                tomb.toPayload());
    }

    /** Returns whether the tombstone was stored after all; if it is not, the new record is deleted. */
    private boolean isBuried(SessionId old, SessionId moved, OutcomeUnknownException cause) {
        try {
            if (records.find(old).filter(found -> found.id().equals(moved)).isPresent()) {
                return true;
            }
            store.delete(moved.key());
        } catch (SessionStoreException e) {
            // the new record stays: should the tombstone be there, it leads to it
            cause.addSuppressed(e);
        }
        return false;
    }
}
