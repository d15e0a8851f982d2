package dev.holdfast.session.http.servlet;

/** The session could not be stored, since that would conflict with what other requests have stored. */
final class SessionConflictException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    SessionConflictException(String message) {
        super(message);
    }
}
