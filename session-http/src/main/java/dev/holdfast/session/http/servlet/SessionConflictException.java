package dev.holdfast.session.http.servlet;

/** Parallel requests changed one session, and this one's changes could not be stored. */
final class SessionConflictException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    SessionConflictException() {
        super("another request changed the session first: nothing of this request's was stored");
    }
}
