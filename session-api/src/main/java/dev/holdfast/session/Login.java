package dev.holdfast.session;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Comparator;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Which log-in made a session its principal's; it stays the same when the session's id is replaced. Ordered by time.
 *
 * @param tag tells log-ins of one millisecond apart; no secret
 */
record Login(Instant at, long tag) implements Comparable<Login> {

    static final int BYTES = 2 * Long.BYTES;

    private static final Comparator<Login> ORDER =
            Comparator.comparing(Login::at).thenComparingLong(Login::tag);

    Login {
        at = Instant.ofEpochMilli(at.toEpochMilli());
    }

    static Login begin(Instant at) {
        return new Login(at, ThreadLocalRandom.current().nextLong());
    }

    /** Returns a session's log-in; for one that was stored without, what comes nearest. */
    static Login of(LoadedSession session) {
        Login login = read(session.envelope().extensions().find(Extension.LOGIN));
        return login == null
                ? new Login(
                        session.session().createdAt(), session.session().key().hashCode())
                : login;
    }

    static @Nullable Login read(@Nullable ByteBuffer bytes) {
        return bytes == null || bytes.remaining() != BYTES
                ? null
                : new Login(Instant.ofEpochMilli(bytes.getLong()), bytes.getLong());
    }

    byte[] toBytes() {
        return ByteBuffer.allocate(BYTES)
                .putLong(at.toEpochMilli())
                .putLong(tag)
                .array();
    }

    @Override
    public int compareTo(Login other) {
        return ORDER.compare(this, other);
    }
}
