package dev.holdfast.session;

import dev.holdfast.session.spi.Payload;
import dev.holdfast.session.spi.PrincipalIndex;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A store of plain payloads on one of compressed and sealed ones, as these sessions' settings want it. What can't be
 * opened is reported, and absent. A payload's first byte tells its form: {@link Envelope}, {@link Compression} or
 * {@link Sealing}, and each holds nothing but one of those before it.
 */
final class PayloadStore implements SessionStore {

    private final SessionStore store;
    private final Compression compression;
    private final @Nullable Sealing sealing;
    private final BiConsumer<SessionKey, String> unreadable;

    PayloadStore(
            SessionStore store,
            Compression compression,
            @Nullable Sealing sealing,
            BiConsumer<SessionKey, String> unreadable) {
        this.store = store;
        this.compression = compression;
        this.sealing = sealing;
        this.unreadable = unreadable;
    }

    @Override
    public boolean create(StoredSession session) {
        return store.create(closed(session, 1));
    }

    @Override
    public Optional<StoredSession> load(SessionKey key) {
        return store.load(key).flatMap(this::opened);
    }

    @Override
    public UpdateOutcome update(StoredSession session, long expectedVersion) {
        return store.update(closed(session, expectedVersion + 1), expectedVersion);
    }

    private StoredSession closed(StoredSession session, long version) {
        if (sealing == null && session.payload().size() <= compression.above()) {
            return session;
        }
        byte[] payload = compression.compress(session.payload().toByteArray());
        return session.withPayload(Payload.wrap(sealing == null ? payload : sealing.seal(session, version, payload)));
    }

    private Optional<StoredSession> opened(StoredSession session) {
        try {
            return Optional.of(open(session));
        } catch (UnreadablePayloadException e) {
            unreadable.accept(session.key(), String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private StoredSession open(StoredSession session) throws UnreadablePayloadException {
        if (sealing == null && formatOf(session.payload()) != Compression.FORMAT) {
            return session;
        }
        byte[] payload = session.payload().toByteArray();
        if (sealing != null) {
            payload = sealing.open(session, payload);
        }
        if (payload.length > 0 && payload[0] == Compression.FORMAT) {
            payload = compression.expand(payload);
        }
        return session.withPayload(Payload.wrap(payload));
    }

    /** Returns an index of plain payloads on one of the store; what can't be opened has an empty one. */
    @Nullable
    PrincipalIndex opening(@Nullable PrincipalIndex index) {
        return index == null ? null : new OpeningIndex(index);
    }

    private final class OpeningIndex implements PrincipalIndex {

        private final PrincipalIndex index;

        OpeningIndex(PrincipalIndex index) {
            this.index = index;
        }

        @Override
        public List<StoredSession> findByPrincipal(String principal, @Nullable SessionKey after, int limit) {
            return index.findByPrincipal(principal, after, limit).stream()
                    .map(this::openedOrEmpty)
                    .toList();
        }

        private StoredSession openedOrEmpty(StoredSession session) {
            try {
                return open(session);
            } catch (UnreadablePayloadException e) {
                return session.withPayload(Payload.EMPTY);
            }
        }

        @Override
        public int deleteByPrincipal(String principal, @Nullable SessionKey except) {
            return index.deleteByPrincipal(principal, except);
        }
    }

    /** Deletes what lies under a key if these sessions can't read it, and returns whether: one load, and a delete then. */
    boolean deleteUnreadable(SessionKey key) {
        return store.load(key).filter(session -> !isReadable(session)).isPresent() && store.delete(key);
    }

    private boolean isReadable(StoredSession session) {
        try {
            return Envelope.parse(open(session).payload()).isPresent();
        } catch (UnreadablePayloadException e) {
            return false;
        }
    }

    private static byte formatOf(Payload payload) {
        return payload.size() == 0 ? 0 : payload.asByteBuffer().get();
    }

    @Override
    public boolean touch(SessionKey key, Instant lastAccessedAt, Instant expiresAt) {
        return store.touch(key, lastAccessedAt, expiresAt);
    }

    @Override
    public boolean delete(SessionKey key) {
        return store.delete(key);
    }

    @Override
    public int purgeExpired(int limit) {
        return store.purgeExpired(limit);
    }

    @Override
    public void close() {
        store.close();
    }
}
