package dev.holdfast.session.file;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Exclusion of writers by stripes of keys: first among the threads of this JVM, then, by a lock on one byte of the
 * directory's file, among processes. The system drops such a lock when its holder dies.
 *
 * <p>The system also drops all of a process's locks on a file as soon as the process closes any of its descriptors. So
 * there is one channel to the file for the whole JVM, which nothing else opens. Trying and releasing a lock are no
 * interruptible operations, so no interrupt can close that channel. Another class loader's channel to it shows as an
 * overlap, which is waited for like any holder; and a channel is closed only while it holds every stripe, so that no lock
 * of the other one's falls with it.
 */
final class StripeLocks {

    static final int STRIPES = 1024;

    /** Far behind the text of the file, since some systems let nobody read what is locked. */
    private static final long FIRST_BYTE = 1L << 30;

    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private static final System.Logger LOG = System.getLogger(FileSessionStore.class.getName());

    private final ReentrantLock[] stripes = new ReentrantLock[STRIPES];
    private volatile FileChannel channel;

    StripeLocks(FileChannel channel) {
        this.channel = channel;
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new ReentrantLock();
        }
    }

    /** A stripe that is held. */
    static final class Held {
        private final ReentrantLock stripe;
        private final FileLock lock;

        private Held(ReentrantLock stripe, FileLock lock) {
            this.stripe = stripe;
            this.lock = lock;
        }

        void release() {
            try {
                lock.release();
            } catch (ClosedChannelException e) {
                // the directory was replaced meanwhile, and the lock is gone with its file
            } catch (IOException e) {
                LOG.log(System.Logger.Level.WARNING, "a lock on a session directory could not be released", e);
            } finally {
                stripe.unlock();
            }
        }
    }

    /**
     * Waits for a stripe.
     *
     * @throws IOException if it was not free within that time
     */
    Held hold(int stripe, Duration patience) throws IOException {
        ReentrantLock threads = stripes[stripe];
        if (!threads.tryLock() && !waitFor(threads, patience)) {
            throw new IOException("another thread held the lock for " + patience);
        }
        FileLock lock = null;
        try {
            lock = lock(FIRST_BYTE + stripe, 1, patience);
            return new Held(threads, lock);
        } finally {
            if (lock == null) {
                threads.unlock();
            }
        }
    }

    private static boolean waitFor(ReentrantLock threads, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return threads.tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private FileLock lock(long position, long size, Duration patience) throws IOException {
        FileLock lock = tryLock(position, size);
        return lock != null ? lock : waitFor(() -> tryLock(position, size), patience);
    }

    private @Nullable FileLock tryLock(long position, long size) throws IOException {
        FileChannel current = channel;
        try {
            return tryLock(current, position, size);
        } catch (ClosedChannelException e) {
            if (current == channel) {
                throw e;
            }
            return null;
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel, long position, long size) throws IOException {
        try {
            return channel.tryLock(position, size, false);
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /** Waits for the right to write the text of the file. */
    static FileLock holdText(FileChannel channel, Duration patience) throws IOException {
        return waitFor(() -> tryLock(channel, FIRST_BYTE + STRIPES, 1), patience);
    }

    private interface Attempt {
        @Nullable
        FileLock tryLock() throws IOException;
    }

    private static FileLock waitFor(Attempt attempt, Duration patience) throws IOException {
        long start = System.nanoTime();
        long pause = 1_000;
        boolean interrupted = false;
        try {
            do {
                FileLock lock = attempt.tryLock();
                if (lock != null) {
                    return lock;
                }
                interrupted |= Thread.interrupted();
                LockSupport.parkNanos(pause);
                pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
            } while (System.nanoTime() - start < patience.toNanos());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        throw new IOException("another process held the lock for " + patience);
    }

    /** Goes on with another channel, to the file that has taken the first one's place. */
    void replace(FileChannel replacement) throws IOException {
        FileChannel old = channel;
        channel = replacement;
        old.close();
    }

    /** Closes the channel once nobody in this JVM holds a lock, or at the latest after that time. */
    void close(Duration patience) throws IOException {
        try {
            lock(FIRST_BYTE, STRIPES, patience);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "a session directory was closed while it was written to", e);
        } finally {
            channel.close();
        }
    }
}
