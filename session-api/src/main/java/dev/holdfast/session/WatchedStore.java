package dev.holdfast.session;

import dev.holdfast.session.spi.OutcomeUnknownException;
import dev.holdfast.session.spi.PrincipalIndex;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoreUnavailableException;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A store whose calls are told to the listeners, and kept within a budget if there is one. */
final class WatchedStore implements SessionStore {

    private final SessionStore store;
    private final Events events;
    private final @Nullable CallBudget budget;

    private WatchedStore(SessionStore store, Events events, @Nullable CallBudget budget) {
        this.store = store;
        this.events = events;
        this.budget = budget;
    }

    /** Returns the store watched, or as it is if nobody hears and nothing limits its calls. */
    static SessionStore around(SessionStore store, Events events, @Nullable CallBudget budget) {
        return events.areHeard() || budget != null ? new WatchedStore(store, events, budget) : store;
    }

    /** Returns the store's index in the same way, or {@code null} if it has none. */
    static @Nullable PrincipalIndex indexOf(SessionStore store, Events events, @Nullable CallBudget budget) {
        return store instanceof PrincipalIndex index
                ? new WatchedStore(store, events, budget).new WatchedIndex(index)
                : null;
    }

    @Override
    public boolean create(StoredSession session) {
        return call(StoreVerb.CREATE, () -> store.create(session));
    }

    @Override
    public Optional<StoredSession> load(SessionKey key) {
        return call(StoreVerb.LOAD, () -> store.load(key));
    }

    @Override
    public UpdateOutcome update(StoredSession session, long expectedVersion) {
        return call(StoreVerb.UPDATE, () -> store.update(session, expectedVersion));
    }

    @Override
    public boolean touch(SessionKey key, Instant lastAccessedAt, Instant expiresAt) {
        return call(StoreVerb.TOUCH, () -> store.touch(key, lastAccessedAt, expiresAt));
    }

    @Override
    public boolean delete(SessionKey key) {
        return call(StoreVerb.DELETE, () -> store.delete(key));
    }

    /** In no budget: it runs in the background, one at a time. */
    @Override
    public int purgeExpired(int limit) {
        return told(StoreVerb.PURGE, () -> store.purgeExpired(limit));
    }

    private <T> T call(StoreVerb verb, Supplier<T> call) {
        CallBudget limited = budget;
        return told(verb, limited == null ? call : () -> limited.call(verb.toString(), verb.writes(), call));
    }

    private <T> T told(StoreVerb verb, Supplier<T> call) {
        if (!events.areHeard()) {
            return call.get();
        }
        long start = System.nanoTime();
        StoreAnswer answer = StoreAnswer.FAILED;
        try {
            T result = call.get();
            answer = StoreAnswer.ANSWERED;
            return result;
        } catch (StoreUnavailableException e) {
            answer = StoreAnswer.UNAVAILABLE;
            throw e;
        } catch (OutcomeUnknownException e) {
            answer = StoreAnswer.OUTCOME_UNKNOWN;
            throw e;
        } finally {
            events.storeCalled(verb, answer, Duration.ofNanos(System.nanoTime() - start));
        }
    }

    @Override
    public void close() {
        store.close();
    }

    private final class WatchedIndex implements PrincipalIndex {

        private final PrincipalIndex index;

        WatchedIndex(PrincipalIndex index) {
            this.index = index;
        }

        @Override
        public List<StoredSession> findByPrincipal(String principal, @Nullable SessionKey after, int limit) {
            return call(StoreVerb.FIND_BY_PRINCIPAL, () -> index.findByPrincipal(principal, after, limit));
        }

        @Override
        public int deleteByPrincipal(String principal, @Nullable SessionKey except) {
            return call(StoreVerb.DELETE_BY_PRINCIPAL, () -> index.deleteByPrincipal(principal, except));
        }
    }
}
