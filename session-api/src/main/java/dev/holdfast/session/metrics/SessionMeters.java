package dev.holdfast.session.metrics;

import dev.holdfast.session.EndReason;
import dev.holdfast.session.SaveOutcome;
import dev.holdfast.session.SessionEvent;
import dev.holdfast.session.StoreAnswer;
import dev.holdfast.session.StoreVerb;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** The meters of one registry; all there from the start, so that nothing is looked up while requests wait. */
final class SessionMeters {

    private final Counter created;
    private final Map<SaveOutcome, Counter> saved;
    private final DistributionSummary payload;
    private final Counter renewed;
    private final Map<EndReason, Counter> ended;
    private final Counter conflictsRetried;
    private final Counter conflictsReported;
    private final Counter unknownIds;
    private final Counter undecodable;
    private final Map<StoreVerb, Map<StoreAnswer, Timer>> calls;
    private final Timer purges;
    private final Timer failedPurges;
    private final Counter purged;

    SessionMeters(MeterRegistry registry) {
        created = registry.counter("holdfast.sessions.created");
        saved = each(
                SaveOutcome.class, outcome -> registry.counter("holdfast.sessions.saved", "outcome", text(outcome)));
        payload = DistributionSummary.builder("holdfast.sessions.payload")
                .baseUnit("bytes")
                .register(registry);
        renewed = registry.counter("holdfast.sessions.renewed");
        ended = each(EndReason.class, reason -> registry.counter("holdfast.sessions.ended", "reason", text(reason)));
        conflictsRetried = registry.counter("holdfast.sessions.conflicts", "retried", "true");
        conflictsReported = registry.counter("holdfast.sessions.conflicts", "retried", "false");
        unknownIds = registry.counter("holdfast.sessions.unknown.ids");
        undecodable = registry.counter("holdfast.sessions.undecodable");
        calls = each(
                StoreVerb.class,
                verb -> each(
                        StoreAnswer.class,
                        answer -> registry.timer(
                                "holdfast.store.calls", "verb", verb.toString(), "answer", text(answer))));
        purges = registry.timer("holdfast.purges", "failed", "false");
        failedPurges = registry.timer("holdfast.purges", "failed", "true");
        purged = registry.counter("holdfast.purged");
    }

    private static <K extends Enum<K>, V> Map<K, V> each(Class<K> type, Function<K, V> meter) {
        Map<K, V> meters = new EnumMap<>(type);
        Arrays.stream(type.getEnumConstants()).forEach(constant -> meters.put(constant, meter.apply(constant)));
        return meters;
    }

    private static String text(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    void count(StoreVerb verb, StoreAnswer answer, Duration took) {
        of(of(calls, verb), answer).record(took);
    }

    void count(SessionEvent event) {
        if (event instanceof SessionEvent.Created session) {
            created.increment();
            payload.record(session.payloadBytes());
        } else if (event instanceof SessionEvent.Saved session) {
            of(saved, session.outcome()).increment();
            if (session.outcome() == SaveOutcome.UPDATED) {
                payload.record(session.payloadBytes());
            }
        } else if (event instanceof SessionEvent.Ended session) {
            of(ended, session.reason()).increment();
        } else if (event instanceof SessionEvent.Conflict conflict) {
            (conflict.retried() ? conflictsRetried : conflictsReported).increment();
        } else if (event instanceof SessionEvent.Purged purge) {
            (purge.failed() ? failedPurges : purges).record(purge.took());
            purged.increment(purge.removed());
        } else if (event instanceof SessionEvent.Renewed) {
            renewed.increment();
        } else if (event instanceof SessionEvent.UnknownId) {
            unknownIds.increment();
        } else if (event instanceof SessionEvent.Undecodable) {
            undecodable.increment();
        }
    }

    private static <K, V> V of(Map<K, V> meters, K key) {
        return Objects.requireNonNull(meters.get(key));
    }
}
