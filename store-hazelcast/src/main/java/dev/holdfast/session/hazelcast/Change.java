package dev.holdfast.session.hazelcast;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.DataSerializable;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a verb does to one record, decided from what is there. Where each member has this class it runs on the member that
 * owns the record, and on its backups; elsewhere the caller runs it on what it read, and compares and sets.
 *
 * <p>It may run twice, when the owner dies before it answers: the id of the write tells a second run what the first did.
 */
final class Change implements EntryProcessor<String, Object, Integer>, DataSerializable {

    private static final long serialVersionUID = 1L;
    private static final byte[] NOTHING = new byte[0];

    private enum Verb {
        CREATE(1),
        UPDATE(2),
        TOUCH(3),
        DELETE(4);

        private final int code;

        Verb(int code) {
            this.code = code;
        }

        private static Verb of(int code) throws IOException {
            return switch (code) {
                case 1 -> CREATE;
                case 2 -> UPDATE;
                case 3 -> TOUCH;
                case 4 -> DELETE;
                default -> throw new IOException("there is no change of kind " + code);
            };
        }
    }

    private Verb verb = Verb.TOUCH;
    private long now;
    private long writeId;
    private byte[] content = NOTHING;
    private long expectedVersion;
    private long lastAccessedAt;
    private long expiresAt;
    private @Nullable String principal;

    /** For Hazelcast. */
    Change() {}

    private Change(Verb verb, long now, long writeId) {
        this.verb = verb;
        this.now = now;
        this.writeId = writeId;
    }

    static Change create(StoredSession session, long now, long writeId) {
        Change change = new Change(Verb.CREATE, now, writeId);
        change.content = Body.of(session.withVersion(1), writeId).encode(session.key());
        return change;
    }

    static Change update(StoredSession session, long expectedVersion, long now, long writeId) {
        Change change = new Change(Verb.UPDATE, now, writeId);
        change.content = Body.of(session, writeId).encode(session.key());
        change.expectedVersion = expectedVersion;
        return change;
    }

    static Change touch(Instant lastAccessedAt, Instant expiresAt, long now) {
        Change change = new Change(Verb.TOUCH, now, 0);
        change.lastAccessedAt = lastAccessedAt.toEpochMilli();
        change.expiresAt = expiresAt.toEpochMilli();
        return change;
    }

    /**
     * Returns one that leaves a tombstone.
     *
     * @param principal whose session it must be, or {@code null} for anybody's
     */
    static Change delete(@Nullable String principal, long tombstoneEndsAt, long now, long writeId) {
        Change change = new Change(Verb.DELETE, now, writeId);
        change.principal = principal;
        change.expiresAt = tombstoneEndsAt;
        return change;
    }

    /** What to write instead, if anything, and what to answer. */
    record Step(Answer answer, @Nullable Body written) {}

    /** Returns what becomes of a value of the map; {@code null} is none. */
    Step on(SessionKey key, @Nullable Object value) {
        Body current = Entries.body(key, value);
        boolean unreadable = value != null && current == null;
        if (current != null && !current.isLiveSession(now)) {
            return onDead(key, current);
        }
        return switch (verb) {
            case CREATE -> current == null ? written(decoded(key)) : answer(isMine(current));
            case UPDATE -> current == null ? dead(unreadable) : updated(key, current);
            case TOUCH -> current == null ? dead(unreadable) : touched(current);
            case DELETE -> current == null ? deletedNothing(unreadable) : deleted(current);
        };
    }

    private Step onDead(SessionKey key, Body current) {
        return switch (verb) {
            case CREATE -> written(decoded(key));
            case UPDATE, TOUCH -> answer(false);
            case DELETE ->
                current.kind() == Body.Kind.TOMBSTONE
                        ? new Step(current.writeId() != writeId ? Answer.NO : answerOf(current), null)
                        : new Step(Answer.NO, tombstone(0));
        };
    }

    private static Answer answerOf(Body tombstone) {
        return tombstone.version() == Body.UNKNOWN ? Answer.UNKNOWN : tombstone.version() > 0 ? Answer.YES : Answer.NO;
    }

    private Step updated(SessionKey key, Body current) {
        if (isMine(current)) {
            return answer(true);
        }
        if (current.version() != expectedVersion) {
            return new Step(Answer.CONFLICT, null);
        }
        StoredSession session = decoded(key).session(key);
        return written(Body.of(session.replacing(current.session(key)), writeId));
    }

    private Step touched(Body current) {
        if (lastAccessedAt < current.lastAccessedAt()) {
            return answer(true);
        }
        return written(new Body(
                current.kind(),
                current.writeId(),
                current.version(),
                current.createdAt(),
                lastAccessedAt,
                expiresAt,
                current.idleTimeout(),
                current.principal(),
                current.payload()));
    }

    private Step deletedNothing(boolean unreadable) {
        return unreadable && principal == null ? new Step(Answer.NO, tombstone(0)) : dead(unreadable);
    }

    private Step deleted(Body current) {
        return principal == null || principal.equals(current.principal())
                ? written(tombstone(current.version()))
                : answer(false);
    }

    boolean isCreate() {
        return verb == Verb.CREATE;
    }

    /** Returns whether it writes the same whatever is there. */
    boolean isBlind() {
        return verb == Verb.DELETE && principal == null;
    }

    /** Returns a tombstone of this change. */
    Body tombstone(long removedVersion) {
        return Body.tombstone(writeId, removedVersion, now, expiresAt);
    }

    private boolean isMine(Body current) {
        return current.writeId() == writeId;
    }

    private Body decoded(SessionKey key) {
        return Objects.requireNonNull(Body.decode(key, content), "it was encoded for this key");
    }

    private static Step dead(boolean unreadable) {
        return new Step(unreadable ? Answer.UNREADABLE : Answer.NO, null);
    }

    private static Step answer(boolean yes) {
        return new Step(yes ? Answer.YES : Answer.NO, null);
    }

    private static Step written(Body body) {
        return new Step(Answer.YES, body);
    }

    @Override
    public Integer process(Map.Entry<String, Object> entry) {
        SessionKey key = SessionKey.parse(entry.getKey());
        Step step = on(key, entry.getValue());
        if (step.written != null) {
            entry.setValue(Entries.value(key, step.written));
        }
        return step.answer.code();
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        out.writeByte(verb.code);
        out.writeLong(now);
        out.writeLong(writeId);
        switch (verb) {
            case CREATE -> out.writeByteArray(content);
            case UPDATE -> {
                out.writeByteArray(content);
                out.writeLong(expectedVersion);
            }
            case TOUCH -> {
                out.writeLong(lastAccessedAt);
                out.writeLong(expiresAt);
            }
            case DELETE -> {
                out.writeLong(expiresAt);
                out.writeString(principal);
            }
        }
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        verb = Verb.of(in.readByte());
        now = in.readLong();
        writeId = in.readLong();
        switch (verb) {
            case CREATE -> content = Objects.requireNonNull(in.readByteArray());
            case UPDATE -> {
                content = Objects.requireNonNull(in.readByteArray());
                expectedVersion = in.readLong();
            }
            case TOUCH -> {
                lastAccessedAt = in.readLong();
                expiresAt = in.readLong();
            }
            case DELETE -> {
                expiresAt = in.readLong();
                principal = in.readString();
            }
        }
    }
}
