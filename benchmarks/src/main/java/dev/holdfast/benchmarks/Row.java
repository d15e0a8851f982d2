package dev.holdfast.benchmarks;

import java.util.List;
import java.util.OptionalDouble;

/**
 * One store, or a peer of it, in one operation, over all rounds.
 *
 * @param engine what its floor and its peers have in common with it; a store from outside is its own
 * @param store the store's name, or the peer's
 * @param peer whether it is another project's
 * @param own what it did
 * @param floor what its floor did in the same rounds: nothing if it has none
 */
record Row(
        String layer,
        String operation,
        String engine,
        String store,
        boolean peer,
        String load,
        Measured own,
        Measured floor) {

    boolean isBase() {
        return Load.isBase(load);
    }

    /** Returns whether it worked on the same as the other. */
    boolean isBeside(Row other) {
        return engine.equals(other.engine)
                && layer.equals(other.layer)
                && operation.equals(other.operation)
                && load.equals(other.load);
    }

    boolean hasFloor() {
        return !floor.perSecond().isEmpty()
                && floor.perSecond().size() == own.perSecond().size();
    }

    /** Returns the share of the floor in each round, the least first. */
    List<Double> ratios() {
        return own.over(floor).stream().sorted().toList();
    }

    /** Returns the median of the rounds' ratios. */
    double ratio() {
        return Measured.median(ratios());
    }

    OptionalDouble goal() {
        return peer || !hasFloor() ? OptionalDouble.empty() : Goals.of(layer, operation, store, load);
    }

    boolean missed() {
        return goal().isPresent() && ratio() < goal().getAsDouble();
    }
}
