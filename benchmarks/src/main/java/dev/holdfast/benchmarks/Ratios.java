package dev.holdfast.benchmarks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;

/** Each subject's speed as a share of its floor's, in each round of a run. */
final class Ratios {

    private final Map<String, Cell> cells = new TreeMap<>();

    private static final class Cell {
        private final List<Double> subject = new ArrayList<>();
        private final List<Double> floor = new ArrayList<>();
    }

    static Ratios of(List<Collection<RunResult>> rounds) {
        Ratios ratios = new Ratios();
        for (Collection<RunResult> round : rounds) {
            round.forEach(ratios::add);
        }
        return ratios;
    }

    private void add(RunResult result) {
        String benchmark = result.getParams().getBenchmark();
        String contender = result.getParams().getParam("contender");
        String name = benchmark.substring(benchmark.lastIndexOf('.', benchmark.lastIndexOf('.') - 1) + 1);
        String row = name + " | " + contender.replace("_FLOOR", "").toLowerCase(Locale.ROOT);
        double score = result.getPrimaryResult().getScore();
        double perSecond = result.getParams().getMode() == Mode.SingleShotTime ? 1_000_000 / score : score;
        Cell cell = cells.computeIfAbsent(row, any -> new Cell());
        (contender.endsWith("_FLOOR") ? cell.floor : cell.subject).add(perSecond);
    }

    String table(String command) {
        StringBuilder text = new StringBuilder("# Measured beside the floor, three rounds in one run\n\n")
                .append("`")
                .append(command)
                .append("`\n\n")
                .append("JDK ")
                .append(Runtime.version())
                .append(", ")
                .append(Runtime.getRuntime().availableProcessors())
                .append(" processors, one thread, ")
                .append(System.getProperty("os.name"))
                .append(". The ratio is the median of the rounds, with the least and the greatest.\n\n")
                .append("| benchmark | store | ops/s | floor ops/s | ratio | rounds |\n|---|---|--:|--:|--:|---|\n");
        cells.forEach((row, cell) -> {
            if (cell.subject.size() == cell.floor.size() && !cell.floor.isEmpty()) {
                List<Double> ratios = new ArrayList<>();
                for (int round = 0; round < cell.floor.size(); round++) {
                    ratios.add(cell.subject.get(round) / cell.floor.get(round));
                }
                ratios.sort(null);
                text.append(String.format(
                        Locale.ROOT,
                        "| %s | %,.0f | %,.0f | %.2f | %.2f – %.2f |%n",
                        row,
                        median(cell.subject),
                        median(cell.floor),
                        median(ratios),
                        ratios.get(0),
                        ratios.get(ratios.size() - 1)));
            }
        });
        return text.toString();
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
