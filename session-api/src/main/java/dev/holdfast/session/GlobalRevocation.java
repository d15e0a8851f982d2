package dev.holdfast.session;

import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionStoreException;
import dev.holdfast.session.spi.StoredSession;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Ends all sessions at once by one note: "what began until then is over". Each node reads it again when its copy is half
 * as old as the promised delay, one request at a time while the others go on with the copy; when the copy is as old as
 * the delay they wait for it, and fail if it can't be read.
 */
final class GlobalRevocation {

    private static final SessionKey KEY = Notes.key("all");

    private final Notes notes;
    private final InstantSource clock;
    private final long delayNanos;
    private final ReentrantLock reading = new ReentrantLock();
    private volatile @Nullable Copy copy;

    private record Copy(@Nullable Instant revokedAt, long readAt) {}

    GlobalRevocation(Notes notes, InstantSource clock, Duration delay) {
        this.notes = notes;
        this.clock = clock;
        this.delayNanos = Math.max(1, saturatedNanos(delay));
    }

    private static long saturatedNanos(Duration delay) {
        return TimeUnit.NANOSECONDS.convert(delay);
    }

    /** Ends what has begun until now. A load and a write. */
    void revoke() {
        Instant now = clock.instant();
        Instant noted = revokedAt(notes.change(
                KEY,
                before -> {
                    Instant last = revokedAt(before);
                    return last != null && last.isAfter(now)
                            ? before
                            : before.with(Map.of(Extension.REVOKED_AT, Optional.of(PrincipalNote.bytes(now))));
                },
                null));
        reading.lock();
        try {
            // whoever read the note before this change has put its copy there by now
            copy = new Copy(noted, System.nanoTime());
        } finally {
            reading.unlock();
        }
    }

    /** Returns whether a session is over because all were ended. No store call, but for one each half delay. */
    boolean covers(StoredSession session) {
        Instant revokedAt = current().revokedAt();
        return revokedAt != null && session.createdAt().toEpochMilli() <= revokedAt.toEpochMilli();
    }

    private Copy current() {
        Copy known = copy;
        long age = known == null ? Long.MAX_VALUE : System.nanoTime() - known.readAt();
        if (known != null && age < delayNanos / 2) {
            return known;
        }
        if (known != null && age < delayNanos) {
            return reading.tryLock() ? readEarly(known) : known;
        }
        reading.lock();
        try {
            Copy meanwhile = copy;
            return meanwhile != null && !meanwhile.equals(known) ? meanwhile : read();
        } finally {
            reading.unlock();
        }
    }

    private Copy readEarly(Copy known) {
        try {
            return read();
        } catch (SessionStoreException e) {
            return known;
        } finally {
            reading.unlock();
        }
    }

    private Copy read() {
        long now = System.nanoTime();
        Copy read = new Copy(revokedAt(notes.load(KEY)), now);
        copy = read;
        return read;
    }

    private static @Nullable Instant revokedAt(Extensions note) {
        ByteBuffer bytes = note.find(Extension.REVOKED_AT);
        return PrincipalNote.instant(bytes);
    }
}
