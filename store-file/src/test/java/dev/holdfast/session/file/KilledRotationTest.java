package dev.holdfast.session.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.Session;
import dev.holdfast.session.Sessions;
import dev.holdfast.session.file.ChildJvm.Parent;
import dev.holdfast.session.spi.SessionStore;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process is killed while it gives a session a new id. */
@Tag("slow")
@Tag("once")
class KilledRotationTest {

    private static final int KILLS = 20;

    @TempDir
    Path root;

    private static Sessions sessions(SessionStore store) {
        return Sessions.builder(store).purgeInterval(Duration.ZERO).build();
    }

    private static String stored(Sessions sessions) {
        Session session = sessions.open(null);
        session.principal("alice");
        session.put("n", 0);
        session.put("m", 0);
        session.save();
        return session.id().value();
    }

    @Test
    @DisplayName("S15: killed between the two steps of a new id, a process leaves the session whole under the old one")
    void between_the_steps() {
        try (FileSessionStore store = FileSessionStore.create(root);
                Sessions sessions = sessions(store)) {
            String id = stored(sessions);
            try (ChildJvm child = ChildJvm.start(Stopping.class, root, id)) {
                child.hear("create");
                child.hear("update");
                child.kill();
                child.exitCode();
            }
            assertThat(store.scan())
                    .as("the session, and a record whose id nobody knows")
                    .hasSize(2);
            Session session = sessions.open(id);
            assertThat(session.names()).containsExactlyInAnyOrder("n", "m");
            assertThat(session.get("n")).isEqualTo(0);
            String next = session.rotateId().value();
            assertThat(sessions.find(id)).isEmpty();
            assertThat(sessions.open(next).get("n")).isEqualTo(0);
            sessions.endAll("alice");
            assertThat(store.scan()).allMatch(record -> record.principal() == null);
            assertThat(sessions.find(next)).isEmpty();
        }
    }

    @Test
    @DisplayName("S15: killed at any moment of many new ids, a process leaves one whole session, and no old id alive")
    void at_any_moment() {
        SplittableRandom random = new SplittableRandom(TestSessions.seed(getClass()));
        int underWay = 0;
        try (FileSessionStore store = FileSessionStore.create(root);
                Sessions sessions = sessions(store)) {
            for (int kill = 0; kill < KILLS; kill++) {
                List<String> ids = new ArrayList<>(List.of(stored(sessions)));
                try (ChildJvm child = ChildJvm.start(Rotating.class, root, ids.get(0))) {
                    int lines = random.nextInt(1, 60);
                    for (int line = 0; line < lines; line++) {
                        ids.add(Objects.requireNonNull(child.hear(), child::errors));
                    }
                    long until = System.nanoTime() + random.nextInt(400_000);
                    while (System.nanoTime() < until) {
                        Thread.onSpinWait();
                    }
                    child.kill();
                    for (String line = child.hear(); line != null; line = child.hear()) {
                        ids.add(line);
                    }
                }
                int last = ids.size() - 1;
                Optional<Session> found = sessions.find(ids.get(last));
                underWay += found.isEmpty() ? 1 : 0;
                found.ifPresent(session -> {
                    assertThat(session.get("n")).isEqualTo(last);
                    assertThat(session.get("m")).isEqualTo(last);
                });
                assertThat(ids.subList(0, last))
                        .allMatch(id -> sessions.find(id).isEmpty());
                assertThat(sessions.sessionsOf("alice")).isNotEmpty();
                sessions.endAll("alice");
                assertThat(sessions.find(ids.get(last))).isEmpty();
            }
        }
        System.out.printf("%d kills, %d of them after the new id was there and before it was told%n", KILLS, underWay);
    }

    /** Gives the session a new id, and stops before the second step. */
    static final class Stopping {

        public static void main(String[] args) {
            Parent parent = new Parent();
            FileSessionStore store = FileSessionStore.create(Path.of(args[0]));
            InvocationHandler telling = (proxy, method, arguments) -> {
                if (method.getName().equals("update")) {
                    parent.say("update");
                    new CountDownLatch(1).await();
                }
                Object result = method.invoke(store, arguments);
                if (method.getName().equals("create")) {
                    parent.say("create");
                }
                return result;
            };
            SessionStore stopping = (SessionStore) Proxy.newProxyInstance(
                    SessionStore.class.getClassLoader(), new Class<?>[] {SessionStore.class}, telling);
            sessions(stopping).open(args[1]).rotateId();
        }
    }

    /** Gives the session one new id after the other, and says each. */
    static final class Rotating {

        public static void main(String[] args) {
            Parent parent = new Parent();
            try (FileSessionStore store = FileSessionStore.create(Path.of(args[0]));
                    Sessions sessions = sessions(store)) {
                String id = args[1];
                for (int number = 1; ; number++) {
                    Session session = sessions.open(id);
                    session.put("n", number);
                    session.put("m", number);
                    id = session.rotateId().value();
                    parent.say(id);
                }
            }
        }
    }
}
