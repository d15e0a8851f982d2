package dev.holdfast.benchmarks;

import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The floor of the file store: the payload alone in one file a session, read whole, written over in place, and removed;
 * nothing compared, nothing checked, nothing survives a crash in the middle. The directories exist before the run.
 */
final class FileFloor implements Subject {

    private static final int TOUCH_BYTES = 32;

    private final Path root;
    private final boolean fsync;
    private final Queue<StoredSession> mayExpire = new ConcurrentLinkedQueue<>();

    FileFloor(Path root, boolean fsync) {
        this.root = root;
        this.fsync = fsync;
    }

    @Override
    public void prepare(StoredSession session) {
        try {
            Files.createDirectories(path(session.key()).getParent());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path path(SessionKey key) {
        String hex = key.toString();
        return root.resolve(hex.substring(0, 2)).resolve(hex.substring(2, 4)).resolve(hex);
    }

    @Override
    public Object load(StoredSession session) {
        try {
            return Files.readAllBytes(path(session.key()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Object update(StoredSession session, long version) {
        return write(session, session.payload().asByteBuffer(), StandardOpenOption.WRITE);
    }

    @Override
    public Object touch(StoredSession session) {
        return write(session, ByteBuffer.allocate(TOUCH_BYTES), StandardOpenOption.WRITE);
    }

    private Object write(StoredSession session, ByteBuffer bytes, StandardOpenOption... options) {
        try (FileChannel file = FileChannel.open(path(session.key()), options)) {
            int written = file.write(bytes, 0);
            if (fsync) {
                file.force(false);
            }
            return written;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Object create(StoredSession session) {
        Path path = path(session.key());
        try {
            Object written = write(
                    session, session.payload().asByteBuffer(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            if (fsync) {
                try (FileChannel directory = FileChannel.open(path.getParent(), StandardOpenOption.READ)) {
                    directory.force(true);
                }
            }
            if (!session.neverExpires()) {
                mayExpire.add(session);
            }
            return written;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Object delete(StoredSession session) {
        return unlink(path(session.key()));
    }

    /** Unlinks the files that are known to be expired: no listing, no look at any of them. */
    @Override
    public Object purge() {
        Instant now = Instant.now();
        int purged = 0;
        for (StoredSession session = mayExpire.poll(); session != null; session = mayExpire.poll()) {
            if (session.isExpiredAt(now)) {
                unlink(path(session.key()));
                purged++;
            }
        }
        return purged;
    }

    private static boolean unlink(Path path) {
        try {
            return Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {}
}
