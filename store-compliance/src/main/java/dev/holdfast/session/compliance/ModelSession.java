package dev.holdfast.session.compliance;

import dev.holdfast.session.Concurrency;
import dev.holdfast.session.SaveOutcome;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What one request's session should be and do, on a {@link ModelStore}. */
final class ModelSession {

    /** A changed attribute: a constant, or so many increments of what is stored. */
    private record Change(@Nullable Integer value, int increments) {}

    private final ModelStore store;
    private final boolean readOnly;
    private final boolean merges;
    private final boolean predecessor;
    private final long accessed;

    @Nullable
    String id;

    boolean stored;
    boolean ended;
    private Map<String, Integer> base = new TreeMap<>();
    private final Map<String, Change> changes = new HashMap<>();
    private boolean cleared;
    private long last;
    private long idle = ModelStore.DEFAULT_IDLE;
    private @Nullable Long newIdle;
    private long version;

    ModelSession(ModelStore store, @Nullable String presented, Concurrency mode, long now) {
        this.store = store;
        this.accessed = now;
        this.last = now;
        String found = store.find(presented, now);
        this.predecessor = found != null && !found.equals(presented);
        this.readOnly = predecessor || mode == Concurrency.READ_ONLY;
        this.merges = mode == Concurrency.MERGE;
        if (found != null) {
            adopt(found);
        }
    }

    private void adopt(String found) {
        ModelStore.Row row = Objects.requireNonNull(store.rows.get(found));
        settle(found, row.attributes, row.version, row.last, row.idle);
    }

    private void settle(String now, Map<String, Integer> attributes, long newVersion, long newLast, long nowIdle) {
        id = now;
        stored = true;
        base = new TreeMap<>(attributes);
        version = newVersion;
        last = newLast;
        idle = nowIdle;
        discard();
    }

    boolean isChangeable() {
        return !ended && !readOnly;
    }

    private boolean isUnder(String name) {
        return !cleared && base.containsKey(name);
    }

    @Nullable
    Integer get(String name) {
        Change change = changes.get(name);
        if (change != null) {
            return change.value();
        }
        return cleared ? null : base.get(name);
    }

    Map<String, Integer> view() {
        Set<String> names = new TreeSet<>(base.keySet());
        names.addAll(changes.keySet());
        Map<String, Integer> view = new TreeMap<>();
        for (String name : names) {
            Integer value = get(name);
            if (value != null) {
                view.put(name, value);
            }
        }
        return view;
    }

    void put(String name, int value) {
        changes.put(name, new Change(value, 0));
    }

    void remove(String name) {
        if (isUnder(name)) {
            changes.put(name, new Change(null, 0));
        } else {
            changes.remove(name);
        }
    }

    void clear() {
        cleared = true;
        changes.clear();
    }

    void increment(String name) {
        Change known = changes.get(name);
        int increments =
                cleared || (known != null && known.increments() == 0) ? 0 : known == null ? 1 : known.increments() + 1;
        changes.put(name, new Change(incremented(get(name), 1), increments));
    }

    private static Integer incremented(@Nullable Integer value, int by) {
        return value == null ? by : value + by;
    }

    void idle(long millis) {
        newIdle = millis;
    }

    void discard() {
        changes.clear();
        cleared = false;
        newIdle = null;
    }

    private boolean changesNothing() {
        return newIdle == null
                && !(cleared && !base.isEmpty())
                && changes.keySet().stream()
                        .allMatch(name -> Objects.equals(get(name), cleared ? null : base.get(name)));
    }

    private Map<String, Integer> appliedTo(Map<String, Integer> current) {
        Map<String, Integer> result = cleared && !base.isEmpty() ? new TreeMap<>() : new TreeMap<>(current);
        changes.forEach((name, change) -> {
            Integer before = cleared ? null : base.get(name);
            Integer now = change.value();
            if (Objects.equals(now, before)) {
                return;
            }
            Integer there = result.get(name);
            if (change.increments() > 0 && !Objects.equals(there, before)) {
                now = incremented(there, change.increments());
            }
            if (now == null) {
                result.remove(name);
            } else {
                result.put(name, now);
            }
        });
        return result;
    }

    private long idleOver(long storedIdle) {
        return newIdle == null ? storedIdle : newIdle;
    }

    /** @param created the id that a new session got */
    SaveOutcome save(long now, String created) {
        if (ended) {
            return SaveOutcome.GONE;
        }
        if (readOnly) {
            return !stored || predecessor ? SaveOutcome.UNCHANGED : touch();
        }
        if (!stored) {
            return changesNothing() ? SaveOutcome.UNCHANGED : create(created);
        }
        return changesNothing() ? touch() : write(now);
    }

    private SaveOutcome create(String created) {
        ModelStore.Row row = new ModelStore.Row();
        row.attributes = appliedTo(base);
        row.idle = idleOver(idle);
        row.last = accessed;
        row.expires = ModelStore.expiry(accessed, row.idle);
        store.rows.put(created, row);
        settle(created, row.attributes, 1, accessed, row.idle);
        return SaveOutcome.CREATED;
    }

    private SaveOutcome touch() {
        long since = accessed - last;
        if (since <= 0 || since < ModelStore.touchMillis(idle)) {
            return SaveOutcome.UNCHANGED;
        }
        ModelStore.Row row = store.rows.get(Objects.requireNonNull(id));
        if (row == null) {
            ended = true;
            return SaveOutcome.GONE;
        }
        ModelStore.access(row, accessed, ModelStore.expiry(accessed, idle));
        last = accessed;
        return SaveOutcome.TOUCHED;
    }

    private SaveOutcome write(long now) {
        String own = Objects.requireNonNull(id);
        ModelStore.Row row = store.rows.get(own);
        if (row != null && row.version == version) {
            return replace(own, base, last, idle);
        }
        String found = row == null ? null : store.find(own, now);
        if (found == null) {
            ended = true;
            return SaveOutcome.GONE;
        }
        if (!merges) {
            return SaveOutcome.CONFLICT;
        }
        ModelStore.Row there = Objects.requireNonNull(store.rows.get(found));
        replace(found, there.attributes, there.last, there.idle);
        return found.equals(own) ? SaveOutcome.UPDATED : SaveOutcome.RENEWED;
    }

    private SaveOutcome replace(String at, Map<String, Integer> current, long currentLast, long currentIdle) {
        ModelStore.Row row = Objects.requireNonNull(store.rows.get(at));
        Map<String, Integer> wanted = appliedTo(current);
        long wantedLast = Math.max(currentLast, accessed);
        long wantedIdle = idleOver(currentIdle);
        store.replace(row, wanted, wantedLast, wantedIdle);
        settle(at, wanted, row.version, wantedLast, wantedIdle);
        return SaveOutcome.UPDATED;
    }

    /** @param moved the id that the session got, if it got one of its own */
    SaveOutcome move(long now, boolean grace, String moved) {
        if (!stored) {
            return SaveOutcome.UNCHANGED;
        }
        String own = Objects.requireNonNull(id);
        ModelStore.Row fresh = new ModelStore.Row();
        fresh.attributes = appliedTo(base);
        fresh.idle = idleOver(idle);
        fresh.last = Math.max(last, accessed);
        fresh.expires = ModelStore.expiry(fresh.last, fresh.idle);
        long newLast = fresh.last;
        ModelStore.Row row = store.rows.get(own);
        String old = own;
        if (row == null || row.version != version) {
            String found = row == null ? null : store.find(own, now);
            if (found == null) {
                ended = true;
                return SaveOutcome.GONE;
            }
            if (!merges && !changesNothing()) {
                return SaveOutcome.CONFLICT;
            }
            ModelStore.Row there = Objects.requireNonNull(store.rows.get(found));
            if (grace && !found.equals(own)) {
                if (changesNothing()) {
                    adopt(found);
                } else {
                    replace(found, there.attributes, there.last, there.idle);
                }
                return SaveOutcome.RENEWED;
            }
            old = found;
            newLast = Math.max(there.last, accessed);
            store.replace(fresh, appliedTo(there.attributes), newLast, idleOver(there.idle));
        }
        long end = ModelStore.expiry(newLast, fresh.idle);
        store.bury(
                Objects.requireNonNull(store.rows.get(old)),
                grace ? moved : null,
                grace ? Math.min(now + ModelStore.GRACE, end) : now);
        store.rows.put(moved, fresh);
        settle(moved, fresh.attributes, fresh.version, newLast, fresh.idle);
        return SaveOutcome.RENEWED;
    }

    void reload(long now) {
        discard();
        if (stored) {
            String found = store.find(id, now);
            if (found == null) {
                ended = true;
            } else {
                adopt(found);
            }
        }
    }

    void invalidate(long now) {
        if (!ended && stored) {
            String found = store.find(id, now);
            store.rows.remove(found == null ? Objects.requireNonNull(id) : found);
        }
        ended = true;
    }
}
