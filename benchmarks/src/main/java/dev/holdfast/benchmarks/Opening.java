package dev.holdfast.benchmarks;

import dev.holdfast.benchmarks.Contender.Role;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * How a contender is opened: fresh, with a directory for its files.
 *
 * @param subject for single verbs, or what throws if it has none
 * @param requests for whole requests
 */
record Opening(Role role, Function<Path, Subject> subject, Function<Path, Requests> requests) {

    static Opening store(Function<Path, StoreSubject> store) {
        return new Opening(Role.STORE, store::apply, directory -> new SessionsRequests(store.apply(directory)));
    }

    static Opening floor(Function<Path, Subject> floor) {
        return new Opening(Role.FLOOR, floor, directory -> new FloorRequests(floor.apply(directory)));
    }

    static Opening peer(Function<Path, Requests> peer) {
        return new Opening(
                Role.PEER,
                directory -> {
                    throw new IllegalStateException("a peer takes part in whole requests only");
                },
                peer);
    }
}
