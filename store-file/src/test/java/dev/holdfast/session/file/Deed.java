package dev.holdfast.session.file;

import dev.holdfast.session.file.ChildJvm.Parent;
import dev.holdfast.session.file.TestSessions.Task;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionStoreException;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** One verb on one prepared session, done by a child under a fault. */
enum Deed {
    CREATE,
    REPLACE_EXPIRED,
    UPDATE,
    GROW,
    TOUCH,
    DELETE;

    private static final Instant ACCESSED = TestClock.START.plusSeconds(60);

    /** Writes what is there before, and returns what a load must find of it. */
    Optional<StoredSession> prepare(FileSessionStore store, String id) {
        if (this != CREATE) {
            StoredSession session = TestSessions.session(id, before(id), 600);
            store.create(session);
            if (this == REPLACE_EXPIRED) {
                store.touch(session.key(), ACCESSED, Instant.EPOCH);
            } else {
                store.touch(session.key(), TestClock.START.plusSeconds(1), TestSessions.LATE.plusSeconds(1));
            }
        }
        return store.load(SessionKey.of(id));
    }

    /** Returns what a load must find once this is done. */
    Optional<StoredSession> after(String id, Optional<StoredSession> before) {
        return switch (this) {
            case CREATE, REPLACE_EXPIRED -> Optional.of(next(id));
            case UPDATE, GROW -> before.map(next(id)::replacing);
            case TOUCH -> before.map(session -> session.withAccess(ACCESSED, TestSessions.LATE));
            case DELETE -> Optional.empty();
        };
    }

    Object act(FileSessionStore store, String id) {
        return switch (this) {
            case CREATE, REPLACE_EXPIRED -> store.create(next(id));
            case UPDATE, GROW -> store.update(next(id), 1);
            case TOUCH -> store.touch(SessionKey.of(id), ACCESSED, TestSessions.LATE);
            case DELETE -> store.delete(SessionKey.of(id));
        };
    }

    private StoredSession next(String id) {
        return TestSessions.session(id, after(id), this == GROW ? 5_000 : 700);
    }

    /** Returns whose the session is before. */
    static String before(String id) {
        return "alice " + id;
    }

    /** Returns whose it is after. */
    static String after(String id) {
        return "bob " + id;
    }

    /** For each id that it hears: says which thread will do the deed, waits for a word, and says what came of it. */
    static final class Doer {

        public static void main(String[] args) throws InterruptedException {
            Parent parent = new Parent();
            Deed deed = valueOf(args[1]);
            try (FileSessionStore store = FileSessionStore.builder(Path.of(args[0]))
                    .durability(Durability.valueOf(args[2]))
                    .build()) {
                // so that all is loaded
                deed.prepare(store, "first");
                deed.act(store, "first");
                store.delete(SessionKey.of("first"));
                while (true) {
                    String id = parent.hear();
                    AtomicReference<String> answer = new AtomicReference<>();
                    Task task = TestSessions.start(() -> {
                        parent.say(Path.of("/proc/thread-self")
                                .toRealPath()
                                .toFile()
                                .getName());
                        parent.hear("go");
                        answer.set(answer(deed, store, id));
                    });
                    task.join();
                    parent.say(answer);
                }
            }
        }

        private static String answer(Deed deed, FileSessionStore store, String id) {
            try {
                Object answer = deed.act(store, id);
                return answer.equals(true) || answer.equals(UpdateOutcome.APPLIED) ? "done" : answer.toString();
            } catch (SessionStoreException e) {
                return e.getClass().getSimpleName() + " " + e.getCause();
            }
        }
    }
}
