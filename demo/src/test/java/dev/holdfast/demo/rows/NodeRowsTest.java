package dev.holdfast.demo.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.session.SaveOutcome;
import dev.holdfast.session.Session;
import dev.holdfast.session.Sessions;
import dev.holdfast.session.SessionsBuilder;
import dev.holdfast.session.codec.TypedCodec;
import dev.holdfast.session.spi.SessionStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Nodes that differ: in their clock, their classes, and what stands on their class path. */
@ParameterizedClass
@EnumSource(EachStore.class)
class NodeRowsTest {

    private enum Size {
        SMALL
    }

    private final EachStore kind;

    @TempDir
    private Path directory;

    NodeRowsTest(EachStore kind) {
        this.kind = kind;
    }

    private static SessionsBuilder on(SessionStore store) {
        return Sessions.builder(store).purgeInterval(Duration.ZERO);
    }

    @Test
    @DisplayName("R43: on a node whose clock leaps ahead or back no session is lost for the others, nor for it later")
    void clocks() {
        for (Duration leap : List.of(Duration.ofHours(1), Duration.ofHours(-1), Duration.ofDays(365))) {
            TickingClock leaping = new TickingClock();
            try (SessionStore one = kind.open(directory);
                    SessionStore two = kind.open(directory);
                    Sessions right = on(one).build();
                    Sessions wrong = Sessions.builder(two)
                            .clock(leaping)
                            .purgeInterval(Duration.ofMillis(2))
                            .build()) {
                Session session = right.open(null);
                session.put("cart", "tea");
                session.save();
                String id = session.id().value();

                leaping.advance(leap);
                Session there = wrong.open(id);
                if (!there.isNew()) {
                    there.put("seen", true);
                    assertThat(there.save()).isEqualTo(SaveOutcome.UPDATED);
                }
                wrong.purge();
                assertThat(right.open(id).get("cart")).as("after %s", leap).isEqualTo("tea");
                leaping.advance(leap.negated());
                assertThat(wrong.open(id).get("cart")).as("after %s", leap).isEqualTo("tea");
            }
        }
    }

    @Test
    @DisplayName("R48: a node that lacks a class leaves its values as they are, and other nodes go on reading them")
    void classes() {
        TypedCodec withSize = TypedCodec.builder().allowEnum(Size.class).build();
        try (SessionStore one = kind.open(directory);
                SessionStore two = kind.open(directory);
                Sessions fresh = on(one).codec(withSize).build();
                Sessions old = on(two).build()) {
            Session session = fresh.open(null);
            session.put("size", Size.SMALL);
            session.put("list", List.of(Size.SMALL));
            session.save();
            String id = session.id().value();

            Session there = old.open(id);
            assertThat(there.get("size")).isNull();
            assertThat(there.get("list")).isNull();
            there.put("cart", "tea");
            there.save();

            Session back = fresh.open(id);
            assertThat(back.get("size")).isEqualTo(Size.SMALL);
            assertThat(back.get("list")).isEqualTo(List.of(Size.SMALL));
            assertThat(back.get("cart")).isEqualTo("tea");
        }
    }

    @Test
    @DisplayName("S69: no attribute's name reaches what a session keeps about itself")
    void reservedNames() {
        try (SessionStore store = kind.open(directory);
                Sessions sessions = on(store).build()) {
            Session session = sessions.open(null);
            for (String name : List.of("", "__x", "principal", "LOGIN", "AUTHENTICATED_AT", "\u0006", "\u0001\u0000")) {
                session.put(name, "mallory");
            }
            session.save();
            Session later = sessions.open(session.id().value());
            assertThat(later.principal()).isEmpty();
            assertThat(later.authenticatedAt()).isEmpty();
            assertThat(later.names()).hasSize(7);
            later.clear();
            later.principal("alice");
            later.save();
            Session loggedIn = sessions.open(session.id().value());
            assertThat(loggedIn.names()).isEmpty();
            loggedIn.clear();
            loggedIn.save();
            assertThat(sessions.open(session.id().value()).authenticatedAt()).isPresent();
        }
    }

    @Test
    @DisplayName("without Micrometer everything but its metrics works")
    void noMicrometer() {
        assertThatThrownBy(() -> Class.forName("io.micrometer.core.instrument.MeterRegistry"))
                .isInstanceOf(ClassNotFoundException.class);
        try (TwoNodes nodes = new TwoNodes(kind, directory, settings -> settings)) {
            Session session = nodes.one.open(null);
            session.put("cart", "tea");
            assertThat(session.save()).isEqualTo(SaveOutcome.CREATED);
            assertThat(nodes.events).isNotEmpty();
            assertThatThrownBy(() -> Class.forName("dev.holdfast.session.metrics.SessionMetrics"))
                    .isInstanceOf(NoClassDefFoundError.class);
        }
    }
}
