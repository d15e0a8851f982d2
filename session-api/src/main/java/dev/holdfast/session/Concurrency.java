package dev.holdfast.session;

/** What happens when parallel requests change one session. */
public enum Concurrency {
    /**
     * Each request's changes are applied to what the others stored meanwhile, attribute by attribute: different
     * attributes never collide; of one attribute the last writer's value stays, unless {@link Session#compute} or a
     * {@linkplain SessionsBuilder#merge merge function} makes one of both. The default.
     */
    MERGE,
    /** The later request's save reports {@link SaveOutcome#CONFLICT}, and stores nothing. */
    STRICT,
    /**
     * One request at a time: the next one waits until this one {@linkplain Session#close closes} its session, or for
     * {@link SessionsBuilder#lockWait}, or until {@link SessionsBuilder#lockLease} has ended. A request that stalls
     * beyond its lease can't overwrite what came after: its save reports {@link SaveOutcome#CONFLICT} or
     * {@link SaveOutcome#GONE}. Two store calls more, for lock and release. Only on stores with the ability
     * {@link dev.holdfast.session.spi.SessionLocking}. A session that is new is locked by nobody: nobody knows it.
     */
    EXCLUSIVE,
    /** Attributes can't be changed, and nothing but the last access is stored. */
    READ_ONLY
}
