package dev.holdfast.session.spi;

import org.jspecify.annotations.Nullable;

/** The backend is down, hung or refusing, and nothing was applied: the same call may succeed later. */
public final class StoreUnavailableException extends SessionStoreException {

    private static final long serialVersionUID = 1L;

    /**
     * @param operation the verb and whatever helps to find the cause; neither an id nor an attribute value
     * @param cause the driver's error
     */
    public StoreUnavailableException(String operation, @Nullable Throwable cause) {
        super("the session store is unavailable: " + operation + " failed, and nothing was applied", cause);
    }
}
