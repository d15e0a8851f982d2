package dev.holdfast.session.file;

import dev.holdfast.session.file.DueUnits.Purged;
import dev.holdfast.session.file.Reading.Snapshot;
import dev.holdfast.session.file.Reading.Unreadable;
import dev.holdfast.session.file.Shards.Location;
import dev.holdfast.session.spi.SessionKey;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Removes expired records, and what crashes left.
 *
 * <p>A file's time says when it is worth opening: writers set it to the expiry, or leave it at the time of their write,
 * which is earlier. So a file with a later time is of a live session. Whatever else is opened under its key's lock, which
 * tells whether it has expired; if not, its time is put right.
 */
final class Purger {

    private static final String UNREADABLE_DIRECTORY = ".unreadable";
    private static final long REMOVED = Long.MIN_VALUE;
    private static final long LOOK_AGAIN_MILLIS = 60 * 60_000L;

    private final SessionDirectory directory;
    private final Shards shards;
    private final Records records;
    private final InstantSource clock;

    Purger(SessionDirectory directory, Records records, InstantSource clock) {
        this.directory = directory;
        this.shards = directory.shards;
        this.records = records;
        this.clock = clock;
    }

    int purgeExpired(int limit) throws IOException {
        directory.requireThereQuickly();
        long now = clock.millis();
        return directory.due.drain(now, limit, (unit, most) -> purge(unit, most, now));
    }

    private Purged purge(int unit, int limit, long now) throws IOException {
        int removed = 0;
        long earliest = Long.MAX_VALUE;
        for (File leaf : shards.leaves(unit)) {
            try (Names names = shards.names(leaf)) {
                for (String name = names.next(); name != null; name = names.next()) {
                    File file = new File(leaf, name);
                    long due = file.lastModified();
                    if (due > now) {
                        earliest = Math.min(earliest, due);
                    } else if (SessionKey.isKey(name)) {
                        if (removed == limit) {
                            return new Purged(removed, DueUnits.OVERDUE);
                        }
                        due = purge(shards.locate(SessionKey.parse(name)), now);
                        if (due == REMOVED) {
                            removed++;
                        } else {
                            earliest = Math.min(earliest, due);
                        }
                    } else {
                        sweep(file, name);
                    }
                }
            }
        }
        return new Purged(removed, earliest);
    }

    /** Removes a record that has expired, and answers {@link #REMOVED}, or when to look at it again. */
    private long purge(Location at, long now) throws IOException {
        return records.locked(at, () -> {
            Reading reading = records.read(at);
            if (reading instanceof Snapshot snapshot) {
                if (snapshot.session().isExpiredAt(Instant.ofEpochMilli(now))) {
                    records.remove(at, reading, null);
                    return REMOVED;
                }
                long expiresAt = snapshot.session().expiresAt().toEpochMilli();
                Records.setDue(at, expiresAt);
                return expiresAt;
            }
            if (reading == Unreadable.EMPTY) {
                records.remove(at, reading, null);
            } else if (reading == Unreadable.DAMAGED) {
                records.unreadable.tell(at.key());
                setAside(at);
            } else if (reading == Unreadable.NEWER_FORMAT) {
                records.unreadable.tell(at.key());
                Records.setDue(at, now + LOOK_AGAIN_MILLIS);
                return now + LOOK_AGAIN_MILLIS;
            }
            return Long.MAX_VALUE;
        });
    }

    /** Moves what can't be read out of the way of later purges, for a person to look at. */
    private void setAside(Location at) throws IOException {
        Path aside = directory.root.resolve(UNREADABLE_DIRECTORY);
        shards.makeDirectory(aside);
        Files.move(at.path(), aside.resolve(at.hex()), StandardCopyOption.REPLACE_EXISTING);
    }

    /** Removes what a crash left while a record got a larger file. */
    private void sweep(File file, String name) throws IOException {
        String key =
                name.endsWith(Records.TEMPORARY) ? name.substring(0, name.length() - Records.TEMPORARY.length()) : "";
        if (SessionKey.isKey(key)) {
            records.locked(shards.locate(SessionKey.parse(key)), () -> Files.deleteIfExists(file.toPath()));
        }
    }
}
