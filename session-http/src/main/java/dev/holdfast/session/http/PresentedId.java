package dev.holdfast.session.http;

import java.util.Objects;

/**
 * An id as a client presented it: not checked, and therefore anything. {@link #toString} does not tell it.
 *
 * @param value what the client sent
 * @param source where it stood
 */
public record PresentedId(String value, Source source) {

    /** The part of a request in which an id stands. */
    public enum Source {
        COOKIE,
        HEADER,
        URL,
        BODY;

        /**
         * Returns whether browsers add the id to a request by themselves, also to one that another site makes them send: only
         * then a form needs a secret against forgery.
         */
        public boolean isAmbient() {
            return this == COOKIE;
        }
    }

    public PresentedId {
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(source, "source");
    }

    @Override
    public String toString() {
        return "PresentedId[" + source + "]";
    }
}
