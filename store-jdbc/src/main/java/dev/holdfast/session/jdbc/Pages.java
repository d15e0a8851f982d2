package dev.holdfast.session.jdbc;

import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Spliterators.AbstractSpliterator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The sessions after a key, in the order of keys, page by page; no connection is held between two pages. */
final class Pages extends AbstractSpliterator<StoredSession> {

    private final Source source;
    private final int size;
    private final Deque<StoredSession> read = new ArrayDeque<>();
    private @Nullable SessionKey after;
    private boolean last;

    Pages(Source source, @Nullable SessionKey after, int size) {
        super(Long.MAX_VALUE, DISTINCT | NONNULL);
        this.source = source;
        this.after = after;
        this.size = size;
    }

    @Override
    public boolean tryAdvance(Consumer<? super StoredSession> action) {
        while (read.isEmpty() && !last) {
            Page page = source.page(after, size);
            after = page.lastKey;
            last = page.lastKey == null;
            read.addAll(page.sessions);
        }
        StoredSession next = read.poll();
        if (next == null) {
            return false;
        }
        action.accept(next);
        return true;
    }

    /** What a query for a page answers. The text orders by key and binds, from {@code first} on, key, now and limit. */
    static Page query(PreparedStatement query, int first, @Nullable SessionKey after, long now, int limit)
            throws SQLException {
        // no key comes before that of zeros, and the one itself is nobody's SHA-256
        query.setBytes(first, after == null ? new byte[0] : after.toBytes());
        query.setLong(first + 1, now);
        query.setInt(first + 2, limit);
        List<StoredSession> sessions = new ArrayList<>();
        SessionKey lastKey = null;
        int rows = 0;
        try (ResultSet row = query.executeQuery()) {
            while (row.next()) {
                rows++;
                lastKey = SessionKey.ofBytes(row.getBytes(8));
                Rows.read(row, lastKey).ifPresent(sessions::add);
            }
        }
        return new Page(sessions, rows < limit ? null : lastKey);
    }

    /** Reads a page of at most {@code size} rows. */
    interface Source {
        Page page(@Nullable SessionKey after, int size);
    }

    /**
     * A page.
     *
     * @param lastKey the last row's key, or {@code null} if no row follows
     */
    record Page(List<StoredSession> sessions, @Nullable SessionKey lastKey) {}
}
