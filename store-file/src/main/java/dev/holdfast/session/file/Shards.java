package dev.holdfast.session.file;

import dev.holdfast.session.spi.SessionKey;
import java.io.File;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.regex.Pattern;

/**
 * Where records lie: {@code <root>/ab/cd/<key>} for a depth of two, by the first digits of the key. Directories are made
 * when needed, for their owner only, and stay. Each is looked at once before anything in it is touched: what is not a
 * directory, but a symbolic link, is refused.
 */
final class Shards {

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");
    private static final Pattern TWO_DIGITS = Pattern.compile("[0-9a-f]{2}");
    private static final int BITS = 5;

    /** How many units there are in a group, but for the one of a single directory. */
    static final int GROUP = 256;

    /** What to create files with. */
    final FileAttribute<?>[] fileAttributes;

    private final File root;
    private final int depth;
    private final boolean posix;
    private final AtomicIntegerArray trusted;

    /** The place of one record. */
    record Location(SessionKey key, String hex, String name) {

        File file() {
            return new File(name);
        }

        Path path() {
            return Path.of(name);
        }
    }

    Shards(Path root, int depth) {
        this.root = root.toFile();
        this.depth = depth;
        this.posix = root.getFileSystem().supportedFileAttributeViews().contains("posix");
        this.trusted = new AtomicIntegerArray(1 << Math.max(0, 8 * depth - BITS));
        this.fileAttributes = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    Location locate(SessionKey key) {
        String hex = key.toString();
        return new Location(key, hex, name(hex, hex));
    }

    /** Returns the path of a file with that name in the leaf directory of these digits. */
    String name(String hex, String name) {
        StringBuilder path = new StringBuilder(root.getPath().length() + 3 * depth + name.length() + 1)
                .append(root.getPath())
                .append(File.separatorChar);
        for (int level = 0; level < depth; level++) {
            path.append(hex, 2 * level, 2 * level + 2).append(File.separatorChar);
        }
        return path.append(name).toString();
    }

    /** Returns how many units there are that a purge or a scan takes up one after the other, in groups of up to 256. */
    int units() {
        return 1 << (8 * Math.min(depth, 2));
    }

    /** Returns the unit of a key. */
    int unit(String hex) {
        return depth == 0 ? 0 : Integer.parseInt(hex, 0, 2 * Math.min(depth, 2), 16);
    }

    /** Returns which units of a group have a directory. */
    boolean[] present(int group) throws IOException {
        if (depth == 0) {
            return new boolean[] {true};
        }
        boolean[] present = new boolean[GROUP];
        File parent = depth == 1 ? root : new File(root, twoDigits(group));
        if (depth == 1 || isDirectory(parent)) {
            for (String name : directories(parent)) {
                present[Integer.parseInt(name, 16)] = true;
            }
        }
        return present;
    }

    /** Returns the directories with the records of a unit. */
    List<File> leaves(int unit) throws IOException {
        if (depth == 0) {
            return List.of(root);
        }
        String digits = depth == 1 ? twoDigits(unit) : twoDigits(unit >> 8) + twoDigits(unit & 255);
        if (depth < 3) {
            return isThere(digits) ? List.of(new File(name(digits, ""))) : List.of();
        }
        File parent = new File(new File(root, digits.substring(0, 2)), digits.substring(2));
        List<File> leaves = new ArrayList<>();
        if (isDirectory(parent)) {
            for (String name : directories(parent)) {
                if (isThere(digits + name)) {
                    leaves.add(new File(parent, name));
                }
            }
        }
        return leaves;
    }

    /** Returns the names of two digits in a directory that are directories. */
    private static List<String> directories(File parent) throws IOException {
        List<String> found = new ArrayList<>();
        try (Names names = Names.listed(parent)) {
            for (String name = names.next(); name != null; name = names.next()) {
                if (name.length() == 2 && TWO_DIGITS.matcher(name).matches() && isDirectory(new File(parent, name))) {
                    found.add(name);
                }
            }
        }
        return found;
    }

    /** Returns whether there is a directory. That it may not be looked at does not mean that it is not there. */
    private static boolean isDirectory(File file) throws IOException {
        try {
            return Files.readAttributes(file.toPath(), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isDirectory();
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Returns the names in a leaf directory, one after the other; those of records and any other. */
    Names names(File leaf) throws IOException {
        // a single directory may hold any number of files, a leaf of many holds few
        return depth == 0 ? Names.streamed(leaf.toPath()) : Names.listed(leaf);
    }

    /** Returns whether the directory of a record is there; only then may the record's file be opened. */
    boolean isThere(String hex) throws IOException {
        return isTrusted(hex) || reach(hex, false, false);
    }

    /** Makes sure that the directory of a record is there. */
    void prepare(String hex, boolean sync) throws IOException {
        if (!isTrusted(hex)) {
            reach(hex, true, sync);
        }
    }

    /** Takes it that the directory of a record may be gone. */
    void distrust(String hex) {
        if (depth > 0) {
            int leaf = leaf(hex);
            trusted.getAndUpdate(leaf >> BITS, bits -> bits & ~(1 << leaf));
        }
    }

    private boolean isTrusted(String hex) {
        int leaf = leaf(hex);
        return depth == 0 || (trusted.get(leaf >> BITS) & 1 << leaf) != 0;
    }

    private int leaf(String hex) {
        return depth == 0 ? 0 : Integer.parseInt(hex, 0, 2 * depth, 16);
    }

    private boolean reach(String hex, boolean create, boolean sync) throws IOException {
        if (!isDirectoryThere(root)) {
            if (create) {
                throw new NoSuchFileException(root.getPath());
            }
            return false;
        }
        File directory = root;
        for (int level = 0; level < depth; level++) {
            File parent = directory;
            directory = new File(parent, hex.substring(2 * level, 2 * level + 2));
            if (isDirectoryThere(directory)) {
                continue;
            }
            if (!create) {
                return false;
            }
            makeDirectory(directory.toPath());
            if (sync) {
                syncDirectory(parent.toPath());
            }
        }
        int leaf = leaf(hex);
        trusted.getAndUpdate(leaf >> BITS, bits -> bits | 1 << leaf);
        return true;
    }

    /** Makes a directory for its owner only, whatever the umask, unless it is there. */
    void makeDirectory(Path directory) throws IOException {
        try {
            if (posix) {
                Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
                Files.setPosixFilePermissions(directory, OWNER_ONLY);
            } else {
                Files.createDirectory(directory);
            }
        } catch (FileAlreadyExistsException e) {
            if (!isDirectory(directory.toFile())) {
                throw inTheWay(directory.toFile());
            }
        }
    }

    /** Asks once: between two questions another process may have made it. What is there but no directory is refused. */
    private static boolean isDirectoryThere(File file) throws IOException {
        try {
            if (Files.readAttributes(file.toPath(), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isDirectory()) {
                return true;
            }
        } catch (NoSuchFileException e) {
            return false;
        }
        throw inTheWay(file);
    }

    private static IOException inTheWay(File file) {
        return new NotDirectoryException(file.getPath());
    }

    /** Waits until the disk has the names in a directory, where the system can. */
    void syncDirectory(Path directory) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (posix) {
                try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                    channel.force(true);
                    return;
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

    private static String twoDigits(int oneByte) {
        return Integer.toHexString(256 | oneByte).substring(1);
    }
}
