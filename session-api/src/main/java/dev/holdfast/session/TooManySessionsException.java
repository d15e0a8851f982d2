package dev.holdfast.session;

/** A log-in was refused because its principal has as many sessions as allowed; see {@link CapPolicy#REFUSE_NEW}. */
public final class TooManySessionsException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    TooManySessionsException() {
        super("the principal has as many sessions as allowed: end one first");
    }
}
