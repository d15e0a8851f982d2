package dev.holdfast.session.redis;

import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UnreadableRecords;
import dev.holdfast.session.spi.UpdateOutcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.SetParams;

/** The verbs on one record. */
final class Records {

    final UnreadableRecords unreadable = new UnreadableRecords(RedisSessionStore.class);

    private static final byte[] NOTHING = {};
    private static final long LONGEST_TTL = 1L << 53;

    private final Server server;
    private final KeySpace keys;
    private final Scripts scripts;
    private final InstantSource clock;
    private final long marginMillis;
    private final ServerCheck check;
    private final boolean events;

    Records(
            Server server,
            KeySpace keys,
            Scripts scripts,
            InstantSource clock,
            Duration margin,
            ServerCheck check,
            boolean events) {
        this.server = server;
        this.keys = keys;
        this.scripts = scripts;
        this.clock = clock;
        this.marginMillis = Server.saturatedMillis(margin);
        this.check = check;
        this.events = events;
    }

    Instant now() {
        return clock.instant();
    }

    boolean create(StoredSession session) {
        var operation = new Server.Verb("create", session.key());
        byte[] key = session.key().toBytes();
        byte[] value =
                RecordLayout.encode(session, 1, key, ThreadLocalRandom.current().nextLong());
        long ttl = ttlMillis(session.expiresAt());
        if (session.principal() == null && !events && !server.waitsForReplicas()) {
            SetParams parameters = ttl < 0
                    ? SetParams.setParams().nx()
                    : SetParams.setParams().nx().px(ttl);
            if (server.once(operation, () -> server.jedis.set(keys.record(key), value, parameters)) != null) {
                unreadable.forget(session.key());
                return true;
            }
        }
        List<byte[]> all = allKeys(key);
        byte[] now = RecordLayout.number(clock.millis());
        if (created(operation, all, List.of(value, number(ttl), now, NOTHING))) {
            unreadable.forget(session.key());
            return true;
        }
        byte[] taken = server.read(operation, () -> get(session.key()));
        if (taken == null || RecordLayout.decode(session.key(), taken) != null) {
            return false;
        }
        unreadable.tell(session.key());
        byte[] digest = Server.ascii(Script.sha1(taken));
        boolean replaced = created(operation, all, List.of(value, number(ttl), now, digest));
        if (replaced) {
            unreadable.forget(session.key());
        }
        return replaced;
    }

    /** Sent once: a create that comes again after its session was deleted would bring it back. */
    private boolean created(Object operation, List<byte[]> all, List<byte[]> arguments) {
        return server.write(operation, scripts.create, all, arguments, null) == Scripts.YES;
    }

    Optional<StoredSession> load(SessionKey key) {
        byte[] value = server.read(new Server.Verb("load", key), () -> get(key));
        return value == null ? Optional.empty() : live(key, value);
    }

    /** Returns the bytes under a key, none if something else than a string lies there. */
    private byte @Nullable [] get(SessionKey key) {
        try {
            return server.jedis.get(keys.record(key.toBytes()));
        } catch (JedisDataException e) {
            if (Server.isForeignType(e)) {
                return NOTHING;
            }
            throw e;
        }
    }

    /** Returns the session of these bytes if it is live. */
    Optional<StoredSession> live(SessionKey key, byte[] value) {
        StoredSession session = RecordLayout.decode(key, value);
        if (session == null) {
            unreadable.tell(key);
            return Optional.empty();
        }
        return session.isExpiredAt(clock.instant()) ? Optional.empty() : Optional.of(session);
    }

    /** Returns the sessions of these keys that are live, each in its place. */
    List<Optional<StoredSession>> loadAll(String operation, List<SessionKey> wanted) {
        List<Optional<byte[]>> values = server.readAll(
                operation, wanted, (pipeline, key) -> pipeline.get(keys.record(key.toBytes())), this::get);
        List<Optional<StoredSession>> sessions = new ArrayList<>(values.size());
        for (int i = 0; i < values.size(); i++) {
            SessionKey key = wanted.get(i);
            sessions.add(values.get(i).flatMap(value -> live(key, value)));
        }
        return sessions;
    }

    UpdateOutcome update(StoredSession session, long expectedVersion) {
        byte[] key = session.key().toBytes();
        List<byte[]> arguments = List.of(
                RecordLayout.encode(
                        session,
                        expectedVersion + 1,
                        key,
                        ThreadLocalRandom.current().nextLong()),
                RecordLayout.number(expectedVersion),
                RecordLayout.number(clock.millis()),
                number(ttlMillis(session.expiresAt())));
        long answer = write("update", session.key(), scripts.update, arguments, session.principal() != null);
        return answer == Scripts.YES
                ? UpdateOutcome.APPLIED
                : answer == Scripts.CONFLICT ? UpdateOutcome.CONFLICT : UpdateOutcome.GONE;
    }

    boolean touch(SessionKey key, Instant lastAccessedAt, Instant expiresAt) {
        List<byte[]> arguments = List.of(
                RecordLayout.access(lastAccessedAt, expiresAt, key.toBytes()),
                RecordLayout.number(clock.millis()),
                number(ttlMillis(expiresAt)));
        return write("touch", key, scripts.touch, arguments, false) == Scripts.YES;
    }

    /** @param principal whose session it must be, or {@code null} */
    boolean delete(SessionKey key, @Nullable String principal) {
        byte[] now = RecordLayout.number(clock.millis());
        List<byte[]> arguments =
                principal == null ? List.of(now) : List.of(now, principal.getBytes(StandardCharsets.UTF_8));
        boolean deleted = write("delete", key, scripts.delete, arguments, false) == Scripts.YES;
        unreadable.forget(key);
        return deleted;
    }

    private long write(String verb, SessionKey key, Script script, List<byte[]> arguments, boolean mayNeedIndex) {
        var operation = new Server.Verb(verb, key);
        byte[] bytes = key.toBytes();
        List<byte[]> all = allKeys(bytes);
        boolean declareAll = events || (mayNeedIndex && !check.isCluster());
        long answer = server.write(
                operation, script, declareAll ? all : List.of(keys.record(bytes)), arguments, Records::isApplied);
        return answer == Scripts.NEEDS_INDEX
                ? server.write(operation, script, all, arguments, Records::isApplied)
                : answer;
    }

    private List<byte[]> allKeys(byte[] key) {
        int part = KeySpace.part(key);
        byte[] record = keys.record(key);
        return events
                ? List.of(
                        record,
                        keys.index(part, 'p'),
                        keys.index(part, 'n'),
                        keys.index(part, 'd'),
                        keys.index(part, 'c'))
                : List.of(record, keys.index(part, 'p'), keys.index(part, 'n'));
    }

    private static boolean isApplied(long answer) {
        return answer == Scripts.YES || answer == Scripts.NEEDS_INDEX;
    }

    /** Returns after how many milliseconds the server may remove a record, at least 1, or -1 for never. */
    private long ttlMillis(Instant expiresAt) {
        long expires = expiresAt.toEpochMilli();
        if (expires == Long.MAX_VALUE) {
            return -1;
        }
        long now = clock.millis();
        if (expires <= now) {
            return Math.max(1, Math.min(LONGEST_TTL, marginMillis));
        }
        long left = expires - now;
        return left < 0 || left > LONGEST_TTL - Math.min(LONGEST_TTL, marginMillis) ? LONGEST_TTL : left + marginMillis;
    }

    private static byte[] number(long ttl) {
        return ttl < 0 ? NOTHING : Server.ascii(Long.toString(ttl));
    }
}
