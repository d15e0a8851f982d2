package dev.holdfast.session.compliance.gallery;

import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A store that does not keep quite what it is given; each kind of broken store overrides one hook. */
class Twisted extends SoundStore {

    Twisted(SoundBackend backend, InstantSource clock) {
        super(backend, clock);
    }

    static StoreOpener written(UnaryOperator<StoredSession> twist) {
        return (backend, clock) -> new Twisted(backend, clock) {
            @Override
            StoredSession written(StoredSession session) {
                return twist.apply(session);
            }
        };
    }

    static StoreOpener shown(UnaryOperator<StoredSession> twist) {
        return (backend, clock) -> new Twisted(backend, clock) {
            @Override
            StoredSession shown(StoredSession session) {
                return twist.apply(session);
            }
        };
    }

    static StoreOpener times(UnaryOperator<Instant> twist) {
        return (backend, clock) -> new Twisted(backend, clock) {
            @Override
            Instant time(Instant instant) {
                return twist.apply(instant);
            }
        };
    }

    static StoreOpener keys(UnaryOperator<byte[]> twist) {
        return (backend, clock) -> new Twisted(backend, clock) {
            @Override
            SessionKey key(SessionKey key) {
                return SessionKey.ofBytes(twist.apply(key.toBytes()));
            }
        };
    }

    /** Returns a session with some parts replaced. */
    static StoredSession with(
            StoredSession session,
            SessionKey key,
            Instant createdAt,
            Instant lastAccessedAt,
            Instant expiresAt,
            @Nullable String principal) {
        return new StoredSession(
                key,
                session.version(),
                createdAt,
                lastAccessedAt,
                expiresAt,
                session.idleTimeout(),
                principal,
                session.payload());
    }

    static StoredSession withPrincipal(StoredSession session, @Nullable String principal) {
        return with(
                session, session.key(), session.createdAt(), session.lastAccessedAt(), session.expiresAt(), principal);
    }

    StoredSession written(StoredSession session) {
        return session;
    }

    StoredSession shown(StoredSession session) {
        return session;
    }

    Instant time(Instant instant) {
        return instant;
    }

    SessionKey key(SessionKey key) {
        return key;
    }

    private StoredSession in(StoredSession session) {
        StoredSession written = written(session);
        return with(
                written,
                key(written.key()),
                time(written.createdAt()),
                time(written.lastAccessedAt()),
                time(written.expiresAt()),
                written.principal());
    }

    @Override
    public boolean create(StoredSession session) {
        return super.create(in(session));
    }

    @Override
    public Optional<StoredSession> load(SessionKey key) {
        return super.load(key(key))
                .map(this::shown)
                .map(session -> with(
                        session,
                        key,
                        session.createdAt(),
                        session.lastAccessedAt(),
                        session.expiresAt(),
                        session.principal()));
    }

    @Override
    public UpdateOutcome update(StoredSession session, long expectedVersion) {
        return super.update(in(session), expectedVersion);
    }

    @Override
    public boolean touch(SessionKey key, Instant lastAccessedAt, Instant expiresAt) {
        return super.touch(key(key), time(lastAccessedAt), time(expiresAt));
    }

    @Override
    public boolean delete(SessionKey key) {
        return super.delete(key(key));
    }

    @Override
    public List<StoredSession> findByPrincipal(String principal, @Nullable SessionKey after, int limit) {
        return super.findByPrincipal(principal, after, limit).stream()
                .map(this::shown)
                .toList();
    }

    @Override
    public Stream<StoredSession> scan() {
        return super.scan().map(this::shown);
    }
}
