package dev.holdfast.session;

/**
 * Another request changed the session first, so that nothing was stored; the changes are still in the session. Thrown
 * where there is no {@link SaveOutcome#CONFLICT} to return.
 */
public final class SessionConflictException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    SessionConflictException() {
        this("another request changed the session first: nothing of this request's was stored");
    }

    /** @param message whose change was first; neither an id nor an attribute value */
    public SessionConflictException(String message) {
        super(message);
    }
}
