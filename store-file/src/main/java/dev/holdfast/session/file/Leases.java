package dev.holdfast.session.file;

import dev.holdfast.session.file.Shards.Location;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionLocking.Lock;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Locks with a lease: a file {@code <root>/.leases/<key>} for each lock that is held, with the holder's token, the end of
 * the lease and a checksum. It is read and written under the key's stripe lock, which nobody holds for longer than that.
 * What a dead holder left is taken over once its lease has ended, or swept by a purge.
 */
final class Leases {

    private static final String DIRECTORY = ".leases";
    private static final int BYTES = 28;
    private static final long LONGEST_PAUSE_MILLIS = 16;

    private final SessionDirectory directory;
    private final Records records;
    private final InstantSource clock;
    private final Caller caller;
    private final Path leases;
    private final Shards shards;
    private volatile boolean made;

    /** Runs a verb of the store, whose errors it turns into the store's. */
    @FunctionalInterface
    interface Caller {
        <T> T call(String verb, @Nullable SessionKey key, Step<T> step);
    }

    Leases(SessionDirectory directory, Records records, InstantSource clock, Caller caller) {
        this.directory = directory;
        this.records = records;
        this.clock = clock;
        this.caller = caller;
        this.leases = directory.root.resolve(DIRECTORY);
        this.shards = new Shards(leases, 0);
    }

    Optional<Lock> lock(SessionKey key, Duration wait, Duration lease) {
        if (lease.isZero() || lease.isNegative()) {
            throw new IllegalArgumentException("lease must be positive, not " + lease);
        }
        Held wanted = new Held(shards.locate(key));
        long start = System.nanoTime();
        long pause = 1;
        while (true) {
            if (caller.call("lock", key, () -> take(wanted, lease))) {
                return Optional.of(wanted);
            }
            long left = TimeUnit.NANOSECONDS.convert(wait) - (System.nanoTime() - start);
            if (left <= 0) {
                return Optional.empty();
            }
            try {
                // a lease ends by the injected clock, or in another process: neither can be waited for
                TimeUnit.NANOSECONDS.sleep(Math.min(left, TimeUnit.MILLISECONDS.toNanos(pause)));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
            pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
        }
    }

    private boolean take(Held wanted, Duration lease) throws IOException {
        return records.locked(wanted.at, () -> {
            Lease current = read(wanted.at);
            if (current != null && clock.millis() < current.endsAt) {
                return false;
            }
            write(wanted, lease);
            return true;
        });
    }

    private static @Nullable Lease read(Location at) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(RecordFile.read(at, BYTES));
        return bytes.limit() == BYTES && bytes.getInt(24) == crc(bytes)
                ? new Lease(new UUID(bytes.getLong(0), bytes.getLong(8)), bytes.getLong(16))
                : null;
    }

    private void write(Held holder, Duration lease) throws IOException {
        long endsAt = end(lease);
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        bytes.putLong(holder.token.getMostSignificantBits()).putLong(holder.token.getLeastSignificantBits());
        bytes.putLong(endsAt).putInt(crc(bytes));
        if (!made) {
            shards.makeDirectory(leases);
            made = true;
        }
        try {
            put(holder.at, bytes.clear());
        } catch (NoSuchFileException e) {
            directory.requireThere();
            shards.makeDirectory(leases);
            put(holder.at, bytes.clear());
        }
        Records.setDue(holder.at, endsAt);
    }

    private void put(Location at, ByteBuffer bytes) throws IOException {
        if (!RecordFile.create(at, new ByteBuffer[] {bytes}, false, shards.fileAttributes)) {
            try (RecordFile file = RecordFile.open(at)) {
                file.write(0, bytes);
            }
        }
    }

    private long end(Duration lease) {
        long now = clock.millis();
        long millis = TimeUnit.MILLISECONDS.convert(lease);
        return now + millis < now ? Long.MAX_VALUE : now + millis;
    }

    private static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.slice(0, 24));
        return (int) crc.getValue();
    }

    /** Removes what dead holders left. */
    void sweep() throws IOException {
        try (Names names = Names.listed(leases.toFile())) {
            for (String name = names.next(); name != null; name = names.next()) {
                if (SessionKey.isKey(name) && new File(leases.toFile(), name).lastModified() <= clock.millis()) {
                    Location at = shards.locate(SessionKey.parse(name));
                    records.locked(at, () -> {
                        Lease lease = read(at);
                        return (lease == null || clock.millis() >= lease.endsAt)
                                && at.file().delete();
                    });
                }
            }
        }
    }

    private record Lease(UUID holder, long endsAt) {}

    private final class Held implements Lock {
        private final Location at;
        private final UUID token = UUID.randomUUID();
        private final AtomicBoolean released = new AtomicBoolean();

        private Held(Location at) {
            this.at = at;
        }

        @Override
        public boolean renew(Duration lease) {
            if (lease.isZero() || lease.isNegative()) {
                throw new IllegalArgumentException("lease must be positive, not " + lease);
            }
            return !released.get()
                    && caller.call(
                            "renew",
                            at.key(),
                            () -> records.locked(at, () -> {
                                Lease current = read(at);
                                if (current == null
                                        || !current.holder.equals(token)
                                        || clock.millis() >= current.endsAt) {
                                    return false;
                                }
                                write(this, lease);
                                return true;
                            }));
        }

        @Override
        public void close() {
            if (released.compareAndSet(false, true)) {
                try {
                    var unused = caller.<Boolean>call("unlock", at.key(), () -> records.locked(at, this::release));
                } catch (IllegalStateException e) {
                    // the store was closed before: the lease ends by itself
                }
            }
        }

        private boolean release() throws IOException {
            Lease current = read(at);
            return current != null && current.holder.equals(token) && at.file().delete();
        }
    }
}
