package dev.holdfast.session.codec;

import org.jspecify.annotations.Nullable;

/** A value can't be stored as it is: the message names its type and the fix, never the value. */
public final class UnencodableValueException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param message the type, where it stands within the attribute's value, and what to write instead */
    public UnencodableValueException(String message) {
        this(message, null);
    }

    /**
     * @param message the type, where it stands within the attribute's value, and what to write instead
     * @param cause the error below, if its message does not tell the value
     */
    public UnencodableValueException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
