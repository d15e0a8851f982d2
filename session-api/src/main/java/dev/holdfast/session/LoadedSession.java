package dev.holdfast.session;

import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;

/** A record and what its payload says. */
record LoadedSession(StoredSession session, Envelope envelope) {

    /** Returns the same session as the first version of another record. */
    LoadedSession rekeyed(SessionKey key) {
        return new LoadedSession(
                new StoredSession(
                        key,
                        1,
                        session.createdAt(),
                        session.lastAccessedAt(),
                        session.expiresAt(),
                        session.idleTimeout(),
                        session.principal(),
                        session.payload()),
                envelope);
    }

    LoadedSession withVersion(long version) {
        return new LoadedSession(session.withVersion(version), envelope);
    }
}
