package dev.holdfast.session.file;

import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a process does to one of its sessions, made up from a number. So another process that knows the number and what
 * was there before knows what must be there after it.
 */
record Move(SessionKey key, long number) {

    static final List<String> PRINCIPALS = List.of("alice", "bob", "Zoë");

    private enum Kind {
        CREATE,
        UPDATE,
        GROW,
        TOUCH,
        DELETE,
        EXPIRE
    }

    private static final Kind[] KINDS = {
        Kind.CREATE, Kind.UPDATE, Kind.UPDATE, Kind.UPDATE, Kind.GROW, Kind.TOUCH, Kind.TOUCH, Kind.DELETE, Kind.EXPIRE
    };

    /** Makes the move, and returns what the store answered. */
    Object make(FileSessionStore store, @Nullable StoredSession before) {
        return switch (kind(before)) {
            case CREATE -> store.create(fresh());
            case UPDATE, GROW -> store.update(next(before), before == null ? 1 : before.version());
            case TOUCH, EXPIRE -> {
                StoredSession touched = touched(before);
                yield store.touch(key, touched.lastAccessedAt(), touched.expiresAt());
            }
            case DELETE -> store.delete(key);
        };
    }

    /** Returns what the store must answer. */
    Object answer(@Nullable StoredSession before) {
        return switch (kind(before)) {
            case CREATE -> before == null;
            case UPDATE, GROW -> before == null ? UpdateOutcome.GONE : UpdateOutcome.APPLIED;
            case TOUCH, EXPIRE, DELETE -> before != null;
        };
    }

    /** Returns what is there once the move is made. */
    @Nullable
    StoredSession after(@Nullable StoredSession before) {
        return switch (kind(before)) {
            case CREATE -> before == null ? fresh() : before;
            case UPDATE, GROW -> before == null ? null : next(before).replacing(before);
            case TOUCH -> before == null ? null : touched(before);
            case DELETE, EXPIRE -> null;
        };
    }

    private Kind kind(@Nullable StoredSession before) {
        // else nothing would be there most of the time
        return before == null && kind() == Kind.TOUCH ? Kind.CREATE : kind();
    }

    private Kind kind() {
        return KINDS[(int) Long.remainderUnsigned(number >>> 8, KINDS.length)];
    }

    private StoredSession fresh() {
        int who = (int) (number & 3);
        return TestSessions.session(key, who == 3 ? null : PRINCIPALS.get(who), payload());
    }

    private StoredSession next(@Nullable StoredSession before) {
        StoredSession next = fresh();
        return before == null ? next : next.withAccess(before.lastAccessedAt().plusMillis(1), before.expiresAt());
    }

    private byte[] payload() {
        int size = (int) (number >>> 16 & 0x1FF);
        byte[] payload = new byte[kind() == Kind.GROW ? 40 * size : size];
        Arrays.fill(payload, (byte) number);
        return payload;
    }

    private StoredSession touched(@Nullable StoredSession before) {
        StoredSession session = before == null ? fresh() : before;
        Instant accessed = session.lastAccessedAt().plusMillis(1 + (number >>> 16 & 0xFF));
        boolean expire = kind(before) == Kind.EXPIRE;
        return session.withAccess(accessed, expire ? Instant.EPOCH : TestSessions.LATE.plusMillis(number & 0xFFFF));
    }
}
