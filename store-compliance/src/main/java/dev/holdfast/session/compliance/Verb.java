package dev.holdfast.session.compliance;

import dev.holdfast.session.spi.ChangeFeed;
import dev.holdfast.session.spi.ExpiryEvents;
import dev.holdfast.session.spi.PrincipalIndex;
import dev.holdfast.session.spi.SessionLocking;
import dev.holdfast.session.spi.SessionScan;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.Subscription;
import dev.holdfast.session.spi.UnreadableEvents;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One method of a store or of its abilities, for promises that hold for all of them.
 *
 * @param writes whether its outcome may be unknown when the backend fails
 * @param talks whether it can't do its work without the backend
 */
record Verb(String name, boolean writes, boolean talks, Call call) {

    private static final String NOBODY = "nobody";

    /** Returns each method that a store has but close. */
    static List<Verb> of(SessionStore store) {
        List<Verb> verbs = new ArrayList<>(List.of(
                reads("load", (live, absent) -> store.load(live.key())),
                writes("create", (live, absent) -> store.create(absent)),
                writes("update", (live, absent) -> store.update(live, live.version())),
                writes("touch", (live, absent) -> store.touch(live.key(), live.lastAccessedAt(), live.expiresAt())),
                writes("purgeExpired", (live, absent) -> store.purgeExpired(1))));
        if (store instanceof PrincipalIndex index) {
            verbs.add(reads("findByPrincipal", (live, absent) -> index.findByPrincipal(NOBODY, null, 1)));
            verbs.add(writes("deleteByPrincipal", (live, absent) -> index.deleteByPrincipal(NOBODY, null)));
        }
        if (store instanceof SessionScan scan) {
            verbs.add(reads("scan", (live, absent) -> {
                try (Stream<StoredSession> sessions = scan.scan()) {
                    return sessions.count();
                }
            }));
        }
        if (store instanceof SessionLocking locking) {
            verbs.add(writes("lock", (live, absent) -> {
                var lock = locking.lock(live.key(), Duration.ZERO, Duration.ofMillis(100));
                lock.ifPresent(SessionLocking.Lock::close);
                return lock;
            }));
        }
        if (store instanceof ExpiryEvents events) {
            verbs.add(listens("onExpired", (live, absent) -> close(events.onExpired(key -> {}))));
        }
        if (store instanceof ChangeFeed feed) {
            verbs.add(listens("onChange", (live, absent) -> close(feed.onChange(key -> {}))));
        }
        if (store instanceof UnreadableEvents events) {
            verbs.add(listens("onUnreadable", (live, absent) -> close(events.onUnreadable(key -> {}))));
        }
        verbs.add(writes("delete", (live, absent) -> store.delete(live.key())));
        return verbs;
    }

    private static boolean close(Subscription subscription) {
        subscription.close();
        return true;
    }

    private static Verb reads(String name, Call call) {
        return new Verb(name, false, true, call);
    }

    private static Verb writes(String name, Call call) {
        return new Verb(name, true, true, call);
    }

    private static Verb listens(String name, Call call) {
        return new Verb(name, false, false, call);
    }

    /** Calls a method, with a record that is stored and one that is not. */
    interface Call {
        Object on(StoredSession live, StoredSession absent);
    }
}
