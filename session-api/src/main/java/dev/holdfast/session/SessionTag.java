package dev.holdfast.session;

import dev.holdfast.session.spi.SessionKey;
import org.jspecify.annotations.Nullable;

/**
 * Names a session in events and logs without giving its id away. Compared by the session's handle. Immutable.
 *
 * <p>{@link #toString} is a short keyed hash, such as {@code s-9f86d081884c7d65}: the same for the same session and
 * {@link SessionsBuilder#tagKey}, and of no use to somebody who reads the log, not even to recognise a known id.
 */
public final class SessionTag {

    private final TagKey tagKey;
    private final SessionKey key;

    SessionTag(TagKey tagKey, SessionKey key) {
        this.tagKey = tagKey;
        this.key = key;
    }

    /** Returns what names the session to {@link Sessions#end}; useless as a session id, but not meant for logs. */
    public String handle() {
        return key.toString();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SessionTag tag && key.equals(tag.key);
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }

    @Override
    public String toString() {
        return tagKey.hash(key);
    }
}
