package dev.holdfast.session.file;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The names in a directory, none twice; of a directory that is not there none. */
final class Names implements AutoCloseable {

    private final Iterator<?> names;
    private final @Nullable DirectoryStream<Path> stream;

    private Names(Iterator<?> names, @Nullable DirectoryStream<Path> stream) {
        this.names = names;
        this.stream = stream;
    }

    /** Lists them at once: quicker, and holds nothing open. */
    static Names listed(File directory) throws IOException {
        String[] names = directory.list();
        // the stream knows why
        return names == null
                ? streamed(directory.toPath())
                : new Names(Arrays.asList(names).iterator(), null);
    }

    /** Reads them one after the other: any number, in little memory. */
    @SuppressWarnings("StreamResourceLeak") // handed over, and closed by close
    static Names streamed(Path directory) throws IOException {
        try {
            DirectoryStream<Path> stream = Files.newDirectoryStream(directory);
            return new Names(stream.iterator(), stream);
        } catch (NoSuchFileException e) {
            return new Names(List.of().iterator(), null);
        }
    }

    /** Returns the next name, or {@code null} if there is none. */
    @Nullable
    String next() throws IOException {
        try {
            if (!names.hasNext()) {
                return null;
            }
            Object next = names.next();
            return next instanceof Path path ? String.valueOf(path.getFileName()) : next.toString();
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    @Override
    public void close() throws IOException {
        if (stream != null) {
            stream.close();
        }
    }
}
