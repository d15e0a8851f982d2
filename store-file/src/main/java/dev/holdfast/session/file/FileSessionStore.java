package dev.holdfast.session.file;

import dev.holdfast.session.spi.OutcomeUnknownException;
import dev.holdfast.session.spi.PrincipalIndex;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionLocking;
import dev.holdfast.session.spi.SessionScan;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.SessionStoreException;
import dev.holdfast.session.spi.StoreMisconfiguredException;
import dev.holdfast.session.spi.StoreUnavailableException;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.Subscription;
import dev.holdfast.session.spi.UnreadableEvents;
import dev.holdfast.session.spi.UpdateOutcome;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Keeps each session in a file of its own, {@code <root>/ab/cd/<key>}, on a local file system that any number of threads
 * and processes of one machine may share.
 *
 * <p>What each verb asks of the system, in order. Writers hold a lock on the key's stripe, which the system frees if they
 * die; readers hold none.
 *
 * <ul>
 *   <li>load: open, read, close.
 *   <li>create: exclusive create, write, set the file's time to the expiry. Dying before the write leaves an empty file,
 *       which counts as absent.
 *   <li>update: open, read, write the slot of the file that does not hold the current record, set the time. Dying before
 *       the write is complete leaves the current record as it was. A session that outgrows its slot gets a new file, which
 *       is renamed over the old one.
 *   <li>touch: open, read, write 32 bytes, set the time.
 *   <li>delete: open, read, unlink.
 *   <li>purge: lists the directories in which something is due, and opens only files whose time has come. Its cost
 *       follows the number of expired sessions and of directories that hold one. Once an instance is new, and every
 *       quarter of an hour, all directories are listed for what other processes did.
 * </ul>
 */
public final class FileSessionStore
        implements SessionStore, PrincipalIndex, SessionScan, SessionLocking, UnreadableEvents {

    /** 16 MiB. */
    public static final int DEFAULT_MAX_PAYLOAD_BYTES = 16 << 20;

    private final SessionDirectory directory;
    private final Records records;
    private final Purger purger;
    private final PrincipalSessions principals;
    private final Leases leases;
    private final Duration patience;
    private final int maxPayloadBytes;
    private final AtomicBoolean closed = new AtomicBoolean();

    private FileSessionStore(Builder builder) {
        maxPayloadBytes = builder.maxPayloadBytes;
        patience = builder.patience;
        directory = SessionDirectory.open(builder.root, builder.depth);
        records = new Records(directory, builder.clock, builder.durability, patience);
        purger = new Purger(directory, records, builder.clock);
        principals = new PrincipalSessions(directory, records);
        leases = new Leases(directory, records, builder.clock, this::call);
    }

    /**
     * Returns a store in a directory, which is made if it is not there, with the system clock, a depth of 2 (or whatever
     * the directory was made with), {@link Durability#NONE} and {@link #DEFAULT_MAX_PAYLOAD_BYTES}.
     *
     * @throws StoreMisconfiguredException if it can't be used as a directory of sessions, naming the fix
     */
    public static FileSessionStore create(Path directory) {
        return builder(directory).build();
    }

    /** Returns a builder with the defaults of {@link #create}. */
    public static Builder builder(Path directory) {
        return new Builder(directory);
    }

    @Override
    public boolean create(StoredSession session) {
        session.payload().requireAtMost(maxPayloadBytes);
        return call("create", session.key(), () -> records.create(session.withVersion(1)));
    }

    @Override
    public Optional<StoredSession> load(SessionKey key) {
        return call("load", key, () -> records.load(key));
    }

    @Override
    public UpdateOutcome update(StoredSession session, long expectedVersion) {
        session.payload().requireAtMost(maxPayloadBytes);
        return call("update", session.key(), () -> records.update(session, expectedVersion));
    }

    @Override
    public boolean touch(SessionKey key, Instant lastAccessedAt, Instant expiresAt) {
        Instant accessed = StoredSession.toMillis(lastAccessedAt);
        Instant expires = StoredSession.toMillis(expiresAt);
        return call("touch", key, () -> records.touch(key, accessed, expires));
    }

    @Override
    public boolean delete(SessionKey key) {
        return call("delete", key, () -> records.delete(key));
    }

    @Override
    public int purgeExpired(int limit) {
        requirePositive(limit);
        return call("purge", null, () -> {
            leases.sweep();
            return purger.purgeExpired(limit);
        });
    }

    @Override
    public List<StoredSession> findByPrincipal(String principal, @Nullable SessionKey after, int limit) {
        requirePositive(limit);
        Objects.requireNonNull(principal);
        return call("find by principal", null, () -> principals.find(principal, after, limit));
    }

    @Override
    public int deleteByPrincipal(String principal, @Nullable SessionKey except) {
        Objects.requireNonNull(principal);
        return call("delete by principal", null, () -> principals.deleteAll(principal, except));
    }

    @Override
    public Stream<StoredSession> scan() {
        call("scan", null, () -> {
            directory.requireThereQuickly();
            return true;
        });
        RecordScan scan = new RecordScan(directory.shards, this::load);
        return StreamSupport.stream(scan, false).onClose(scan::close);
    }

    @Override
    public Optional<Lock> lock(SessionKey key, Duration wait, Duration lease) {
        return leases.lock(Objects.requireNonNull(key), wait, lease);
    }

    @Override
    public Subscription onUnreadable(Consumer<SessionKey> listener) {
        requireOpen();
        return records.unreadable.add(Objects.requireNonNull(listener));
    }

    /** Closes the store; the directory may be used by others, and opened again. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            records.unreadable.clear();
            directory.close(patience);
        }
    }

    private <T> T call(String verb, @Nullable SessionKey key, Step<T> body) {
        requireOpen();
        try {
            return body.take();
        } catch (UncertainException e) {
            throw new OutcomeUnknownException(describe(verb, key), e.getCause());
        } catch (IOException e) {
            requireOpen();
            throw unavailable(describe(verb, key), e);
        }
    }

    private static String describe(String verb, @Nullable SessionKey key) {
        return key == null ? verb : verb + " " + key.toString().substring(0, 8) + "…";
    }

    static SessionStoreException unavailable(String operation, IOException cause) {
        return new StoreUnavailableException(operation, cause);
    }

    private void requireOpen() {
        if (closed.get()) {
            throw new IllegalStateException("this session store was closed");
        }
    }

    private static void requirePositive(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1, not " + limit);
        }
    }

    /** Settings of a {@link FileSessionStore}. Not thread-safe. */
    public static final class Builder {

        private static final int MOST_PAYLOAD_BYTES = 1 << 30;

        private final Path root;
        private InstantSource clock = InstantSource.system();
        private @Nullable Integer depth;
        private Durability durability = Durability.NONE;
        private int maxPayloadBytes = DEFAULT_MAX_PAYLOAD_BYTES;
        private Duration patience = Duration.ofSeconds(10);

        private Builder(Path root) {
            if (root.getFileSystem() != FileSystems.getDefault()) {
                throw new IllegalArgumentException("sessions are kept in the default file system only, not in " + root);
            }
            this.root = root;
        }

        /** What decides on expiry; the system clock unless set. */
        public Builder clock(InstantSource clock) {
            this.clock = Objects.requireNonNull(clock);
            return this;
        }

        /**
         * How many levels of 256 directories there are, 0 to 3; 2 unless set, which suits thousands to millions of
         * sessions. It is settled when the directory is first used: a directory of another depth is refused.
         */
        public Builder depth(int depth) {
            if (depth < 0 || depth > 3) {
                throw new IllegalArgumentException("depth must be from 0 to 3, not " + depth);
            }
            this.depth = depth;
            return this;
        }

        /** What an acknowledged write survives; {@link Durability#NONE} unless set. */
        public Builder durability(Durability durability) {
            this.durability = Objects.requireNonNull(durability);
            return this;
        }

        /** The largest payload in bytes, up to 1 GiB; {@link #DEFAULT_MAX_PAYLOAD_BYTES} unless set. */
        public Builder maxPayloadBytes(int maxPayloadBytes) {
            if (maxPayloadBytes < 0 || maxPayloadBytes > MOST_PAYLOAD_BYTES) {
                throw new IllegalArgumentException(
                        "maxPayloadBytes must be from 0 to " + MOST_PAYLOAD_BYTES + ", not " + maxPayloadBytes);
            }
            this.maxPayloadBytes = maxPayloadBytes;
            return this;
        }

        /** How long a writer waits for another one to let go of the same session; 10 seconds unless set. */
        public Builder lockTimeout(Duration lockTimeout) {
            if (lockTimeout.isNegative() || lockTimeout.isZero()) {
                throw new IllegalArgumentException("lockTimeout must be positive, not " + lockTimeout);
            }
            this.patience = lockTimeout;
            return this;
        }

        /**
         * Returns a new store.
         *
         * @throws StoreMisconfiguredException if the directory can't be used, naming the fix
         */
        public FileSessionStore build() {
            return new FileSessionStore(this);
        }
    }
}
