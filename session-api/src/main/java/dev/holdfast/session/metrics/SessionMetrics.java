package dev.holdfast.session.metrics;

import dev.holdfast.session.SessionEvent;
import dev.holdfast.session.SessionListener;
import dev.holdfast.session.StoreAnswer;
import dev.holdfast.session.StoreVerb;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Measures sessions with Micrometer: a listener that is also a binder.
 *
 * <pre>{@code
 * SessionMetrics metrics = SessionMetrics.create();
 * metrics.bindTo(registry);
 * Sessions sessions = Sessions.builder(store).listener(metrics).build();
 * }</pre>
 *
 * <table>
 * <caption>The meters, whose tags have few values and never name a session or a principal</caption>
 * <tr><th>name</th><th>what</th><th>tags</th></tr>
 * <tr><td>{@code holdfast.sessions.created}</td><td>counter</td><td></td></tr>
 * <tr><td>{@code holdfast.sessions.saved}</td><td>counter</td><td>{@code outcome}</td></tr>
 * <tr><td>{@code holdfast.sessions.payload}</td><td>sizes in bytes of what was created or updated</td><td></td></tr>
 * <tr><td>{@code holdfast.sessions.renewed}</td><td>counter</td><td></td></tr>
 * <tr><td>{@code holdfast.sessions.ended}</td><td>counter</td><td>{@code reason}</td></tr>
 * <tr><td>{@code holdfast.sessions.conflicts}</td><td>counter</td><td>{@code retried}</td></tr>
 * <tr><td>{@code holdfast.sessions.unknown.ids}</td><td>counter</td><td></td></tr>
 * <tr><td>{@code holdfast.sessions.undecodable}</td><td>counter</td><td></td></tr>
 * <tr><td>{@code holdfast.store.calls}</td><td>timer</td><td>{@code verb}, {@code answer}</td></tr>
 * <tr><td>{@code holdfast.purges}</td><td>timer</td><td>{@code failed}</td></tr>
 * <tr><td>{@code holdfast.purged}</td><td>counter of removed records</td><td></td></tr>
 * </table>
 *
 * <p>Counts from {@link #bindTo} on. Thread-safe.
 */
// whoever uses this has Micrometer; nobody else should have to
@SuppressWarnings("exports")
public final class SessionMetrics implements SessionListener, MeterBinder {

    private volatile @Nullable SessionMeters meters;

    private SessionMetrics() {}

    /** Returns metrics that are bound to no registry yet. */
    public static SessionMetrics create() {
        return new SessionMetrics();
    }

    /** Registers the meters; only the registry bound last counts. */
    @Override
    public void bindTo(MeterRegistry registry) {
        meters = new SessionMeters(registry);
    }

    @Override
    public void on(SessionEvent event) {
        SessionMeters bound = meters;
        if (bound != null) {
            bound.count(event);
        }
    }

    @Override
    public void onStoreCall(StoreVerb verb, StoreAnswer answer, Duration took) {
        SessionMeters bound = meters;
        if (bound != null) {
            bound.count(verb, answer, took);
        }
    }
}
