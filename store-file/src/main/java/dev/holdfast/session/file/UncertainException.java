package dev.holdfast.session.file;

import java.io.IOException;

/** Something failed after the bytes had reached the file: whether they will stay can't be known. */
final class UncertainException extends IOException {

    private static final long serialVersionUID = 1L;

    UncertainException(IOException cause) {
        super(cause.getMessage(), cause);
    }
}
