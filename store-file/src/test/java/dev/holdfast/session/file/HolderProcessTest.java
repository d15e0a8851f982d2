package dev.holdfast.session.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.Concurrency;
import dev.holdfast.session.SaveOutcome;
import dev.holdfast.session.Session;
import dev.holdfast.session.Sessions;
import dev.holdfast.session.file.ChildJvm.Parent;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that has a session to itself stops, or dies. */
class HolderProcessTest {

    private static final Duration LEASE = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path root;

    private static Sessions exclusive(FileSessionStore store, Duration lease) {
        return Sessions.builder(store)
                .purgeInterval(Duration.ZERO)
                .concurrency(Concurrency.EXCLUSIVE)
                .lockWait(PATIENCE)
                .lockLease(lease)
                .build();
    }

    private static String stored(Sessions sessions) {
        try (Session session = sessions.open(null)) {
            session.put("a", "stored");
            session.save();
            return session.id().value();
        }
    }

    @Test
    @DisplayName(
            "R54: a process that is stopped beyond its lease is fenced: its save is a conflict, and changes nothing")
    void paused() {
        try (FileSessionStore store = FileSessionStore.create(root);
                Sessions sessions = exclusive(store, PATIENCE)) {
            String id = stored(sessions);
            try (ChildJvm child = ChildJvm.start(Holder.class, root, id)) {
                child.hear("held");
                child.pause();
                try (Session next = sessions.open(id)) {
                    next.put("a", "next");
                    assertThat(next.save()).isEqualTo(SaveOutcome.UPDATED);
                    child.goOn();
                    child.say("save");
                    child.hear("CONFLICT");
                    assertThat(next.save()).isEqualTo(SaveOutcome.UNCHANGED);
                    next.put("b", 1);
                    assertThat(next.save()).isEqualTo(SaveOutcome.UPDATED);
                }
            }
            try (Session later = sessions.open(id)) {
                assertThat(later.get("a")).isEqualTo("next");
                assertThat(later.get("b")).isEqualTo(1);
            }
        }
    }

    @Test
    @DisplayName("R54: a process that is killed keeps a session no longer than its lease")
    void killed() {
        try (FileSessionStore store = FileSessionStore.create(root);
                Sessions sessions = exclusive(store, PATIENCE)) {
            String id = stored(sessions);
            try (ChildJvm child = ChildJvm.start(Holder.class, root, id)) {
                child.hear("held");
                child.kill();
                child.exitCode();
            }
            long start = System.nanoTime();
            try (Session next = sessions.open(id)) {
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LEASE.plusSeconds(10));
                assertThat(next.get("a")).isEqualTo("stored");
                next.put("a", "next");
                assertThat(next.save()).isEqualTo(SaveOutcome.UPDATED);
            }
        }
    }

    /** Has the session to itself, and saves it when told. */
    static final class Holder {

        public static void main(String[] args) throws InterruptedException {
            Parent parent = new Parent();
            try (FileSessionStore store = FileSessionStore.create(Path.of(args[0]));
                    Sessions sessions = exclusive(store, LEASE);
                    Session session = sessions.open(args[1])) {
                session.put("a", "stalled");
                parent.say("held");
                parent.hear("save");
                parent.say(session.save());
            }
        }
    }
}
