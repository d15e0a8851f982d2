package dev.holdfast.session;

/** What happens when parallel requests change one session. */
public enum Concurrency {
    /**
     * Each request's changes are applied to what the others stored meanwhile, attribute by attribute: different
     * attributes never collide; of one attribute the last writer's value stays. The default.
     */
    MERGE,
    /** The later request's save reports {@link SaveOutcome#CONFLICT}, and stores nothing. */
    STRICT,
    /** Attributes can't be changed, and nothing but the last access is stored. */
    READ_ONLY
}
