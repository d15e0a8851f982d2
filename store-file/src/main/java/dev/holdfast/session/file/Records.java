package dev.holdfast.session.file;

import dev.holdfast.session.file.Reading.Absent;
import dev.holdfast.session.file.Reading.Snapshot;
import dev.holdfast.session.file.Reading.Unreadable;
import dev.holdfast.session.file.Shards.Location;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UnreadableRecords;
import dev.holdfast.session.spi.UpdateOutcome;
import java.io.IOException;
import java.nio.ByteBuffer;
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

    static final String TEMPORARY = ".tmp";

    /** What a file time is cut to, by us or by the file system; a record that lives longer is looked at then, and left alone. */
    private static final long LATEST_FILE_TIME =
            Instant.parse("2400-01-01T00:00:00Z").toEpochMilli();

    final UnreadableRecords unreadable = new UnreadableRecords(FileSessionStore.class);

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
                directory.principals.add(principal, at.hex(), sync);
            }
            ByteBuffer[] file = RecordFormat.file(RecordFormat.slot(session));
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
            settle(() -> shards.syncDirectory(parent(at)));
            setDue(at, session.expiresAt().toEpochMilli());
            written(at, session.expiresAt());
            return true;
        });
    }

    private boolean createFile(Location at, ByteBuffer[] file) throws IOException {
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

    UpdateOutcome update(StoredSession session, long expectedVersion) throws IOException {
        Location at = shards.locate(session.key());
        return locked(at, () -> update(at, session, expectedVersion));
    }

    private UpdateOutcome update(Location at, StoredSession session, long expectedVersion) throws IOException {
        try (RecordFile file = open(at)) {
            Reading reading = file.readFor(expectedVersion);
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
                directory.principals.add(next.principal(), at.hex(), sync);
            }
            RecordFormat.Slot slot = RecordFormat.slot(next);
            if (slot.size() <= snapshot.capacity()) {
                file.write(
                        RecordFormat.slotOffset(1 - snapshot.slot(), snapshot.capacity()), slot.head(), slot.payload());
                settle(file::sync);
            } else {
                replace(at, RecordFormat.file(slot));
            }
            written(at, next.expiresAt());
            if (!samePrincipal && current.principal() != null) {
                directory.principals.remove(current.principal(), at.hex());
            }
            return UpdateOutcome.APPLIED;
        }
    }

    /** Gives a record a larger file: a new one is renamed over the old one, so that readers see one or the other. */
    private void replace(Location at, ByteBuffer[] file) throws IOException {
        Location temporary = new Location(at.key(), at.hex(), at.name() + TEMPORARY);
        Files.deleteIfExists(temporary.path());
        RecordFile.create(temporary, file, sync, shards.fileAttributes);
        try {
            Files.move(
                    temporary.path(), at.path(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Files.deleteIfExists(temporary.path());
            throw e;
        }
        settle(() -> shards.syncDirectory(parent(at)));
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
                    RecordFormat.touchOffset(snapshot.nextTouch()),
                    RecordFormat.touch(current.version(), lastAccessedAt, expiresAt, snapshot.nextSequence()));
            settle(file::sync);
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
    void remove(Location at, Reading reading, @Nullable String keptPrincipal) throws IOException {
        if (!at.file().delete()) {
            Files.deleteIfExists(at.path());
        }
        unreadable.forget(at.key());
        settle(() -> shards.syncDirectory(parent(at)));
        if (reading instanceof Snapshot snapshot
                && snapshot.session().principal() != null
                && !snapshot.session().principal().equals(keptPrincipal)) {
            directory.principals.remove(snapshot.session().principal(), at.hex());
        }
    }

    <T> T locked(Location at, Step<T> step) throws IOException {
        StripeLocks.Held held = directory.hold(at, patience);
        try {
            return step.take();
        } finally {
            held.release();
        }
    }

    private interface Sync {
        void run() throws IOException;
    }

    /** Waits for the disk, if that is asked for, once the verb is applied. */
    private void settle(Sync step) throws UncertainException {
        if (sync) {
            try {
                step.run();
            } catch (IOException e) {
                throw new UncertainException(e);
            }
        }
    }

    private RecordFile open(Location at) throws IOException {
        return shards.isThere(at.hex()) ? RecordFile.open(at) : RecordFile.absent(at);
    }

    /** Reads what is there now. */
    Reading read(Location at) throws IOException {
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
    static void setDue(Location at, long expiresAt) {
        at.file().setLastModified(Math.max(0, Math.min(expiresAt, LATEST_FILE_TIME)));
    }

    /** Returns the session if it is live, tells of one that can't be read, and fails if all are gone. */
    @Nullable
    StoredSession liveOrNull(Location at, Reading reading) throws IOException {
        if (reading instanceof Absent) {
            directory.requireThereQuickly();
        } else if (reading instanceof Unreadable) {
            unreadable.tell(at.key());
        }
        return reading instanceof Snapshot snapshot && !snapshot.session().isExpiredAt(clock.instant())
                ? snapshot.session()
                : null;
    }

    private static Path parent(Location at) {
        return Objects.requireNonNull(at.path().getParent());
    }
}
