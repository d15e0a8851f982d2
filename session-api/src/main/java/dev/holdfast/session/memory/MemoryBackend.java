package dev.holdfast.session.memory;

import dev.holdfast.session.spi.KeyListeners;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the stores of one name share. Each write is one compare-and-set on the map, by the identity of the entry it read,
 * so a verb that lost a race looks again. The indexes follow after the write and before the verb returns; whoever meets a
 * stale index entry drops it, and looks at the map while holding the index to see that it is stale.
 */
final class MemoryBackend {

    private static final ConcurrentMap<String, MemoryBackend> NAMED = new ConcurrentHashMap<>();

    final MemoryLocks locks = new MemoryLocks();
    final KeyListeners expired = new KeyListeners(MemorySessionStore.class);
    final KeyListeners changed = new KeyListeners(MemorySessionStore.class);

    private final ConcurrentMap<SessionKey, Entry> entries = new ConcurrentHashMap<>();
    private final DueKeys due = new DueKeys();
    private final ConcurrentMap<String, NavigableSet<SessionKey>> byPrincipal = new ConcurrentHashMap<>();

    static MemoryBackend named(String name) {
        return NAMED.computeIfAbsent(name, any -> new MemoryBackend());
    }

    boolean create(StoredSession session, long now) {
        Entry created = new Entry(session);
        while (true) {
            Entry current = entries.putIfAbsent(session.key(), created);
            if (current == null) {
                index(created);
                return true;
            }
            if (current.isLiveAt(now)) {
                return false;
            }
            if (entries.replace(session.key(), current, created)) {
                index(created);
                unindexPrincipal(current, created);
                expired.tell(session.key());
                return true;
            }
        }
    }

    @Nullable
    StoredSession load(SessionKey key, long now) {
        Entry current = entries.get(key);
        return current != null && current.isLiveAt(now) ? current.session : null;
    }

    UpdateOutcome update(StoredSession session, long expectedVersion, long now) {
        while (true) {
            Entry current = entries.get(session.key());
            if (current == null || !current.isLiveAt(now)) {
                return UpdateOutcome.GONE;
            }
            if (current.session.version() != expectedVersion) {
                return UpdateOutcome.CONFLICT;
            }
            Entry updated = new Entry(session.replacing(current.session));
            if (entries.replace(session.key(), current, updated)) {
                if (updated.expiresAt < current.expiresAt) {
                    due.add(session.key(), updated.expiresAt);
                }
                if (!Objects.equals(current.session.principal(), updated.session.principal())) {
                    indexPrincipal(updated);
                    unindexPrincipal(current, updated);
                }
                changed.tell(session.key());
                return UpdateOutcome.APPLIED;
            }
        }
    }

    boolean touch(SessionKey key, Instant lastAccessedAt, Instant expiresAt, long now) {
        while (true) {
            Entry current = entries.get(key);
            if (current == null || !current.isLiveAt(now)) {
                return false;
            }
            if (lastAccessedAt.isBefore(current.session.lastAccessedAt())) {
                return true;
            }
            Entry touched = new Entry(current.session.withAccess(lastAccessedAt, expiresAt));
            if (entries.replace(key, current, touched)) {
                if (touched.expiresAt < current.expiresAt) {
                    due.add(key, touched.expiresAt);
                }
                return true;
            }
        }
    }

    boolean delete(SessionKey key, long now) {
        Entry removed = entries.remove(key);
        if (removed == null) {
            return false;
        }
        unindexPrincipal(removed, null);
        if (!removed.isLiveAt(now)) {
            expired.tell(key);
            return false;
        }
        changed.tell(key);
        return true;
    }

    int purgeExpired(int limit, long now) {
        return due.drain(now, limit, key -> {
            Entry current = entries.get(key);
            if (current == null) {
                return DueKeys.DONE;
            }
            if (current.isLiveAt(now)) {
                return current.expiresAt;
            }
            if (entries.remove(key, current)) {
                unindexPrincipal(current, null);
                expired.tell(key);
                return DueKeys.REMOVED;
            }
            return now;
        });
    }

    List<StoredSession> findByPrincipal(String principal, @Nullable SessionKey after, int limit, long now) {
        NavigableSet<SessionKey> keys = byPrincipal.get(principal);
        if (keys == null) {
            return List.of();
        }
        return (after == null ? keys : keys.tailSet(after, false))
                .stream()
                        .map(key -> load(key, now))
                        .flatMap(Stream::ofNullable)
                        .filter(session -> principal.equals(session.principal()))
                        .limit(limit)
                        .toList();
    }

    int deleteByPrincipal(String principal, @Nullable SessionKey except, long now) {
        int deleted = 0;
        boolean found = true;
        while (found) {
            found = false;
            for (StoredSession session : findByPrincipal(principal, null, Integer.MAX_VALUE, now)) {
                if (!session.key().equals(except) && deleteIfOf(principal, session.key(), now)) {
                    deleted++;
                    found = true;
                }
            }
        }
        return deleted;
    }

    private boolean deleteIfOf(String principal, SessionKey key, long now) {
        while (true) {
            Entry current = entries.get(key);
            if (current == null || !current.isLiveAt(now) || !principal.equals(current.session.principal())) {
                return false;
            }
            if (entries.remove(key, current)) {
                unindexPrincipal(current, null);
                changed.tell(key);
                return true;
            }
        }
    }

    Stream<StoredSession> scan(long now) {
        return entries.values().stream().filter(entry -> entry.isLiveAt(now)).map(entry -> entry.session);
    }

    private void index(Entry entry) {
        due.add(entry.session.key(), entry.expiresAt);
        indexPrincipal(entry);
    }

    private void indexPrincipal(Entry entry) {
        String principal = entry.session.principal();
        if (principal != null) {
            byPrincipal.compute(principal, (any, keys) -> {
                NavigableSet<SessionKey> set =
                        keys == null ? new ConcurrentSkipListSet<>(Comparator.naturalOrder()) : keys;
                set.add(entry.session.key());
                return set;
            });
        }
    }

    /** Drops the index entry of what was replaced or removed, unless the key has the same principal again. */
    private void unindexPrincipal(Entry old, @Nullable Entry replacement) {
        String principal = old.session.principal();
        if (principal == null || (replacement != null && principal.equals(replacement.session.principal()))) {
            return;
        }
        byPrincipal.computeIfPresent(principal, (any, keys) -> {
            Entry current = entries.get(old.session.key());
            if (current == null || !principal.equals(current.session.principal())) {
                keys.remove(old.session.key());
            }
            return keys.isEmpty() ? null : keys;
        });
    }

    /** A record with its expiry at hand; compared by identity, which is what makes replace a compare-and-set. */
    private static final class Entry {
        final StoredSession session;
        final long expiresAt;

        Entry(StoredSession session) {
            this.session = session;
            this.expiresAt = session.expiresAt().toEpochMilli();
        }

        boolean isLiveAt(long now) {
            return now < expiresAt || expiresAt == Long.MAX_VALUE;
        }
    }
}
