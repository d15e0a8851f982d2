package dev.holdfast.benchmarks;

import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;

/** The same round trips by hand, on as many opaque bytes. */
final class FloorRequests implements Requests {

    private static final int PAYLOAD_BYTES = new SessionsCoding(10).storedBytes();
    private static final Duration LIFE = Duration.ofDays(1);

    private final Subject floor;
    private final StoredSession[] sessions = Work.sessions("floor", Work.requestSessions(), PAYLOAD_BYTES, LIFE);

    FloorRequests(Subject floor) {
        this.floor = floor;
        Work.range(sessions.length).forEach(i -> {
            floor.prepare(sessions[i]);
            floor.create(sessions[i]);
        });
    }

    @Override
    public Object read(int session) {
        return floor.load(sessions[session]);
    }

    @Override
    public Object write(int session) {
        floor.load(sessions[session]);
        return floor.update(sessions[session], 1);
    }

    @Override
    public Object touch(int session) {
        floor.load(sessions[session]);
        return floor.touch(sessions[session]);
    }

    @Override
    public Object request(int session) {
        return floor.load(sessions[session]);
    }

    @Override
    public Object create() {
        byte[] key = new byte[SessionKey.BYTES];
        ThreadLocalRandom.current().nextBytes(key);
        StoredSession like = sessions[0];
        Instant now = Instant.now();
        StoredSession session = new StoredSession(
                SessionKey.ofBytes(key), 1, now, now, now.plus(LIFE), like.idleTimeout(), null, like.payload());
        floor.prepare(session);
        return floor.create(session);
    }

    @Override
    public Object rotate(int session) {
        floor.load(sessions[session]);
        create();
        return floor.update(sessions[session], 1);
    }

    @Override
    public void close() {
        floor.close();
    }
}
