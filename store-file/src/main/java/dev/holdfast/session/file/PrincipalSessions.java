package dev.holdfast.session.file;

import dev.holdfast.session.file.Reading.Absent;
import dev.holdfast.session.file.Reading.Snapshot;
import dev.holdfast.session.file.Shards.Location;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The sessions of a principal: those that have a marker, if the record agrees. */
final class PrincipalSessions {

    private static final int PAGE = 256;

    private final SessionDirectory directory;
    private final Records records;

    PrincipalSessions(SessionDirectory directory, Records records) {
        this.directory = directory;
        this.records = records;
    }

    /** Returns a page of the live sessions of a principal, by key. */
    List<StoredSession> find(String principal, @Nullable SessionKey after, int limit) throws IOException {
        directory.requireThereQuickly();
        List<StoredSession> found = new ArrayList<>();
        String last = after == null ? null : after.toString();
        while (found.size() < limit) {
            List<String> keys = directory.principals.keys(principal, last, Math.min(PAGE, limit));
            for (String hex : keys) {
                if (found.size() < limit) {
                    load(principal, SessionKey.parse(hex)).ifPresent(found::add);
                }
                last = hex;
            }
            if (keys.size() < Math.min(PAGE, limit)) {
                break;
            }
        }
        return found;
    }

    /** Loads a record that a marker says is of a principal, and drops the marker if that is not so. */
    private Optional<StoredSession> load(String principal, SessionKey key) throws IOException {
        Location at = directory.shards.locate(key);
        Optional<StoredSession> session = records.load(at);
        if (session.isPresent() && principal.equals(session.get().principal())) {
            return session;
        }
        return records.locked(at, () -> {
            Reading reading = records.read(at);
            boolean anothers = reading instanceof Snapshot snapshot
                    && !principal.equals(snapshot.session().principal());
            if (reading instanceof Absent || anothers) {
                directory.principals.remove(principal, at.hex());
                return Optional.empty();
            }
            return Optional.ofNullable(records.liveOrNull(at, reading));
        });
    }

    /** Deletes all of a principal's sessions but one, until a pass finds none. */
    int deleteAll(String principal, @Nullable SessionKey except) throws IOException {
        int deleted = 0;
        SessionKey last = null;
        boolean found = false;
        while (true) {
            List<StoredSession> page = find(principal, last, PAGE);
            for (StoredSession session : page) {
                last = session.key();
                if (!last.equals(except)) {
                    found = true;
                    deleted += records.delete(last, principal) ? 1 : 0;
                }
            }
            if (page.size() < PAGE) {
                if (!found) {
                    return deleted;
                }
                // once more from the start, for those that were created meanwhile
                found = false;
                last = null;
            }
        }
    }
}
