package dev.holdfast.session;

import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoredSession;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Small records of these sessions' own in the same store, under keys that no session id leads to: a name with a colon is
 * no id. Each looks like a replaced session, so that whoever meets it takes it for absent, and holds extensions.
 */
final class Notes {

    private static final int MAX_ATTEMPTS = 1000;

    private final SessionStore store;
    private final InstantSource clock;

    Notes(SessionStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    static SessionKey key(String name) {
        return SessionKey.of("holdfast:" + name);
    }

    /** Returns what a note says; nothing if there is none. One load. */
    Extensions load(SessionKey key) {
        return store.load(key).map(Notes::read).orElse(Extensions.NONE);
    }

    /**
     * Changes a note, and leaves it if it already says so: a load, and a create or update for each attempt.
     *
     * @param change gets what it says and returns what it shall say; called again when another node was first
     * @param life how long it lasts from now on, or {@code null} for ever
     * @return what it says now
     */
    Extensions change(SessionKey key, UnaryOperator<Extensions> change, @Nullable Duration life) {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            StoredSession found = store.load(key).orElse(null);
            Extensions before = found == null ? Extensions.NONE : read(found);
            Extensions wanted = change.apply(before);
            if (wanted.stored().equals(before.stored())) {
                return before;
            }
            if (write(key, found, wanted, life)) {
                return wanted;
            }
            Pause.after(attempt);
        }
        throw new IllegalStateException("a note of the sessions is written so often that it could not be changed");
    }

    /** Returns what a note says, and deletes it: a load, and a delete if there is one. */
    Extensions take(SessionKey key) {
        Optional<StoredSession> found = store.load(key);
        found.ifPresent(note -> store.delete(key));
        return found.map(Notes::read).orElse(Extensions.NONE);
    }

    private boolean write(SessionKey key, @Nullable StoredSession found, Extensions wanted, @Nullable Duration life) {
        Instant now = clock.instant();
        Instant accessed = found == null || now.isAfter(found.lastAccessedAt()) ? now : found.lastAccessedAt();
        StoredSession note = new StoredSession(
                key,
                found == null ? 1 : found.version(),
                found == null ? now : found.createdAt(),
                accessed,
                life == null ? StoredSession.NEVER : accessed.plus(life),
                StoredSession.NO_IDLE_TIMEOUT,
                null,
                Envelope.TOMB.withExtensions(wanted).toPayload());
        return found == null
                ? store.create(note)
                : switch (store.update(note, found.version())) {
                    case APPLIED -> true;
                    case CONFLICT, GONE -> false;
                };
    }

    private static Extensions read(StoredSession note) {
        return Envelope.parse(note.payload()).map(Envelope::extensions).orElse(Extensions.NONE);
    }
}
