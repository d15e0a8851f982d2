package dev.holdfast.session.spi;

import org.jspecify.annotations.Nullable;

/**
 * A store could not do what it was asked. The subclasses are named by what the caller can do: try again later
 * ({@link StoreUnavailableException}), look what became of it ({@link OutcomeUnknownException}), mend the set-up
 * ({@link StoreMisconfiguredException}), store less ({@link PayloadTooLargeException}).
 */
public abstract class SessionStoreException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    protected SessionStoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
