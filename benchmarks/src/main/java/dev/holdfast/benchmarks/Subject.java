package dev.holdfast.benchmarks;

import dev.holdfast.session.spi.StoredSession;

/** One verb each on a session of the run: what stands side by side in the tables. */
interface Subject extends AutoCloseable {

    /** Makes, before the clock runs, what the engine has after the first hours of a site: directories, for one. */
    default void prepare(StoredSession session) {}

    Object load(StoredSession session);

    /** Writes the session over its version of that number. */
    Object update(StoredSession session, long version);

    Object touch(StoredSession session);

    Object create(StoredSession session);

    Object delete(StoredSession session);

    /** Removes what is expired, all of it. */
    Object purge();

    @Override
    void close();
}
