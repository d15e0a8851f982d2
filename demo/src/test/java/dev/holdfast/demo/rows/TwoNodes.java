package dev.holdfast.demo.rows;

import dev.holdfast.session.SessionEvent;
import dev.holdfast.session.Sessions;
import dev.holdfast.session.SessionsBuilder;
import dev.holdfast.session.spi.SessionStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** Two nodes of one application: each has its own store object, and they share the sessions. */
final class TwoNodes implements AutoCloseable {

    final TickingClock clock = new TickingClock();
    final List<SessionEvent> events = new CopyOnWriteArrayList<>();
    final Sessions one;
    final Sessions two;

    TwoNodes(EachStore kind, Path directory, UnaryOperator<SessionsBuilder> settings) {
        one = open(kind.open(directory), settings);
        two = open(kind.open(directory), settings);
    }

    private Sessions open(SessionStore store, UnaryOperator<SessionsBuilder> settings) {
        return settings.apply(Sessions.builder(store)
                        .clock(clock)
                        .purgeInterval(Duration.ZERO)
                        .listener(events::add))
                .build();
    }

    @Override
    public void close() {
        for (Sessions node : List.of(one, two)) {
            node.close();
            node.store().close();
        }
    }
}
