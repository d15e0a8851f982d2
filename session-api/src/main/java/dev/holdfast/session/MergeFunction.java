package dev.holdfast.session;

import org.jspecify.annotations.Nullable;

/**
 * Makes one value of an attribute that two parallel requests have changed; see {@link SessionsBuilder#merge}. It may be
 * called several times for one save, so it has no other effect than its result. {@code null} is no such attribute.
 */
@FunctionalInterface
public interface MergeFunction {

    /**
     * Returns the value to store.
     *
     * @param base what both requests began with
     * @param theirs what the other request stored
     * @param mine what this request wants stored
     */
    @Nullable
    Object merge(@Nullable Object base, @Nullable Object theirs, @Nullable Object mine);
}
