package dev.holdfast.benchmarks;

import dev.holdfast.benchmarks.Score.Percentiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** All that a comparison measured, each store beside its floor. */
record Results(Environment environment, List<Row> rows) {

    private static final JsonMapper JSON = new JsonMapper();

    /**
     * One store in one operation, over all rounds.
     *
     * @param store the engine's name, or that of a store from outside
     * @param floor the floor's operations a second in the same rounds, or none if it has no floor
     */
    record Row(
            String layer,
            String operation,
            String store,
            String load,
            List<Double> perSecond,
            List<Double> floor,
            Percentiles percentiles) {

        double median() {
            return median(perSecond);
        }

        double floorMedian() {
            return median(floor);
        }

        boolean hasFloor() {
            return !floor.isEmpty() && floor.size() == perSecond.size();
        }

        /** Returns the share of the floor in each round, the least first. */
        List<Double> ratios() {
            List<Double> ratios = new ArrayList<>();
            for (int round = 0; round < floor.size(); round++) {
                ratios.add(perSecond.get(round) / floor.get(round));
            }
            ratios.sort(null);
            return ratios;
        }

        /** Returns the median of the rounds' ratios. */
        double ratio() {
            return median(ratios());
        }

        OptionalDouble goal() {
            return Goals.of(layer, operation, store, load);
        }

        private static double median(List<Double> values) {
            return values.stream().sorted().toList().get(values.size() / 2);
        }
    }

    static Results read(Path folder) throws IOException {
        Map<String, List<Score>> byPlace = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(file -> file.getFileName().toString().startsWith("round-"))
                    .sorted()
                    .toList()) {
                for (JsonNode result : JSON.readTree(Files.readString(file))) {
                    Score score = Score.of(result);
                    String place =
                            score.layer() + '\t' + score.operation() + '\t' + engine(score) + '\t' + score.load();
                    byPlace.computeIfAbsent(place, any -> new ArrayList<>()).add(score);
                }
            }
        }
        return new Results(
                Environment.read(folder),
                byPlace.values().stream().map(Results::row).toList());
    }

    private static Row row(List<Score> scores) {
        Score any = scores.get(0);
        List<Double> store = new ArrayList<>();
        List<Double> floor = new ArrayList<>();
        Percentiles percentiles = Percentiles.NONE;
        for (Score score : scores) {
            if (score.percentiles().known()) {
                percentiles = isFloor(score) ? percentiles : score.percentiles();
            } else {
                (isFloor(score) ? floor : store).add(score.perSecond());
            }
        }
        return new Row(any.layer(), any.operation(), engine(any), any.load(), store, floor, percentiles);
    }

    private static String engine(Score score) {
        return Contender.named(score.contender()).map(Contender::engine).orElse(score.contender());
    }

    private static boolean isFloor(Score score) {
        Optional<Contender> known = Contender.named(score.contender());
        return known.isPresent() && known.get().role() == Contender.Role.FLOOR;
    }
}
