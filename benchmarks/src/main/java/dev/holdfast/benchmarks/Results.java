package dev.holdfast.benchmarks;

import dev.holdfast.benchmarks.Contender.Role;
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
record Results(Environment environment, List<Row> rows, List<Size> sizes, List<String> flames) {

    private static final JsonMapper JSON = new JsonMapper();

    static Results read(Path folder) throws IOException {
        Map<String, List<Score>> floors = new HashMap<>();
        Map<String, List<Score>> others = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(file -> file.getFileName().toString().startsWith("round-"))
                    .sorted()
                    .toList()) {
                for (JsonNode result : JSON.readTree(Files.readString(file))) {
                    Score score = Score.of(result);
                    Standing standing = Standing.of(score);
                    boolean floor = standing.role() == Role.FLOOR;
                    // a store before its peers
                    String name = floor ? "" : (standing.role() == Role.PEER ? "\t2" : "\t1") + standing.label();
                    (floor ? floors : others)
                            .computeIfAbsent(place(score) + name, any -> new ArrayList<>())
                            .add(score);
                }
            }
        }
        List<Row> rows = others.values().stream()
                .map(scores -> row(scores, floors.getOrDefault(place(scores.get(0)), List.of())))
                .toList();
        return new Results(Environment.read(folder), rows, Size.read(folder), Flames.of(folder));
    }

    private static Row row(List<Score> scores, List<Score> floor) {
        Score any = scores.get(0);
        Standing standing = Standing.of(any);
        return new Row(
                any.layer(),
                any.operation(),
                standing.engine(),
                standing.label(),
                standing.role() == Role.PEER,
                any.load(),
                Measured.of(scores),
                Measured.of(floor));
    }

    /** Returns what a store, its floor and its peers have in common. */
    private static String place(Score score) {
        return score.layer()
                + '\t'
                + score.operation()
                + '\t'
                + Standing.of(score).engine()
                + '\t'
                + score.load();
    }

    /** Returns how many times as fast as the fastest peer a store is, in the middle of the rounds, if there is a peer. */
    OptionalDouble timesBestPeer(Row row) {
        return rows.stream()
                .filter(other -> !row.peer() && other.peer() && other.isBeside(row))
                .mapToDouble(peer -> Measured.median(row.own().over(peer.own())))
                .min();
    }

    /** Returns whether anything of an engine was measured. */
    boolean has(String engine) {
        return rows.stream().anyMatch(row -> row.engine().equals(engine))
                || sizes.stream()
                        .anyMatch(size -> Standing.of(size.contender()).engine().equals(engine));
    }
}
