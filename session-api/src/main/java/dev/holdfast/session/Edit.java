package dev.holdfast.session;

import org.jspecify.annotations.Nullable;

/** What a request makes of one attribute. Run again on what another request stored, so it has no other effect. */
@FunctionalInterface
interface Edit {

    /** Returns the new value for the stored one; {@code null} is no such attribute. */
    @Nullable
    EncodedValue applyTo(@Nullable EncodedValue stored);
}
