package dev.holdfast.session;

/** A session and the id that it has in the store. */
record NamedSession(SessionId id, LoadedSession session) {}
