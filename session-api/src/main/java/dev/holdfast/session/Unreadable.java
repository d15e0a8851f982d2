package dev.holdfast.session;

import dev.holdfast.session.codec.UndecodableValueException;

/** Hears of an attribute that can't be decoded, and decides whether it seems absent. */
@FunctionalInterface
interface Unreadable {

    /**
     * Called each time that one is found.
     *
     * @throws UndecodableValueException the same one, unless the attribute is to seem absent
     */
    void attribute(String name, UndecodableValueException problem);
}
