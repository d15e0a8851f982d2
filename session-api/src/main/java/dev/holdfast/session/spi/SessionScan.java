package dev.holdfast.session.spi;

import java.util.stream.Stream;

/** The ability to go through all sessions. */
public interface SessionScan {

    /**
     * Returns a lazy stream of the live sessions, in no particular order; close it.
     *
     * <p>A session that lives through the whole scan comes exactly once; one that is created, deleted or expires
     * meanwhile comes at most once. Memory is bounded, and no writer is blocked [W1]. Records that can't be read are
     * left out. A failing backend shows as a {@link SessionStoreException} from the stream.
     */
    Stream<StoredSession> scan();
}
