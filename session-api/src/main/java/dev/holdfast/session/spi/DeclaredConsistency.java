package dev.holdfast.session.spi;

/**
 * The declaration of a store that can't always promise what {@link Consistency#STRONG} says. A store that does not
 * declare is strong.
 */
public interface DeclaredConsistency {

    /** Returns the class of this store as it is set up. */
    Consistency consistency();

    /** What an acknowledged write means. */
    enum Consistency {
        /** Every instance reads it at once, and a crash of a process or server loses nothing that was acknowledged. */
        STRONG,
        /** As strong, until a failover or a split brain, which may lose the latest acknowledged writes. */
        STRONG_UNTIL_FAILOVER
    }
}
