package dev.holdfast.session.spi;

import org.jspecify.annotations.Nullable;

/**
 * The backend failed after the request may have reached it, so whether the verb was applied can't be known. Load the
 * session to find out: an applied update left a higher version.
 */
public final class OutcomeUnknownException extends SessionStoreException {

    private static final long serialVersionUID = 1L;

    /**
     * @param operation the verb and whatever helps to find the cause; neither an id nor an attribute value
     * @param cause the driver's error
     */
    public OutcomeUnknownException(String operation, @Nullable Throwable cause) {
        super("the outcome of " + operation + " is unknown: the session store may or may not have applied it", cause);
    }
}
