package dev.holdfast.benchmarks;

import dev.holdfast.benchmarks.Chart.Card;
import dev.holdfast.benchmarks.Chart.Group;
import dev.holdfast.benchmarks.Chart.Section;
import dev.holdfast.benchmarks.Score.Percentiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** How long and how much: the charts of latencies and of bytes. */
record CostCharts(Results results) {

    private static final List<Card> PENDING = List.of(new Card("Pending", "Not measured in this run.", List.of()));

    /** The percentiles of an operation on one logarithmic scale. */
    Section latencies() {
        List<Row> sampled = results.rows().stream()
                .filter(row -> row.own().percentiles().known())
                .filter(row -> row.isBase() || row.operation().equals("loadBeside"))
                .toList();
        double least = sampled.stream()
                .mapToDouble(row -> row.own().percentiles().median())
                .min()
                .orElse(1);
        double most = sampled.stream()
                .mapToDouble(row -> row.own().percentiles().p999())
                .max()
                .orElse(1);
        List<Card> cards = new ArrayList<>();
        for (String engine : sampled.stream().map(Row::engine).distinct().toList()) {
            Map<String, List<Bar>> groups = new LinkedHashMap<>();
            for (Row row : sampled) {
                if (row.engine().equals(engine)) {
                    boolean beside = row.operation().equals("loadBeside");
                    List<Bar> bars = groups.computeIfAbsent(
                            beside ? "store load while sessions expire" : row.layer() + " " + row.operation(),
                            any -> new ArrayList<>());
                    bars.add(points(
                            row.peer() ? "peer" : "store",
                            beside ? row.load() : row.store(),
                            row.own().percentiles(),
                            least,
                            most));
                    if (!row.peer() && row.floor().percentiles().known()) {
                        bars.add(points("floor", "floor", row.floor().percentiles(), least, most));
                    }
                }
            }
            cards.add(new Card(engine, "", groups(groups)));
        }
        return new Section(
                "How long one takes",
                "The median, 99 % and 99.9 % of single operations, in microseconds"
                        + (sampled.isEmpty()
                                ? "."
                                : ", on one logarithmic scale from " + micros(least) + " to " + micros(most) + "."),
                cards.isEmpty() ? PENDING : cards);
    }

    private static Bar points(String kind, String label, Percentiles of, double least, double most) {
        return Bar.points(
                kind,
                label,
                List.of(
                        dot("p50", of.median(), least, most),
                        dot("p99", of.p99(), least, most),
                        dot("p999", of.p999(), least, most)),
                micros(of.median()) + " · " + micros(of.p99()) + " · " + micros(of.p999()),
                "");
    }

    private static Bar.Mark dot(String kind, double micros, double least, double most) {
        double share = Math.log(micros / least) / Math.log(most / least);
        return new Bar.Mark(kind, Bar.percent(0.02 + 0.96 * share), micros(micros) + " µs");
    }

    private static String micros(double micros) {
        return String.format(Locale.ROOT, micros < 10 ? "%.1f" : "%,.0f", micros);
    }

    /** What a session takes up, what it sends, and what it leaves to the garbage collector. */
    Section bytes() {
        Map<String, Map<String, List<Bar>>> engines = new LinkedHashMap<>();
        sized(engines, "a session at rest", Size.AT_REST);
        sized(engines, "an idle session on the heap", Size.HEAP);
        for (String operation : List.of("read", "write", "touch", "request", "create")) {
            sized(engines, operation + ", on the wire", Size.WIRE + operation);
        }
        for (String operation : List.of("read", "write", "touch", "request", "create")) {
            allocated(engines, operation);
        }
        List<Card> cards = engines.entrySet().stream()
                .map(engine -> new Card(engine.getKey(), "", groups(engine.getValue())))
                .toList();
        return new Section(
                "What it takes up",
                "Bytes of a session of ten attributes: in files or in the server with all that the engine adds; to the server"
                        + " and back; and allocated by one operation through Sessions. On the heap a session holds "
                        + Footprint.PAYLOAD_BYTES
                        + " opaque bytes. The floor holds as many without anything around them.",
                cards.isEmpty() ? PENDING : cards);
    }

    private void sized(Map<String, Map<String, List<Bar>>> engines, String title, String what) {
        List<Size> sizes = results.sizes().stream()
                .filter(size -> size.what().equals(what))
                .toList();
        for (String engine : sizes.stream()
                .map(size -> Standing.of(size.contender()).engine())
                .distinct()
                .toList()) {
            Map<String, Double> bytes = new LinkedHashMap<>();
            for (Size size : sizes) {
                Standing standing = Standing.of(size.contender());
                if (standing.engine().equals(engine)) {
                    bytes.put(standing.label(), size.bytes());
                }
            }
            add(engines, engine, title, bytes);
        }
    }

    private void allocated(Map<String, Map<String, List<Bar>>> engines, String operation) {
        Predicate<Row> shown =
                row -> row.layer().equals("sessions") && row.operation().equals(operation) && row.isBase();
        for (String engine : results.rows().stream()
                .filter(shown)
                .map(Row::engine)
                .distinct()
                .toList()) {
            Map<String, Double> bytes = new LinkedHashMap<>();
            results.rows().stream()
                    .filter(shown.and(row -> row.engine().equals(engine)))
                    .forEach(row -> {
                        put(bytes, row.store(), row.own().bytes());
                        if (!row.peer()) {
                            put(bytes, "floor", row.floor().bytes());
                        }
                    });
            if (!bytes.isEmpty()) {
                add(engines, engine, operation + ", allocated", bytes);
            }
        }
    }

    private static void put(Map<String, Double> bytes, String label, double value) {
        if (!Double.isNaN(value)) {
            bytes.put(label, value);
        }
    }

    private static void add(
            Map<String, Map<String, List<Bar>>> engines, String engine, String title, Map<String, Double> bytes) {
        double most = bytes.values().stream().mapToDouble(value -> value).max().orElse(1);
        List<Bar> bars = bytes.entrySet().stream()
                .map(one -> Bar.of(
                        kind(engine, one.getKey()),
                        one.getKey(),
                        one.getValue() / most,
                        String.format(Locale.ROOT, "%,.0f B", one.getValue()),
                        ""))
                .toList();
        engines.computeIfAbsent(engine, any -> new LinkedHashMap<>()).put(title, bars);
    }

    private static String kind(String engine, String label) {
        Stream<Contender> ofEngine =
                Arrays.stream(Contender.values()).filter(known -> known.engine().equals(engine));
        return ofEngine.filter(known -> known.label().equals(label))
                .map(known -> known.role().name().toLowerCase(Locale.ROOT))
                .findFirst()
                .orElse("store");
    }

    private static List<Group> groups(Map<String, List<Bar>> bars) {
        return bars.entrySet().stream()
                .map(group -> new Group(group.getKey(), "", group.getValue()))
                .toList();
    }
}
