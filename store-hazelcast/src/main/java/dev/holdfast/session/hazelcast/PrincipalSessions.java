package dev.holdfast.session.hazelcast;

import com.hazelcast.query.Predicate;
import com.hazelcast.query.Predicates;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The sessions of a principal, by the cluster's index on the field of the record itself: one query a page. */
final class PrincipalSessions {

    private static final int LARGEST_PAGE = 1000;

    private final Records records;

    PrincipalSessions(Records records) {
        this.records = records;
    }

    List<StoredSession> find(String principal, @Nullable SessionKey after, int limit) {
        List<StoredSession> found = new ArrayList<>();
        int size = Math.min(limit, LARGEST_PAGE);
        String last = after == null ? "" : after.toString();
        while (found.size() < limit) {
            List<Map.Entry<String, Object>> page = page(principal, last, size);
            for (Map.Entry<String, Object> entry : page) {
                StoredSession session = records.live(entry);
                if (session != null && principal.equals(session.principal()) && found.size() < limit) {
                    found.add(session);
                }
            }
            if (page.size() < size) {
                break;
            }
            last = page.get(size - 1).getKey();
        }
        records.index();
        return found;
    }

    private List<Map.Entry<String, Object>> page(String principal, String after, int size) {
        Predicate<String, Object> wanted =
                Predicates.and(Predicates.equal(Entries.PRINCIPAL, principal), Predicates.greaterThan("__key", after));
        return Failures.reading(
                "find by principal",
                () -> records.map().entrySet(Predicates.pagingPredicate(wanted, size)).stream()
                        .sorted(Comparator.comparing(Map.Entry::getKey))
                        .toList());
    }

    /** Looks again until it finds none, so that it finds what was created meanwhile. */
    int deleteAll(String principal, @Nullable SessionKey except) {
        int deleted = 0;
        boolean found = true;
        while (found) {
            found = false;
            SessionKey last = null;
            List<StoredSession> page;
            do {
                page = find(principal, last, LARGEST_PAGE);
                for (StoredSession session : page) {
                    last = session.key();
                    if (!session.key().equals(except) && records.delete(session.key(), principal)) {
                        deleted++;
                        found = true;
                    }
                }
            } while (page.size() == LARGEST_PAGE);
        }
        return deleted;
    }
}
