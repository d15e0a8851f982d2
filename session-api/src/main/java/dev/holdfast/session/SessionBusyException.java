package dev.holdfast.session;

import java.time.Duration;

/** Another request holds the session {@linkplain Concurrency#EXCLUSIVE exclusively}, for longer than this one waits. */
public final class SessionBusyException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    SessionBusyException(Duration waited) {
        super("another request holds the session, and did not release it within " + waited
                + ": close sessions as soon as they are saved, or raise Sessions.builder(store).lockWait(…)");
    }
}
