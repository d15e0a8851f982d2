package dev.holdfast.session;

/** Another request ended the session, or it has expired, before this request's changes were stored. */
public final class SessionEndedException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    SessionEndedException() {
        super("the session was ended by another request, or has expired: nothing of this request's was stored");
    }
}
