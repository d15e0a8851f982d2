package dev.holdfast.session.compliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.holdfast.session.CapPolicy;
import dev.holdfast.session.Concurrency;
import dev.holdfast.session.Session;
import dev.holdfast.session.SessionId;
import dev.holdfast.session.Sessions;
import dev.holdfast.session.SessionsBuilder;
import dev.holdfast.session.spi.Payload;
import dev.holdfast.session.spi.PrincipalIndex;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoredSession;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** S78: nothing that is logged, told or thrown gives a session away. */
abstract class SilenceRows extends Rows {

    private static final String SECRET = "canary-7f3a";
    private static final int MAX_PAYLOAD = 1000;

    private final Logger root = Logger.getLogger("dev.holdfast");
    private final Queue<String> logged = new ConcurrentLinkedQueue<>();
    private final Handler capture = new Capture(logged);
    private final List<Session> used = new ArrayList<>();
    private final List<String> ids = new ArrayList<>();

    SilenceRows(SessionRows rows) {
        super(rows);
    }

    private static final class Capture extends Handler {

        private final Queue<String> lines;

        Capture(Queue<String> lines) {
            this.lines = lines;
        }

        @Override
        public void publish(LogRecord logRecord) {
            lines.add(new SimpleFormatter().format(logRecord));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    @BeforeEach
    final void listen() {
        root.setLevel(Level.ALL);
        root.addHandler(capture);
    }

    @AfterEach
    final void stopListening() {
        root.removeHandler(capture);
        root.setLevel(null);
    }

    private Session use(Session session) {
        used.add(session);
        ids.add(session.id().value());
        return session;
    }

    private Session filled(Sessions sessions) {
        Session session = use(sessions.open(null));
        session.put("secret", SECRET);
        session.save();
        return session;
    }

    private void damage(Session session) {
        SessionStore store = storeA.store();
        StoredSession damaged = store.load(session.id().key()).orElseThrow();
        byte[] foreign = (SECRET + " in a foreign format").getBytes(StandardCharsets.UTF_8);
        store.update(damaged.withPayload(Payload.wrap(foreign)), damaged.version());
    }

    /** Uses every feature that may log, tell or throw. */
    private void live(Sessions sessions) {
        Session session = filled(sessions);
        session.principal("alice");
        session.rotateId();
        ids.add(session.id().value());
        logged.add(session.toString() + session.id());

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
        Session foreign = filled(sessions);
        damage(foreign);
        sessions.find(foreign.id().value());

        Session big = use(sessions.open(null));
        big.put("secret", SECRET.repeat(MAX_PAYLOAD));
        logged.add(String.valueOf(catchThrowable(big::save)));

        if (sessions.canFindByPrincipal()) {
            logged.add(sessions.sessionsOf("alice").toString());
            sessions.endOthers(session);
            sessions.endAll("alice");
        }
        sessions.endEverySession();
        logged.add(String.valueOf(catchThrowable(session::rotateId)));
        clock.advance(Duration.ofDays(1));
        sessions.purge();
    }

    private SessionsBuilder small() {
        return settings(storeA).maxPayloadBytes(MAX_PAYLOAD).globalRevocation(Duration.ofSeconds(1));
    }

    private void failAPurge() {
        SessionStore closed = room.open();
        closed.close();
        Sessions purging = start(Sessions.builder(closed).purgeInterval(Duration.ofMillis(1)));
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (purging.purgeProgress().failures() == 0 && System.nanoTime() < end) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(purging.purgeProgress().failures()).isPositive();
        logged.add(String.valueOf(purging.purgeProgress()));
    }

    @Test
    @DisplayName("S78, F4: neither an id nor its key nor a value shows in logs, events, exceptions and texts")
    void nothing_shows() {
        SessionsBuilder told = small().listener(event -> logged.add(event.toString()))
                .listener(event -> {
                    throw new IllegalStateException("listener");
                });
        live(start(
                storeA.store() instanceof PrincipalIndex
                        ? told.maxSessionsPerPrincipal(1, CapPolicy.END_OLDEST)
                        : told));
        live(start(small()));
        failAPurge();
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
