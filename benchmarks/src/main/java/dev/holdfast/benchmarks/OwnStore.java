package dev.holdfast.benchmarks;

import dev.holdfast.session.SessionStores;
import dev.holdfast.session.spi.SessionStore;

/** A store from outside. */
final class OwnStore {

    private OwnStore() {}

    /** Opens it by its URI, or by the name of a class with a public constructor without parameters. */
    static StoreSubject open(String name) {
        return new StoreSubject(name.contains(":") ? SessionStores.open(name) : instanceOf(name));
    }

    private static SessionStore instanceOf(String className) {
        try {
            return Class.forName(className)
                    .asSubclass(SessionStore.class)
                    .getConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException | ClassCastException e) {
            throw new IllegalArgumentException(
                    className
                            + " must be a SessionStore on the class path, with a public constructor without parameters",
                    e);
        }
    }
}
