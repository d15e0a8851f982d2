package dev.holdfast.session.http.servlet;

/** What happens to a session when another client than the one that began it presents its id. */
public enum ClientChange {
    /** It goes on; the listeners of the sessions hear of it. */
    OBSERVE,
    /** The listeners hear of it, and it is ended: the request has no session. */
    END
}
