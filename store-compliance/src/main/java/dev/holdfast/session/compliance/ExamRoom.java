package dev.holdfast.session.compliance;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.session.spi.SessionStore;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one test has to itself: an empty backend, its time, and the stores that were opened on it. */
final class ExamRoom {

    final StoreUnderTest subject;
    final ExamTime time;

    private final Leaks leaks;
    private final List<SessionStore> opened = new ArrayList<>();

    ExamRoom(StoreUnderTest subject) {
        this.subject = subject;
        this.time = new ExamTime(subject.granularity);
        this.leaks = new Leaks(subject);
    }

    /** Opens another instance on the backend, which is closed after the test. */
    SessionStore open() {
        SessionStore store = subject.opener.apply(time.source());
        opened.add(store);
        return store;
    }

    /** Returns the store's ability, or skips the test. */
    static <T> T ability(Class<T> ability, SessionStore store) {
        assumeTrue(
                ability.isInstance(store),
                () -> store.getClass().getSimpleName() + " does not have the ability " + ability.getSimpleName());
        return ability.cast(store);
    }

    /** Returns what the author declared, or skips the test. */
    static <T> T declared(@Nullable T hook, String name, String use) {
        if (hook == null) {
            abort("StoreUnderTest declares no " + name + ", which this test needs to " + use);
        }
        return hook;
    }

    /** Closes the stores, looks for leaks, and cleans up. */
    void leave() throws Throwable {
        try {
            for (SessionStore store : opened) {
                try {
                    store.close();
                } catch (RuntimeException e) {
                    throw new AssertionError("F5: close failed with " + e, e);
                }
            }
            leaks.assertNone();
        } finally {
            for (var cleanup : subject.cleanups) {
                cleanup.execute();
            }
        }
    }
}
