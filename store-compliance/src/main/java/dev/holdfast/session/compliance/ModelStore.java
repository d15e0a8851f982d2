package dev.holdfast.session.compliance;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a store should hold, as a plain map by session id; times in epoch milliseconds, written down independently. */
final class ModelStore {

    static final long DEFAULT_IDLE = 30 * 60_000;
    static final long GRACE = 30_000;
    private static final long TOUCH = 60_000;
    private static final int MAX_HOPS = 9;

    final Map<String, Row> rows = new HashMap<>();

    /** A session or, with a successor or as a dead end, what is left of one. */
    static final class Row {
        Map<String, Integer> attributes = new TreeMap<>();
        long version = 1;
        long last;
        long idle = DEFAULT_IDLE;
        long expires;
        boolean buried;

        @Nullable
        String successor;

        long until;
    }

    static long touchMillis(long idle) {
        return Math.min(TOUCH, idle / 10);
    }

    static long expiry(long last, long idle) {
        return last + idle + touchMillis(idle);
    }

    /** Returns the id of the session that an id leads to. */
    @Nullable
    String find(@Nullable String id, long now) {
        String at = id;
        for (int hop = 0; hop < MAX_HOPS && at != null; hop++) {
            Row row = rows.get(at);
            if (row == null) {
                return null;
            }
            if (!row.buried) {
                return now < row.expires && now < expiry(row.last, row.idle) ? at : null;
            }
            at = now < row.until ? row.successor : null;
        }
        return null;
    }

    void replace(Row row, Map<String, Integer> attributes, long last, long idle) {
        row.attributes = new TreeMap<>(attributes);
        row.idle = idle;
        row.version++;
        access(row, last, expiry(last, idle));
    }

    static void access(Row row, long last, long expires) {
        if (last >= row.last) {
            row.last = last;
            row.expires = expires;
        }
    }

    void bury(Row row, @Nullable String successor, long until) {
        row.buried = true;
        row.successor = successor;
        row.until = until;
        row.version++;
        row.attributes = new TreeMap<>();
    }
}
