package dev.holdfast.session.file;

import java.io.IOException;

/** Some work on files. */
@FunctionalInterface
interface Step<T> {
    T take() throws IOException;
}
