package dev.holdfast.benchmarks;

import dev.holdfast.benchmarks.Contender.Role;

/**
 * Where a contender stands in the tables.
 *
 * @param engine what a store, its floor and its peers have in common; a store from outside is its own
 */
record Standing(String engine, String label, Role role) {

    static Standing of(Score score) {
        String name = score.contender();
        if (score.layer().equals("codec")) {
            return new Standing("codec", name, name.equals(Coding.SESSIONS) ? Role.STORE : Role.FLOOR);
        }
        return of(name);
    }

    /** Returns where the contender of that name, or a store from outside, stands. */
    static Standing of(String name) {
        return Contender.named(name)
                .map(known -> new Standing(known.engine(), known.label(), known.role()))
                .orElseGet(() -> new Standing(name, name, Role.STORE));
    }
}
