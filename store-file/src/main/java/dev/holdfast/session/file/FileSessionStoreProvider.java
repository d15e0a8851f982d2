package dev.holdfast.session.file;

import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.SessionStoreProvider;
import dev.holdfast.session.spi.StoreMisconfiguredException;
import dev.holdfast.session.spi.StoreUri;
import java.net.URI;
import java.nio.file.Path;
import java.util.Set;

/**
 * Opens {@code file:/var/lib/app} and, from the working directory, {@code file:sessions}; with {@code ?depth=0…3},
 * {@code &durability=none|fsync} and {@code &maxPayload=<bytes>}.
 */
public final class FileSessionStoreProvider implements SessionStoreProvider {

    private static final int MOST_PAYLOAD_BYTES = 1 << 30;

    @Override
    public Set<String> schemes() {
        return Set.of("file");
    }

    @Override
    public String example() {
        return "file:/var/lib/app?depth=2";
    }

    @Override
    public SessionStore open(URI uri) {
        StoreUri settings = StoreUri.parse(uri, "depth", "durability", "maxPayload");
        FileSessionStore.Builder builder = FileSessionStore.builder(directory(settings.location()))
                .durability(settings.choice("durability", Durability.NONE))
                .maxPayloadBytes(settings.integer(
                        "maxPayload", 0, MOST_PAYLOAD_BYTES, FileSessionStore.DEFAULT_MAX_PAYLOAD_BYTES));
        int depth = settings.integer("depth", 0, 3, -1);
        if (depth >= 0) {
            builder.depth(depth);
        }
        return builder.build();
    }

    private static Path directory(String location) {
        if (location.startsWith("//") && !location.startsWith("///")) {
            throw new StoreMisconfiguredException(
                    "a file: URI names no host: write file:/var/lib/app for a directory of this machine");
        }
        // on Windows the path of file:/C:/sessions begins at the drive
        Path directory = Path.of(location.matches("/+[A-Za-z]:.*") ? location.replaceFirst("/+", "") : location);
        if (directory.getFileName() == null || location.isEmpty()) {
            throw new StoreMisconfiguredException("the file: URI must name a directory: file:/var/lib/app");
        }
        return directory;
    }
}
