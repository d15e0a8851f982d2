package dev.holdfast.session.file;

import dev.holdfast.session.file.Shards.Location;
import dev.holdfast.session.spi.StoreMisconfiguredException;
import dev.holdfast.session.spi.StoreUnavailableException;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What all stores of this JVM on one directory share. The file {@code .holdfast} in it says how it is laid out, and is
 * what processes lock.
 */
final class SessionDirectory {

    static final String DESCRIPTION = ".holdfast";
    static final int DEFAULT_DEPTH = 2;

    private static final System.Logger LOG = System.getLogger(FileSessionStore.class.getName());
    private static final Pattern DEPTH = Pattern.compile("(?m)^depth=([0-3])$");
    private static final Pattern FORMAT = Pattern.compile("(?m)^format=1$");
    private static final long CHECK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final ReentrantLock REGISTRY = new ReentrantLock();
    private static final Map<Path, SessionDirectory> OPEN = new HashMap<>();

    final Path root;
    final int depth;
    final Shards shards;
    final DueUnits due;
    final PrincipalMarkers principals;

    private final File description;
    private final StripeLocks locks;
    private final ReentrantLock recovery = new ReentrantLock();
    private volatile Object identity;
    private volatile long checkedAt = System.nanoTime();
    private int users;

    private SessionDirectory(Path root, int depth, FileChannel channel) throws IOException {
        this.root = root;
        this.depth = depth;
        this.shards = new Shards(root, depth);
        this.due = new DueUnits(shards);
        this.principals = new PrincipalMarkers(root);
        this.description = root.resolve(DESCRIPTION).toFile();
        this.locks = new StripeLocks(channel);
        this.identity = identity(description.toPath());
    }

    /** Opens a directory, or joins those who have; {@link #close} it. A directory that is not there is made. */
    static SessionDirectory open(Path path, @Nullable Integer depth) {
        try {
            return uninterrupted(() -> openOrJoin(path, depth));
        } catch (AccessDeniedException | FileAlreadyExistsException | NoSuchFileException | NotDirectoryException e) {
            throw new StoreMisconfiguredException(
                    "the session directory " + path
                            + " can't be used: name a directory that this process may write to (" + e + ")",
                    e);
        } catch (IOException e) {
            throw new StoreUnavailableException("opening the session directory " + path, e);
        }
    }

    private static SessionDirectory openOrJoin(Path path, @Nullable Integer depth) throws IOException {
        REGISTRY.lock();
        try {
            if (!Files.isDirectory(path)) {
                Path absolute = path.toAbsolutePath();
                if (absolute.getParent() != null) {
                    Files.createDirectories(absolute.getParent());
                }
                new Shards(path, 0).makeDirectory(path);
            }
            Path root = path.toRealPath();
            SessionDirectory directory = OPEN.get(root);
            if (directory == null) {
                warnOfOtherWriters(root);
                FileChannel channel = openDescription(root);
                try {
                    directory = new SessionDirectory(root, describe(channel, depth), channel);
                } finally {
                    if (directory == null) {
                        channel.close();
                    }
                }
                OPEN.put(root, directory);
            }
            if (depth != null && directory.depth != depth) {
                throw otherDepth(directory.depth, depth);
            }
            directory.users++;
            return directory;
        } finally {
            REGISTRY.unlock();
        }
    }

    private static FileChannel openDescription(Path root) throws IOException {
        Path description = root.resolve(DESCRIPTION);
        if (Files.isSymbolicLink(description)) {
            throw new AccessDeniedException(description.toString(), null, "a symbolic link is not followed");
        }
        return FileChannel.open(
                description,
                Set.of(
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS),
                new Shards(root, 0).fileAttributes);
    }

    /** Reads the depth, or writes it if the directory is new. */
    private static int describe(FileChannel channel, @Nullable Integer wanted) throws IOException {
        try (FileLock held = StripeLocks.holdText(channel, Duration.ofSeconds(10))) {
            assert held.isValid();
            ByteBuffer bytes = ByteBuffer.allocate(1024);
            if (channel.read(bytes, 0) <= 0) {
                int depth = wanted == null ? DEFAULT_DEPTH : wanted;
                String text =
                        "Session files of Holdfast. Processes lock this file: leave it where it is.\nformat=1\ndepth="
                                + depth + "\n";
                channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
                channel.force(true);
                return depth;
            }
            String text = StandardCharsets.UTF_8.decode(bytes.flip()).toString();
            Matcher depth = DEPTH.matcher(text);
            if (!FORMAT.matcher(text).find() || !depth.find()) {
                throw new StoreMisconfiguredException(
                        "the file " + DESCRIPTION + " in the session directory is not of a"
                                + " format that this version knows: use a newer version, or another directory");
            }
            int found = Integer.parseInt(depth.group(1));
            if (wanted != null && wanted != found) {
                throw otherDepth(found, wanted);
            }
            return found;
        }
    }

    private static StoreMisconfiguredException otherDepth(int found, int wanted) {
        return new StoreMisconfiguredException("the session directory was made with depth " + found + ", not " + wanted
                + ": leave the depth out, or use another directory");
    }

    private static void warnOfOtherWriters(Path root) throws IOException {
        if (root.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(root);
            if (permissions.contains(PosixFilePermission.OTHERS_WRITE)
                    || permissions.contains(PosixFilePermission.GROUP_WRITE)) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "others may write to the session directory {0}, and so remove or replace sessions: chmod go-w it",
                        root);
            }
        }
    }

    /** Waits for the right to write a record. */
    StripeLocks.Held hold(Location at, Duration patience) throws IOException {
        long now = System.nanoTime();
        if (now - checkedAt > CHECK_NANOS) {
            requireThere();
            checkedAt = now;
        }
        return locks.hold(at.key().hashCode() & StripeLocks.STRIPES - 1, patience);
    }

    /** Called when something is not there: makes sure that the whole directory is not what is missing. */
    void requireThere() throws IOException {
        if (!description.exists() || !identity(description.toPath()).equals(identity)) {
            recover();
        }
    }

    /** The same at the cost of one question to the system. */
    void requireThereQuickly() throws IOException {
        if (!description.exists()) {
            recover();
        }
    }

    private void recover() throws IOException {
        uninterrupted(() -> {
            reopen();
            return this;
        });
    }

    private void reopen() throws IOException {
        recovery.lock();
        try {
            if (description.exists() && identity(description.toPath()).equals(identity)) {
                return;
            }
            if (!Files.isDirectory(root)) {
                throw new NoSuchFileException(
                        root.toString(), null, "the session directory is gone; it is used again once it is back");
            }
            FileChannel channel = openDescription(root);
            boolean done = false;
            try {
                describe(channel, depth);
                Object replacement = identity(description.toPath());
                locks.replace(channel);
                identity = replacement;
                done = true;
            } catch (StoreMisconfiguredException e) {
                throw new FileSystemException(root.toString(), null, e.getMessage());
            } finally {
                if (!done) {
                    channel.close();
                }
            }
            LOG.log(System.Logger.Level.WARNING, "the session directory {0} was replaced while in use", root);
        } finally {
            recovery.unlock();
        }
    }

    /** Takes a step that may be taken twice, and leaves the thread's interrupt status as it was. */
    private static <T> T uninterrupted(Step<T> step) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return step.take();
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Object identity(Path file) throws IOException {
        BasicFileAttributes attributes =
                Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        Object key = attributes.fileKey();
        return key == null ? attributes.creationTime() : key;
    }

    /** Leaves the directory; the last one out closes it. */
    void close(Duration patience) {
        REGISTRY.lock();
        try {
            if (--users == 0) {
                OPEN.remove(root, this);
                locks.close(patience);
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "a session directory could not be closed", e);
        } finally {
            REGISTRY.unlock();
        }
    }
}
