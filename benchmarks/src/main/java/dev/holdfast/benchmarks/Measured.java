package dev.holdfast.benchmarks;

import dev.holdfast.benchmarks.Score.Percentiles;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What one contender did in one operation, over all rounds.
 *
 * @param perSecond operations a second, one number a round
 * @param bytes allocated by one operation, the median of the rounds, not a number if nobody counted
 * @param percentiles the medians of the rounds' percentiles
 */
record Measured(List<Double> perSecond, double bytes, Percentiles percentiles) {

    static Measured of(List<Score> scores) {
        List<Score> sampled =
                scores.stream().filter(score -> score.percentiles().known()).toList();
        List<Score> timed =
                scores.stream().filter(score -> !score.percentiles().known()).toList();
        return new Measured(
                (timed.isEmpty() ? sampled : timed)
                        .stream().map(Score::perSecond).toList(),
                median(timed, Score::bytes),
                new Percentiles(
                        median(sampled, score -> score.percentiles().median()),
                        median(sampled, score -> score.percentiles().p99()),
                        median(sampled, score -> score.percentiles().p999())));
    }

    /** Returns how many times as fast as another it was, a number for each round that both have. */
    List<Double> over(Measured other) {
        return IntStream.range(0, Math.min(perSecond.size(), other.perSecond.size()))
                .mapToObj(round -> perSecond.get(round) / other.perSecond.get(round))
                .toList();
    }

    /** Returns the operations a second of the middle round. */
    double median() {
        return median(perSecond);
    }

    private static double median(List<Score> scores, ToDoubleFunction<Score> of) {
        return median(scores.stream()
                .map(of::applyAsDouble)
                .filter(value -> !value.isNaN())
                .toList());
    }

    /** Returns the middle value, or what is not a number if there is none. */
    static double median(List<Double> values) {
        if (values.isEmpty()) {
            return Double.NaN;
        }
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
