package dev.holdfast.session.spi;

import org.jspecify.annotations.Nullable;

/** The set-up is wrong, and no retry will help: the message names the setting and the fix. */
public final class StoreMisconfiguredException extends SessionStoreException {

    private static final long serialVersionUID = 1L;

    /** @param message what is wrong, and what to write instead */
    public StoreMisconfiguredException(String message) {
        this(message, null);
    }

    /**
     * @param message what is wrong, and what to write instead
     * @param cause the driver's error
     */
    public StoreMisconfiguredException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
