package dev.holdfast.benchmarks;

import dev.holdfast.session.Session;
import dev.holdfast.session.Sessions;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** Through {@link Sessions} on a store that does nothing: the hash of the id and the envelope are included. */
final class SessionsCoding implements Coding {

    private final int attributes;
    private final OneRecord store = new OneRecord();
    private final Sessions sessions =
            Sessions.builder(store).purgeInterval(Duration.ZERO).build();
    private final String id;

    SessionsCoding(int attributes) {
        this.attributes = attributes;
        Session session = filled();
        session.save();
        id = session.id().value();
    }

    private Session filled() {
        Session session = sessions.open(null);
        TenAttributes.put(attributes, 1, session::put);
        return session;
    }

    @Override
    public Object decode() {
        return sessions.open(id).get(TenAttributes.VISITS);
    }

    @Override
    public Object recode() {
        Session session = sessions.open(id);
        session.put(TenAttributes.VISITS, ThreadLocalRandom.current().nextInt());
        return session.save();
    }

    @Override
    public Object encode() {
        return filled().save();
    }

    @Override
    public int storedBytes() {
        return store.record.orElseThrow().payload().size();
    }

    /** Loads the first record that was created, whatever becomes of it. */
    private static final class OneRecord implements SessionStore {
        private Optional<StoredSession> record = Optional.empty();

        @Override
        public boolean create(StoredSession session) {
            if (record.isEmpty()) {
                record = Optional.of(session);
            }
            return true;
        }

        @Override
        public Optional<StoredSession> load(SessionKey key) {
            return record;
        }

        @Override
        public UpdateOutcome update(StoredSession session, long expectedVersion) {
            return UpdateOutcome.APPLIED;
        }

        @Override
        public boolean touch(SessionKey key, Instant lastAccessedAt, Instant expiresAt) {
            return true;
        }

        @Override
        public boolean delete(SessionKey key) {
            return true;
        }

        @Override
        public int purgeExpired(int limit) {
            return 0;
        }

        @Override
        public void close() {}
    }
}
