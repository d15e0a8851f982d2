package dev.holdfast.session.file;

import dev.holdfast.session.spi.SessionKey;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The principal index: for each record with a principal an empty file
 * {@code <root>/.principals/ab/<first 32 digits of the principal's SHA-256>-<key>}.
 *
 * <p>A marker is written before the record and removed after it, both under the lock of the key. So after a crash there
 * may be a marker too many, never one too few; the record itself says whether the marker is true.
 */
final class PrincipalMarkers {

    static final String DIRECTORY = ".principals";

    private static final int DIGITS = 32;

    private final Path directory;
    private final Shards shards;

    PrincipalMarkers(Path root) {
        directory = root.resolve(DIRECTORY);
        shards = new Shards(directory, 1);
    }

    void add(String principal, String key, boolean sync) throws IOException {
        String digits = digits(principal);
        Path marker = Path.of(shards.name(digits, digits + '-' + key));
        try {
            if (!shards.isThere(digits)) {
                makeDirectories(digits, sync);
            }
            Files.createFile(marker, shards.fileAttributes);
        } catch (FileAlreadyExistsException e) {
            // left by a crash, and true again
        } catch (NoSuchFileException e) {
            shards.distrust(digits);
            makeDirectories(digits, sync);
            Files.createFile(marker, shards.fileAttributes);
        }
        if (sync) {
            shards.syncDirectory(Objects.requireNonNull(marker.getParent()));
        }
    }

    private void makeDirectories(String digits, boolean sync) throws IOException {
        shards.makeDirectory(directory);
        if (sync) {
            shards.syncDirectory(Objects.requireNonNull(directory.getParent()));
        }
        shards.prepare(digits, sync);
    }

    /** Removes a marker. One that stays after all is found out when it is met. */
    void remove(String principal, String key) {
        String digits = digits(principal);
        new File(shards.name(digits, digits + '-' + key)).delete();
    }

    /** Returns the first keys of a principal's markers behind one, in order. */
    List<String> keys(String principal, @Nullable String after, int limit) throws IOException {
        String digits = digits(principal);
        if (!shards.isThere(digits)) {
            return List.of();
        }
        PriorityQueue<String> first = new PriorityQueue<>(Comparator.reverseOrder());
        try (Names names = shards.names(new File(shards.name(digits, "")))) {
            for (String name = names.next(); name != null; name = names.next()) {
                if (name.startsWith(digits) && name.length() > DIGITS) {
                    String key = name.substring(DIGITS + 1);
                    if (SessionKey.isKey(key) && (after == null || key.compareTo(after) > 0)) {
                        first.add(key);
                        if (first.size() > limit) {
                            first.remove();
                        }
                    }
                }
            }
        }
        return first.stream().sorted().toList();
    }

    private static String digits(String principal) {
        return SessionKey.of(principal).toString().substring(0, DIGITS);
    }
}
