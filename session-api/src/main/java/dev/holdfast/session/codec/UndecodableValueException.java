package dev.holdfast.session.codec;

import org.jspecify.annotations.Nullable;

/** Stored bytes are not a value that this codec knows: damaged, foreign, or of a type that is no longer registered. */
public final class UndecodableValueException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param message what is wrong with the bytes, without repeating them */
    public UndecodableValueException(String message) {
        this(message, null);
    }

    /**
     * @param message what is wrong with the bytes, without repeating them
     * @param cause the error below, if its message does not tell the value
     */
    public UndecodableValueException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
