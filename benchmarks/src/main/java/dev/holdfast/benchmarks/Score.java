package dev.holdfast.benchmarks;

import java.util.Locale;
import tools.jackson.databind.JsonNode;

/**
 * What one contender did in one operation of one round.
 *
 * @param layer {@code store} for opaque payloads, {@code sessions} for what goes through them, {@code codec} for the
 *     attributes' way to bytes and back
 * @param contender the name of a {@link Contender}, of a {@link Coding}, or of a store from outside
 * @param load what it worked on, such as {@code 1 KiB, 1 thread}
 * @param perSecond operations a second of all threads together
 * @param bytes allocated by one operation, not a number if nobody counted
 * @param percentiles of a single operation, if they were sampled
 */
record Score(
        String layer,
        String operation,
        String contender,
        String load,
        double perSecond,
        double bytes,
        Percentiles percentiles) {

    /** How long an operation took, in microseconds; not a number if nobody sampled. */
    record Percentiles(double median, double p99, double p999) {
        static final Percentiles NONE = new Percentiles(Double.NaN, Double.NaN, Double.NaN);

        boolean known() {
            return !Double.isNaN(median);
        }
    }

    /** Reads an entry of JMH's JSON. */
    static Score of(JsonNode result) {
        String[] path = result.path("benchmark").asString().split("\\.", -1);
        String type = path[path.length - 2];
        JsonNode metric = result.path("primaryMetric");
        boolean sampled = result.path("mode").asString().equals("sample");
        boolean perOperation = sampled || result.path("mode").asString().equals("ss");
        double score = metric.path("score").asDouble();
        double secondsPerUnit = metric.path("scoreUnit").asString().startsWith("us") ? 1e-6 : 1;
        return new Score(
                layer(type),
                path[path.length - 1],
                result.path("params").path("contender").asString(),
                load(type, result),
                perOperation ? 1 / (score * secondsPerUnit) : score,
                perOperation ? Double.NaN : allocated(result),
                sampled ? percentiles(metric.path("scorePercentiles"), secondsPerUnit * 1e6) : Percentiles.NONE);
    }

    private static String layer(String type) {
        return switch (type) {
            case "RequestBenchmark" -> "sessions";
            case "CodecBenchmark" -> "codec";
            default -> "store";
        };
    }

    /** Returns what the profiler counted; in batches it counts their preparation, too. */
    private static double allocated(JsonNode result) {
        JsonNode counted = result.path("secondaryMetrics").path("gc.alloc.rate.norm");
        return counted.isMissingNode() ? Double.NaN : counted.path("score").asDouble();
    }

    private static Percentiles percentiles(JsonNode of, double microseconds) {
        return new Percentiles(
                of.path("50.0").asDouble() * microseconds,
                of.path("99.0").asDouble() * microseconds,
                of.path("99.9").asDouble() * microseconds);
    }

    private static String load(String type, JsonNode result) {
        JsonNode params = result.path("params");
        int threads = result.path("threads").asInt();
        String running = threads == 1 ? "1 thread" : threads + " threads";
        return switch (type) {
            case "RequestBenchmark" -> "ten attributes, " + running;
            case "CodecBenchmark" ->
                (params.path("attributes").asInt() == 10
                                ? "ten"
                                : params.path("attributes").asString())
                        + " attributes, " + running;
            case "PurgeBenchmark" ->
                String.format(
                        Locale.ROOT,
                        "1,000 expired among %,d live",
                        params.path("live").asInt());
            case "ForegroundBenchmark" -> params.path("purging").asBoolean() ? Load.PURGING : Load.NOT_PURGING;
            case "BatchBenchmark" -> "1 KiB, " + running;
            default -> params.path("payloadBytes").asInt() / 1024 + " KiB, " + running;
        };
    }
}
