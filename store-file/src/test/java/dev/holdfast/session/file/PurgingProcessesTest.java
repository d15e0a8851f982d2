package dev.holdfast.session.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.Session;
import dev.holdfast.session.Sessions;
import dev.holdfast.session.file.ChildJvm.Parent;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
@Tag("once")
class PurgingProcessesTest {

    private static final int PROCESSES = 5;
    private static final int EXPIRED = 2_000;
    private static final int LIVE = 200;

    @TempDir
    Path root;

    private static String stored(Sessions sessions, Duration idleTimeout) {
        Session session = sessions.open(null);
        session.put("a", 1);
        session.idleTimeout(idleTimeout);
        session.save();
        return session.id().value();
    }

    @Test
    @DisplayName("R56: five processes that purge at once remove each expired session once, and none that lives")
    void at_once() {
        try (FileSessionStore store = FileSessionStore.create(root);
                Sessions sessions =
                        Sessions.builder(store).purgeInterval(Duration.ZERO).build()) {
            for (int i = 0; i < EXPIRED; i++) {
                stored(sessions, Duration.ofMillis(1));
            }
            Instant over = Instant.now().plusMillis(5);
            List<String> live = new ArrayList<>();
            for (int i = 0; i < LIVE; i++) {
                live.add(stored(sessions, Duration.ofDays(1)));
            }
            List<ChildJvm> children = new ArrayList<>();
            List<Integer> removed = new ArrayList<>();
            try {
                for (int i = 0; i < PROCESSES; i++) {
                    children.add(ChildJvm.start(Purging.class, root));
                }
                children.forEach(child -> child.hear("ready"));
                assertThat(Instant.now()).isAfter(over);
                children.forEach(child -> child.say("purge"));
                for (ChildJvm child : children) {
                    removed.add(Integer.valueOf(Objects.requireNonNull(child.hear(), child::errors)));
                    assertThat(child.exitCode()).as(child::errors).isZero();
                }
            } finally {
                children.forEach(ChildJvm::close);
            }
            System.out.println("purged by each process: " + removed);
            assertThat(removed.stream().mapToInt(Integer::intValue).sum()).isEqualTo(EXPIRED);
            assertThat(live).allMatch(id -> sessions.find(id).isPresent());
            assertThat(sessions.purge()).isZero();
        }
    }

    /** Purges when told, and says how many it removed. */
    static final class Purging {

        public static void main(String[] args) throws InterruptedException {
            Parent parent = new Parent();
            try (FileSessionStore store = FileSessionStore.create(Path.of(args[0]));
                    Sessions sessions =
                            Sessions.builder(store).purgeInterval(Duration.ZERO).build()) {
                parent.say("ready");
                parent.hear("purge");
                parent.say(sessions.purge());
            }
        }
    }
}
