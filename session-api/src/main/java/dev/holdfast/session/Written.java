package dev.holdfast.session;

import org.jspecify.annotations.Nullable;

/**
 * What a write came to.
 *
 * @param session what is now in the store, or {@code null} if nothing was written
 * @param merged whether the changes were applied to another request's
 */
record Written(SaveOutcome outcome, @Nullable NamedSession session, boolean merged) {

    static final Written GONE = new Written(SaveOutcome.GONE, null, false);
    static final Written CONFLICT = new Written(SaveOutcome.CONFLICT, null, false);
}
