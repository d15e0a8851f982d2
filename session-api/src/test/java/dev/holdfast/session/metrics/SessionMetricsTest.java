package dev.holdfast.session.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.Concurrency;
import dev.holdfast.session.Session;
import dev.holdfast.session.Sessions;
import dev.holdfast.session.memory.MemorySessionStore;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** S78: what Micrometer sees. */
class SessionMetricsTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final SessionMetrics metrics = SessionMetrics.create();
    private final MemorySessionStore store = MemorySessionStore.create();
    private final Sessions sessions = Sessions.builder(store)
            .purgeInterval(Duration.ZERO)
            .listener(metrics)
            .build();

    private double count(String name, String... tags) {
        return registry.get(name).tags(tags).counter().count();
    }

    @Test
    @DisplayName("S78: counts, latencies, conflicts, retries, payload sizes and purges are measured")
    void measures() {
        metrics.bindTo(registry);
        Session session = sessions.open(null);
        session.principal("alice");
        session.put("cart", "tea");
        session.save();
        String id = session.id().value();
        Session strict = sessions.open(id, Concurrency.STRICT);
        Session merging = sessions.open(id);
        session.put("cart", "bread");
        session.save();
        strict.put("a", 1);
        strict.save();
        merging.put("b", 2);
        merging.save();
        merging.rotateId();
        sessions.find(id);
        merging.invalidate();
        sessions.purge();

        assertThat(count("holdfast.sessions.created")).isEqualTo(1);
        assertThat(count("holdfast.sessions.saved", "outcome", "updated")).isEqualTo(2);
        assertThat(count("holdfast.sessions.saved", "outcome", "conflict")).isEqualTo(1);
        assertThat(count("holdfast.sessions.conflicts", "retried", "true")).isEqualTo(1);
        assertThat(count("holdfast.sessions.conflicts", "retried", "false")).isEqualTo(1);
        assertThat(count("holdfast.sessions.renewed")).isEqualTo(1);
        assertThat(count("holdfast.sessions.ended", "reason", "replaced")).isEqualTo(1);
        assertThat(count("holdfast.sessions.ended", "reason", "invalidated")).isEqualTo(1);
        assertThat(count("holdfast.sessions.unknown.ids")).isEqualTo(1);
        assertThat(count("holdfast.purged")).isEqualTo(1);
        assertThat(registry.get("holdfast.purges")
                        .tags("failed", "false")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("holdfast.sessions.payload").summary().count()).isEqualTo(3);
        assertThat(registry.get("holdfast.sessions.payload").summary().max()).isGreaterThan(10);
        assertThat(registry.get("holdfast.store.calls")
                        .tags("verb", "update", "answer", "answered")
                        .timer()
                        .count())
                .isGreaterThanOrEqualTo(4);
        assertThat(registry.getMeters().stream()
                        .map(Meter::getId)
                        .flatMap(meter -> meter.getTags().stream())
                        .map(Tag::getValue)
                        .collect(Collectors.toSet()))
                .as("few values, and none that names anybody")
                .hasSizeLessThan(40)
                .doesNotContain("alice");
    }

    @Test
    @DisplayName("before it is bound it does nothing")
    void unbound() {
        Session session = sessions.open(null);
        session.put("a", 1);
        session.save();
        assertThat(registry.getMeters()).isEmpty();
    }
}
