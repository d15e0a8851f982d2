package dev.holdfast.benchmarks;

import dev.holdfast.session.Session;
import dev.holdfast.session.Sessions;
import dev.holdfast.session.spi.SessionStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;

/** Through {@link Sessions} on one of the stores. */
final class SessionsRequests implements Requests {
    private final StoreSubject subject;
    private final Sessions sessions;
    private final Sessions eachAccess;
    private final String[] ids = new String[Work.requestSessions()];

    SessionsRequests(StoreSubject subject) {
        this.subject = subject;
        SessionStore store = subject.store();
        sessions = Sessions.builder(store).purgeInterval(Duration.ZERO).build();
        // each access lies later than the one before, whatever the clock's grain
        InstantSource ticking = new Ticking();
        eachAccess = Sessions.builder(store)
                .purgeInterval(Duration.ZERO)
                .touchInterval(Duration.ZERO)
                .clock(ticking)
                .build();
        Work.range(ids.length).forEach(i -> ids[i] = fill(sessions.open(null), i));
    }

    private static String fill(Session session, int number) {
        TenAttributes.put(number, session::put);
        session.save();
        return session.id().value();
    }

    @Override
    public Object read(int session) {
        return sessions.open(ids[session]).get(TenAttributes.VISITS);
    }

    @Override
    public Object write(int session) {
        Session opened = sessions.open(ids[session]);
        opened.put(TenAttributes.VISITS, ThreadLocalRandom.current().nextInt());
        return opened.save();
    }

    @Override
    public Object touch(int session) {
        return eachAccess.open(ids[session]).save();
    }

    @Override
    public Object request(int session) {
        Session opened = sessions.open(ids[session]);
        opened.get(TenAttributes.VISITS);
        return opened.save();
    }

    @Override
    public Object create() {
        return fill(sessions.open(null), 1);
    }

    @Override
    public Object rotate(int session) {
        ids[session] = sessions.open(ids[session]).rotateId().value();
        return ids[session];
    }

    @Override
    public void close() {
        sessions.close();
        eachAccess.close();
        subject.close();
    }

    private static final class Ticking implements InstantSource {
        private long ticks;

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(System.currentTimeMillis() + ticks++);
        }
    }
}
