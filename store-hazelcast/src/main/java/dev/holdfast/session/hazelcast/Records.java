package dev.holdfast.session.hazelcast;

import com.hazelcast.config.IndexConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import com.hazelcast.query.Predicates;
import dev.holdfast.session.spi.OutcomeUnknownException;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UnreadableRecords;
import dev.holdfast.session.spi.UpdateOutcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The verbs on the map. Where each member has our classes a change is one {@code executeOnKey}. Elsewhere it is decided
 * here on what was read, and written by the map's own {@code putIfAbsent} and {@code replace}, which compare the whole
 * value; whoever loses looks again.
 *
 * <p>No entry has a time to live in the engine, since {@code replace} would drop it: {@code expiresAt} is a field with an
 * index, by which the cluster removes what has ended. So nothing is left to repair when a node dies between two steps.
 */
final class Records implements AutoCloseable {

    private static final long REPAIR_LEASE_SECONDS = 10;

    final InstantSource clock;
    final UnreadableRecords unreadable = new UnreadableRecords(HazelcastSessionStore.class);
    final Topology topology;

    private final HazelcastInstance hazelcast;
    private final String mapName;
    private final Remembered remembered = new Remembered();
    private final long tombstoneMillis;
    private final ReentrantLock indexing = new ReentrantLock();
    private volatile boolean indexed;

    Records(HazelcastInstance hazelcast, String mapName, InstantSource clock, Duration tombstones) {
        this.hazelcast = hazelcast;
        this.mapName = mapName;
        this.clock = clock;
        this.tombstoneMillis = tombstones.toMillis();
        this.topology = new Topology(hazelcast, () -> indexed = false);
    }

    /** Returns the map, for which a client asks the cluster the first time. */
    IMap<String, Object> map() {
        return hazelcast.getMap(mapName);
    }

    boolean create(StoredSession session) {
        return apply("create", session.key(), Change.create(session, clock.millis(), newId())) == Answer.YES;
    }

    Optional<StoredSession> load(SessionKey key) {
        Object value = get("load", key);
        if (value == null) {
            return Optional.empty();
        }
        Body body = Entries.body(key, value);
        if (body == null) {
            unreadable.tell(key);
            return Optional.empty();
        }
        if (!topology.runsChanges()) {
            remembered.put(key, value);
        }
        return body.isLiveSession(clock.millis()) ? Optional.of(body.session(key)) : Optional.empty();
    }

    UpdateOutcome update(StoredSession session, long expectedVersion) {
        Answer answer =
                apply("update", session.key(), Change.update(session, expectedVersion, clock.millis(), newId()));
        return switch (answer) {
            case YES -> UpdateOutcome.APPLIED;
            case CONFLICT -> UpdateOutcome.CONFLICT;
            default -> UpdateOutcome.GONE;
        };
    }

    boolean touch(SessionKey key, Instant lastAccessedAt, Instant expiresAt) {
        return apply("touch", key, Change.touch(lastAccessedAt, expiresAt, clock.millis())) == Answer.YES;
    }

    boolean delete(SessionKey key) {
        return apply("delete", key, deletion(null)) == Answer.YES;
    }

    /** Deletes a session if it is of that principal. */
    boolean delete(SessionKey key, String principal) {
        return apply("delete by principal", key, deletion(principal)) == Answer.YES;
    }

    private Change deletion(@Nullable String principal) {
        long now = clock.millis();
        return Change.delete(principal, Math.max(now, now + tombstoneMillis), now, newId());
    }

    /** Lets the cluster remove sessions, tombstones and locks that have ended. */
    void purge() {
        Failures.writing("purge", () -> {
            map().removeAll(Predicates.lessEqual(Entries.EXPIRES, Math.min(clock.millis(), Long.MAX_VALUE - 1)));
            return true;
        });
        index();
    }

    /**
     * Has the indexes made, unless they were: they are lost when all members are. Called when a verb has succeeded, since
     * without indexes all goes on, only slower; so a failure here is none of the verb.
     */
    void index() {
        if (indexed || !indexing.tryLock()) {
            return;
        }
        try {
            indexed = true;
            for (IndexConfig index : SessionMaps.indexes()) {
                Failures.reading("making an index", () -> {
                    map().addIndex(index);
                    return true;
                });
            }
        } catch (RuntimeException e) {
            indexed = false;
            System.getLogger(HazelcastSessionStore.class.getName())
                    .log(System.Logger.Level.DEBUG, "the map's indexes are not made yet; the next verb tries again", e);
        } finally {
            indexing.unlock();
        }
    }

    private Answer apply(String verb, SessionKey key, Change change) {
        String operation = describe(verb, key);
        Set<UUID> members = topology.members();
        Answer answer = topology.runsChanges() ? onMember(operation, key, change) : null;
        if (answer == null) {
            answer = change.isBlind() ? put(operation, key, change) : compareAndSet(operation, key, change);
        }
        index();
        if (answer == Answer.UNREADABLE) {
            unreadable.tell(key);
        } else if (answer == Answer.YES) {
            unreadable.forget(key);
        } else if (answer == Answer.UNKNOWN || (answer == Answer.CONFLICT && topology.hasChangedSince(members))) {
            // a member may have died that had applied it, and after that another writer have come first
            throw new OutcomeUnknownException(operation, null);
        }
        return answer;
    }

    private @Nullable Answer onMember(String operation, SessionKey key, Change change) {
        try {
            int code = Failures.writing(operation, () -> map().executeOnKey(key.toString(), change));
            return Answer.of(code);
        } catch (HazelcastSerializationException e) {
            // a member that says it has our classes, but has not, or a value that nobody can read
            System.getLogger(HazelcastSessionStore.class.getName())
                    .log(System.Logger.Level.DEBUG, "a change could not run on its member, and runs here", e);
            topology.distrust();
            return null;
        }
    }

    private Answer put(String operation, SessionKey key, Change change) {
        Object tombstone = Entries.value(key, change.tombstone(Body.UNKNOWN));
        remembered.forget(key);
        Object old;
        try {
            old = Failures.writing(operation, () -> map().put(key.toString(), tombstone));
        } catch (HazelcastSerializationException e) {
            return Answer.NO;
        }
        return change.on(key, old).answer();
    }

    private Answer compareAndSet(String operation, SessionKey key, Change change) {
        Object seen = change.isCreate() ? null : remembered.get(key);
        boolean fresh = false;
        while (true) {
            Change.Step step = change.on(key, seen);
            if (step.written() == null) {
                if (fresh) {
                    return step.answer();
                }
                seen = get(operation, key);
                fresh = true;
                continue;
            }
            Object expected = seen;
            Object next = Entries.value(key, step.written());
            if (expected == null) {
                seen = putIfAbsent(operation, key, next);
                if (seen == null) {
                    remembered.put(key, next);
                    return step.answer();
                }
            } else if (Failures.writing(operation, () -> map().replace(key.toString(), expected, next))) {
                remembered.put(key, next);
                return step.answer();
            } else {
                seen = get(operation, key);
            }
            fresh = true;
        }
    }

    private @Nullable Object putIfAbsent(String operation, SessionKey key, Object value) {
        while (true) {
            try {
                return Failures.writing(operation, () -> map().putIfAbsent(key.toString(), value));
            } catch (HazelcastSerializationException e) {
                removeForeign(operation, key);
            }
        }
    }

    private @Nullable Object get(String operation, SessionKey key) {
        try {
            return Failures.reading(operation, () -> map().get(key.toString()));
        } catch (HazelcastSerializationException e) {
            unreadable.tell(key);
            return null;
        }
    }

    /** Removes what can't even be read from the wire, while nobody else can write the entry. */
    private void removeForeign(String operation, SessionKey key) {
        Failures.writing(operation, () -> {
            map().lock(key.toString(), REPAIR_LEASE_SECONDS, TimeUnit.SECONDS);
            try {
                map().get(key.toString());
            } catch (HazelcastSerializationException e) {
                map().delete(key.toString());
            } finally {
                map().unlock(key.toString());
            }
            return true;
        });
    }

    /** Returns the live session that a query found, or {@code null} if it is none. */
    @Nullable
    StoredSession live(Map.Entry<String, Object> entry) {
        SessionKey key = Entries.sessionKey(entry.getKey());
        if (key == null) {
            return null;
        }
        try {
            Body body = Entries.body(key, entry.getValue());
            if (body != null) {
                return body.isLiveSession(clock.millis()) ? body.session(key) : null;
            }
        } catch (HazelcastSerializationException e) {
            // of another program
        }
        unreadable.tell(key);
        return null;
    }

    static String describe(String verb, SessionKey key) {
        return verb + " " + key.toString().substring(0, 8) + "…";
    }

    /** Returns an id of a write; never that of a touch, 0. */
    static long newId() {
        long id = ThreadLocalRandom.current().nextLong();
        return id == 0 ? 1 : id;
    }

    @Override
    public void close() {
        topology.close();
        unreadable.clear();
    }
}
