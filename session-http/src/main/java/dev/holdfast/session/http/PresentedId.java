package dev.holdfast.session.http;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

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

    /** Returns the ids of one transport, each once, no more than are ever looked at. */
    static List<PresentedId> listOf(Stream<String> values, Source source) {
        return values.distinct()
                .limit(SessionTransport.MAX_PRESENTED_IDS)
                .map(value -> new PresentedId(value, source))
                .toList();
    }

    @Override
    public String toString() {
        return "PresentedId[" + source + "]";
    }
}
