package dev.holdfast.session;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An attribute that a request has read or changed.
 *
 * @param value what it is now, or {@code null} if it was removed
 * @param changed whether the application set it, else it was only read
 * @param computed how it came from what was stored, or {@code null} if it does not depend on that
 */
record Touched(
        @Nullable Object value, boolean changed, @Nullable Computed computed) {

    static final Touched REMOVED = new Touched(null, true, null);

    static Touched read(Object value) {
        return new Touched(value, false, null);
    }

    static Touched put(@Nullable Object value) {
        return value == null ? REMOVED : new Touched(value, true, null);
    }

    /**
     * @param function makes the value from the stored one
     * @param result what it made the first time
     */
    record Computed(
            UnaryOperator<@Nullable Object> function,
            @Nullable EncodedValue result) {}
}
