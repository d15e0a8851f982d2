package dev.holdfast.session.compliance.gallery;

import dev.holdfast.session.compliance.StoreUnderTest;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * A store of the gallery: what is wrong with it, which promises that breaks, and what the exam must say about it.
 *
 * @param breaks exactly the promises whose tests must fail; more than one only where the one implies the other
 * @param says a part of a failure's message
 * @param declares what its author declares beyond what is declared of the sound store
 */
record Broken(
        String name, Set<String> breaks, String says, StoreOpener opener, UnaryOperator<StoreUnderTest> declares) {

    static Broken store(String name, String breaks, String says, StoreOpener opener) {
        return new Broken(name, new TreeSet<>(List.of(breaks.split(" ", -1))), says, opener, UnaryOperator.identity());
    }

    Broken declaring(UnaryOperator<StoreUnderTest> declares) {
        return new Broken(name, breaks, says, opener, declares);
    }

    StoreUnderTest subject() {
        return declares.apply(new SoundBackend().with(opener));
    }

    @Override
    public String toString() {
        return String.join(", ", breaks) + " broken by a store with " + name;
    }
}
