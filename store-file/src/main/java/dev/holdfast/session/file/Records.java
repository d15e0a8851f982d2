package dev.holdfast.session.file;

import dev.holdfast.session.file.DueUnits.Purged;
import dev.holdfast.session.file.Reading.Absent;
import dev.holdfast.session.file.Reading.Snapshot;
import dev.holdfast.session.file.Reading.Unreadable;
import dev.holdfast.session.file.Shards.Location;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The verbs on the records of a directory. */
final class Records {

    private static final String TEMPORARY = ".tmp";
    private static final String UNREADABLE_DIRECTORY = ".unreadable";

    /** What a file time is cut to, by us or by the file system; a record that lives longer is looked at then, and left alone. */
    private static final long LATEST_FILE_TIME =
            Instant.parse("2400-01-01T00:00:00Z").toEpochMilli();

    private static final long REMOVED = Long.MIN_VALUE;
    private static final long LOOK_AGAIN_MILLIS = 60 * 60_000L;

    final UnreadableRecords unreadable = new UnreadableRecords();

    private final SessionDirectory directory;
    private final Shards shards;
    private final InstantSource clock;
    private final boolean sync;
    private final Duration patience;

    Records(SessionDirectory directory, InstantSource clock, Durability durability, Duration patience) {
        this.directory = directory;
        this.shards = directory.shards;
        this.clock = clock;
        this.sync = durability == Durability.FSYNC;
        this.patience = patience;
    }

    boolean create(StoredSession session) throws IOException {
        Location at = shards.locate(session.key());
        return locked(at, () -> {
            String principal = session.principal();
            if (principal != null) {
                directory.principals.add(principal, at.hex());
            }
            byte[] file = RecordFormat.file(session.key(), RecordFormat.slot(session));
            if (!createFile(at, file)) {
                Reading there = read(at);
                StoredSession live = liveOrNull(at, there);
                if (live != null) {
                    if (principal != null && !principal.equals(live.principal())) {
                        directory.principals.remove(principal, at.hex());
                    }
                    return false;
                }
                remove(at, there, principal);
                if (!createFile(at, file)) {
                    throw new IOException(at.name() + " can't be replaced");
                }
            }
            if (sync) {
                shards.syncDirectory(parent(at));
            }
            setDue(at, session.expiresAt().toEpochMilli());
            written(at, session.expiresAt());
            return true;
        });
    }

    private boolean createFile(Location at, byte[] file) throws IOException {
        shards.prepare(at.hex(), sync);
        try {
            return RecordFile.create(at, file, sync, shards.fileAttributes);
        } catch (NoSuchFileException e) {
            directory.requireThere();
            shards.distrust(at.hex());
            shards.prepare(at.hex(), sync);
            return RecordFile.create(at, file, sync, shards.fileAttributes);
        }
    }

    Optional<StoredSession> load(SessionKey key) throws IOException {
        return load(shards.locate(key));
    }

    Optional<StoredSession> load(Location at) throws IOException {
        Reading reading = read(at);
        if (!(reading instanceof Absent || (reading instanceof Snapshot snapshot && snapshot.settled()))) {
            // somebody may be writing right now: under the lock nobody is
            reading = locked(at, () -> RecordFile.read(at));
        }
        return Optional.ofNullable(liveOrNull(at, reading));
    }

    /** Loads a record that a marker says is of a principal, and drops the marker if that is not so. */
    Optional<StoredSession> loadOf(String principal, SessionKey key) throws IOException {
        Location at = shards.locate(key);
        Optional<StoredSession> session = load(at);
        if (session.isPresent() && principal.equals(session.get().principal())) {
            return session;
        }
        return locked(at, () -> {
            Reading reading = read(at);
            boolean anothers = reading instanceof Snapshot snapshot
                    && !principal.equals(snapshot.session().principal());
            if (reading instanceof Absent || anothers) {
                directory.principals.remove(principal, at.hex());
                return Optional.empty();
            }
            return Optional.ofNullable(liveOrNull(at, reading));
        });
    }

    UpdateOutcome update(StoredSession session, long expectedVersion) throws IOException {
        Location at = shards.locate(session.key());
        return locked(at, () -> update(at, session, expectedVersion));
    }

    private UpdateOutcome update(Location at, StoredSession session, long expectedVersion) throws IOException {
        try (RecordFile file = open(at)) {
            Reading reading = file.read();
            StoredSession current = liveOrNull(at, reading);
            if (current == null || !(reading instanceof Snapshot snapshot)) {
                return UpdateOutcome.GONE;
            }
            if (current.version() != expectedVersion) {
                return UpdateOutcome.CONFLICT;
            }
            StoredSession next = session.replacing(current);
            boolean samePrincipal = Objects.equals(next.principal(), current.principal());
            if (!samePrincipal && next.principal() != null) {
                directory.principals.add(next.principal(), at.hex());
            }
            byte[] slot = RecordFormat.slot(next);
            if (slot.length <= snapshot.capacity()) {
                file.write(slot, RecordFormat.slotOffset(1 - snapshot.slot(), snapshot.capacity()));
                if (sync) {
                    file.sync();
                }
            } else {
                replace(at, RecordFormat.file(at.key(), slot));
            }
            written(at, next.expiresAt());
            if (!samePrincipal && current.principal() != null) {
                directory.principals.remove(current.principal(), at.hex());
            }
            return UpdateOutcome.APPLIED;
        }
    }

    /** Gives a record a larger file: a new one is renamed over the old one, so that readers see one or the other. */
    private void replace(Location at, byte[] bytes) throws IOException {
        Location temporary = new Location(at.key(), at.hex(), at.name() + TEMPORARY);
        Files.deleteIfExists(temporary.path());
        RecordFile.create(temporary, bytes, sync, shards.fileAttributes);
        try {
            Files.move(
                    temporary.path(), at.path(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Files.deleteIfExists(temporary.path());
            throw e;
        }
        if (sync) {
            shards.syncDirectory(parent(at));
        }
    }

    boolean touch(SessionKey key, Instant lastAccessedAt, Instant expiresAt) throws IOException {
        Location at = shards.locate(key);
        return locked(at, () -> touch(at, lastAccessedAt, expiresAt));
    }

    private boolean touch(Location at, Instant lastAccessedAt, Instant expiresAt) throws IOException {
        try (RecordFile file = open(at)) {
            Reading reading = file.read();
            StoredSession current = liveOrNull(at, reading);
            if (current == null || !(reading instanceof Snapshot snapshot)) {
                return false;
            }
            if (lastAccessedAt.isBefore(current.lastAccessedAt())
                    || (lastAccessedAt.equals(current.lastAccessedAt()) && expiresAt.equals(current.expiresAt()))) {
                return true;
            }
            file.write(
                    RecordFormat.touch(current.version(), lastAccessedAt, expiresAt, snapshot.nextSequence()),
                    RecordFormat.touchOffset(snapshot.nextTouch()));
            if (sync) {
                file.sync();
            }
            written(at, expiresAt);
            return true;
        }
    }

    boolean delete(SessionKey key) throws IOException {
        return delete(key, null);
    }

    /** Deletes a record, if it has the wanted principal or any will do. */
    boolean delete(SessionKey key, @Nullable String principal) throws IOException {
        Location at = shards.locate(key);
        return locked(at, () -> {
            Reading reading = read(at);
            StoredSession live = liveOrNull(at, reading);
            if (reading instanceof Absent) {
                return false;
            }
            if (principal != null && (live == null || !principal.equals(live.principal()))) {
                return false;
            }
            remove(at, reading, null);
            return live != null;
        });
    }

    /** Removes what was read, and its marker unless the principal keeps it. The caller holds the lock. */
    private void remove(Location at, Reading reading, @Nullable String keptPrincipal) throws IOException {
        if (!at.file().delete()) {
            Files.deleteIfExists(at.path());
        }
        unreadable.forget(at.key());
        if (sync) {
            shards.syncDirectory(parent(at));
        }
        if (reading instanceof Snapshot snapshot
                && snapshot.session().principal() != null
                && !snapshot.session().principal().equals(keptPrincipal)) {
            directory.principals.remove(snapshot.session().principal(), at.hex());
        }
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
        return locked(at, () -> {
            Reading reading = read(at);
            if (reading instanceof Snapshot snapshot) {
                if (snapshot.session().isExpiredAt(Instant.ofEpochMilli(now))) {
                    remove(at, reading, null);
                    return REMOVED;
                }
                long expiresAt = snapshot.session().expiresAt().toEpochMilli();
                setDue(at, expiresAt);
                return expiresAt;
            }
            if (reading == Unreadable.EMPTY) {
                remove(at, reading, null);
            } else if (reading == Unreadable.DAMAGED) {
                unreadable.tell(at);
                setAside(at);
            } else if (reading == Unreadable.NEWER_FORMAT) {
                unreadable.tell(at);
                setDue(at, now + LOOK_AGAIN_MILLIS);
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
        String key = name.endsWith(TEMPORARY) ? name.substring(0, name.length() - TEMPORARY.length()) : "";
        if (SessionKey.isKey(key)) {
            locked(shards.locate(SessionKey.parse(key)), () -> Files.deleteIfExists(file.toPath()));
        }
    }

    private <T> T locked(Location at, Step<T> step) throws IOException {
        StripeLocks.Held held = directory.hold(at, patience);
        try {
            return step.take();
        } finally {
            held.release();
        }
    }

    private RecordFile open(Location at) throws IOException {
        return shards.isThere(at.hex()) ? RecordFile.open(at) : RecordFile.absent(at);
    }

    private Reading read(Location at) throws IOException {
        return shards.isThere(at.hex()) ? RecordFile.read(at) : Absent.ABSENT;
    }

    private void written(Location at, Instant expiresAt) {
        long due = expiresAt.toEpochMilli();
        if (due < System.currentTimeMillis()) {
            setDue(at, due);
        }
        directory.due.written(shards.unit(at.hex()), due);
        unreadable.forget(at.key());
    }

    /** Notes the expiry as the file's time, for purges. If that fails, a purge looks into the file. */
    private static void setDue(Location at, long expiresAt) {
        at.file().setLastModified(Math.max(0, Math.min(expiresAt, LATEST_FILE_TIME)));
    }

    private @Nullable StoredSession liveOrNull(Location at, Reading reading) throws IOException {
        if (reading instanceof Absent) {
            directory.requireThereQuickly();
        } else if (reading instanceof Unreadable) {
            unreadable.tell(at);
        }
        return reading instanceof Snapshot snapshot && !snapshot.session().isExpiredAt(clock.instant())
                ? snapshot.session()
                : null;
    }

    private static Path parent(Location at) {
        return Objects.requireNonNull(at.path().getParent());
    }
}
