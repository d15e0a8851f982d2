package dev.holdfast.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.session.SaveOutcome;
import dev.holdfast.session.Session;
import dev.holdfast.session.SessionEvent;
import dev.holdfast.session.SessionStores;
import dev.holdfast.session.Sessions;
import dev.holdfast.session.spi.SessionStore;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** An optional library that is not there is missed by nothing but what needs it. */
class WithoutMicrometerTest {

    @Test
    @DisplayName("without Micrometer everything but its metrics works")
    void noMicrometer() {
        assertThatThrownBy(() -> Class.forName("io.micrometer.core.instrument.MeterRegistry"))
                .isInstanceOf(ClassNotFoundException.class);
        List<SessionEvent> events = new CopyOnWriteArrayList<>();
        try (SessionStore store = SessionStores.open(URI.create("memory:without-micrometer"));
                Sessions sessions = Sessions.builder(store).listener(events::add).build()) {
            Session session = sessions.open(null);
            session.put("cart", "tea");
            assertThat(session.save()).isEqualTo(SaveOutcome.CREATED);
            assertThat(events).isNotEmpty();
            assertThatThrownBy(() -> Class.forName("dev.holdfast.session.metrics.SessionMetrics"))
                    .isInstanceOf(NoClassDefFoundError.class);
        }
    }
}
