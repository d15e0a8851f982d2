package dev.holdfast.benchmarks;

import dev.holdfast.benchmarks.Contender.Role;
import dev.holdfast.benchmarks.Score.Percentiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** All that a comparison measured, each store beside its floor. */
record Results(Environment environment, List<Row> rows) {

    private static final JsonMapper JSON = new JsonMapper();

    /**
     * One store, or a peer of it, in one operation, over all rounds.
     *
     * @param engine what its floor and its peers have in common with it; a store from outside is its own
     * @param store the store's name, or the peer's
     * @param peer whether it is another project's
     * @param floor the floor's operations a second in the same rounds, or none if it has no floor
     */
    record Row(
            String layer,
            String operation,
            String engine,
            String store,
            boolean peer,
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
            return peer ? OptionalDouble.empty() : Goals.of(layer, operation, store, load);
        }

        private static double median(List<Double> values) {
            List<Double> sorted = values.stream().sorted().toList();
            int middle = sorted.size() / 2;
            return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        }
    }

    static Results read(Path folder) throws IOException {
        Map<String, List<Score>> floors = new HashMap<>();
        Map<String, List<Score>> others = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(file -> file.getFileName().toString().startsWith("round-"))
                    .sorted()
                    .toList()) {
                for (JsonNode result : JSON.readTree(Files.readString(file))) {
                    Score score = Score.of(result);
                    Role role = role(score);
                    // a store before its peers
                    String name = role == Role.FLOOR ? "" : (role == Role.PEER ? "\t2" : "\t1") + label(score);
                    (role == Role.FLOOR ? floors : others)
                            .computeIfAbsent(place(score) + name, any -> new ArrayList<>())
                            .add(score);
                }
            }
        }
        List<Row> rows = others.values().stream()
                .map(scores -> row(scores, floors.getOrDefault(place(scores.get(0)), List.of())))
                .toList();
        return new Results(Environment.read(folder), rows);
    }

    private static Row row(List<Score> scores, List<Score> floor) {
        Score any = scores.get(0);
        Percentiles percentiles = scores.stream()
                .map(Score::percentiles)
                .filter(Percentiles::known)
                .reduce(Percentiles.NONE, (before, last) -> last);
        return new Row(
                any.layer(),
                any.operation(),
                engine(any),
                label(any),
                role(any) == Role.PEER,
                any.load(),
                perSecond(scores),
                perSecond(floor),
                percentiles);
    }

    private static List<Double> perSecond(List<Score> scores) {
        return scores.stream()
                .filter(score -> !score.percentiles().known())
                .map(Score::perSecond)
                .toList();
    }

    /** Returns what a store, its floor and its peers have in common. */
    private static String place(Score score) {
        return score.layer() + '\t' + score.operation() + '\t' + engine(score) + '\t' + score.load();
    }

    private static String engine(Score score) {
        return Contender.named(score.contender()).map(Contender::engine).orElse(score.contender());
    }

    private static String label(Score score) {
        return Contender.named(score.contender()).map(Contender::label).orElse(score.contender());
    }

    private static Role role(Score score) {
        return Contender.named(score.contender()).map(Contender::role).orElse(Role.STORE);
    }

    /** Returns how many times as fast as the fastest peer a store is, if there is a peer. */
    OptionalDouble timesBestPeer(Row row) {
        OptionalDouble best = rows.stream()
                .filter(other -> other.peer
                        && other.engine.equals(row.engine)
                        && other.layer.equals(row.layer)
                        && other.operation.equals(row.operation)
                        && other.load.equals(row.load))
                .mapToDouble(Row::median)
                .max();
        return row.peer || best.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(row.median() / best.getAsDouble());
    }
}
