package dev.holdfast.demo.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.holdfast.session.CapPolicy;
import dev.holdfast.session.Concurrency;
import dev.holdfast.session.Session;
import dev.holdfast.session.SessionId;
import dev.holdfast.session.Sessions;
import dev.holdfast.session.spi.Payload;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoredSession;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Nothing that is logged, told or thrown gives a session away. */
@ParameterizedClass
@EnumSource(EachStore.class)
class LogRowsTest {

    private static final String SECRET = "canary-7f3a";

    private final Logger root = Logger.getLogger("dev.holdfast");
    private final Queue<String> logged = new ConcurrentLinkedQueue<>();
    private final Handler capture = new Handler() {
        @Override
        public void publish(LogRecord logRecord) {
            logged.add(new SimpleFormatter().format(logRecord));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private final TickingClock clock = new TickingClock();
    private final EachStore kind;

    @TempDir
    private Path directory;

    @Nullable
    private SessionStore opened;

    private final List<Session> used = new ArrayList<>();
    private final List<String> ids = new ArrayList<>();

    LogRowsTest(EachStore kind) {
        this.kind = kind;
    }

    private SessionStore store() {
        return Objects.requireNonNull(opened);
    }

    @BeforeEach
    void listen() {
        opened = kind.open(directory);
        root.setLevel(Level.ALL);
        root.addHandler(capture);
    }

    @AfterEach
    void stop() {
        root.removeHandler(capture);
        root.setLevel(null);
        store().close();
    }

    private Session use(Session session) {
        used.add(session);
        ids.add(session.id().value());
        return session;
    }

    private Session stored(Sessions sessions) {
        Session session = use(sessions.open(null));
        session.put("secret", SECRET);
        session.save();
        return session;
    }

    private void damage(Session session) {
        StoredSession damaged = store().load(session.id().key()).orElseThrow();
        store().update(
                        new StoredSession(
                                damaged.key(),
                                1,
                                damaged.createdAt(),
                                damaged.lastAccessedAt(),
                                damaged.expiresAt(),
                                damaged.idleTimeout(),
                                null,
                                Payload.wrap((SECRET + " in a foreign format").getBytes(StandardCharsets.UTF_8))),
                        damaged.version());
    }

    /** Uses every feature that may log, tell or throw. */
    private void live(Sessions sessions) {
        Session session = stored(sessions);
        session.principal("alice");
        session.rotateId();
        ids.add(session.id().value());
        logged.add(session.toString() + session.id() + sessions.sessionsOf("alice"));

        Session strict = use(sessions.open(session.id().value(), Concurrency.STRICT));
        session.put("other", 1);
        session.save();
        strict.put("secret", SECRET + "2");
        strict.save();
        logged.add(String.valueOf(catchThrowable(() -> strict.put("unstorable", new Object() {
            @Override
            public String toString() {
                return SECRET;
            }
        }))));
        logged.add(String.valueOf(catchThrowable(() -> strict.get("secret", Integer.class))));

        sessions.find(use(sessions.open(null)).id().value());
        sessions.find(SECRET);
        Session foreign = stored(sessions);
        damage(foreign);
        sessions.find(foreign.id().value());

        Session big = use(sessions.open(null));
        big.put("secret", SECRET.repeat(1000));
        logged.add(String.valueOf(catchThrowable(big::save)));

        sessions.endOthers(session);
        sessions.endAll("alice");
        sessions.endEverySession();
        logged.add(String.valueOf(catchThrowable(session::rotateId)));
        clock.advance(Duration.ofDays(1));
        sessions.purge();
    }

    @Test
    @DisplayName("S78, F4: neither an id nor its key nor a value shows in logs, events, exceptions and texts")
    void nothing_shows() throws Exception {
        SessionStore closed = kind.open(directory.resolve("closed"));
        closed.close();
        try (Sessions heard = Sessions.builder(store())
                        .clock(clock)
                        .purgeInterval(Duration.ZERO)
                        .maxPayloadBytes(1000)
                        .globalRevocation(Duration.ofSeconds(1))
                        .maxSessionsPerPrincipal(1, CapPolicy.END_OLDEST)
                        .listener(event -> logged.add(event.toString()))
                        .listener(event -> {
                            throw new IllegalStateException("listener");
                        })
                        .build();
                Sessions unheard = Sessions.builder(store())
                        .clock(clock)
                        .purgeInterval(Duration.ZERO)
                        .maxPayloadBytes(1000)
                        .globalRevocation(Duration.ofSeconds(1))
                        .build();
                Sessions purging = Sessions.builder(closed)
                        .purgeInterval(Duration.ofMillis(1))
                        .build()) {
            live(heard);
            live(unheard);
            long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (purging.purgeProgress().failures() == 0 && System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            assertThat(purging.purgeProgress().failures()).isPositive();
            logged.add(String.valueOf(purging.purgeProgress()));
        }
        assertThat(logged).hasSizeGreaterThan(30).anyMatch(line -> line.matches("(?s).*s-[0-9a-f]{16}.*"));
        assertThat(ids).hasSizeGreaterThan(10);
        for (String id : ids) {
            String key = SessionId.parse(id).orElseThrow().key().toString();
            assertThat(logged).noneMatch(line -> line.contains(id));
            // the list of a user's sessions shows handles: that is what it is for
            assertThat(logged)
                    .filteredOn(line -> !line.contains("SessionSummary"))
                    .noneMatch(line -> line.contains(key.substring(0, 8)));
        }
        assertThat(logged).noneMatch(line -> line.contains(SECRET));
        assertThat(used).allSatisfy(session -> assertThat(session.toString()).doesNotContain(SECRET));
    }
}
