package dev.holdfast.session.file;

import dev.holdfast.session.file.Reading.Absent;
import dev.holdfast.session.file.Reading.Unreadable;
import dev.holdfast.session.file.Shards.Location;
import dev.holdfast.session.spi.SessionKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An open record file. Never follows a symbolic link.
 *
 * <p>An interrupt closes a {@link FileChannel} under its user. So it is taken from the thread meanwhile and given back
 * at the end, and what one cut short is done again on a new channel: each step is a read or a write at a position,
 * which can be repeated. Not thread-safe; whoever writes holds the key's lock.
 */
final class RecordFile implements AutoCloseable {

    private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    private static final Set<OpenOption> READ_WRITE =
            Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    private static final Set<OpenOption> CREATE =
            Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW, LinkOption.NOFOLLOW_LINKS);

    /** Enough for both slots of a session of a kilobyte or two. */
    private static final int READ_AHEAD = 4096;

    /** What is read or written at once: the JDK's buffer of each thread, for what is not in one of ours, never shrinks. */
    private static final int CHUNK = 256 << 10;

    private static final Buffers BUFFERS = new Buffers(CHUNK, 8);

    private final Location at;
    private final Set<OpenOption> reopen;
    private Reading found = Absent.ABSENT;
    private boolean interrupted;
    private boolean written;
    private @Nullable FileChannel channel;

    private RecordFile(Location at, Set<OpenOption> reopen) {
        this.at = at;
        this.reopen = reopen;
        this.interrupted = Thread.interrupted();
    }

    /** Reads what is there now, in one go. */
    static Reading read(Location at) throws IOException {
        try (RecordFile file = open(at, READ)) {
            return file.read();
        } catch (NoSuchFileException e) {
            return Absent.ABSENT;
        }
    }

    /** Reads at most that many bytes of what is there, of a record or not; none if it is not there. */
    static byte[] read(Location at, int most) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(most);
        try (RecordFile file = open(at, READ)) {
            if (file.channel != null) {
                file.fill(bytes, 0);
            }
        }
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    /** Opens what is there, if anything, for reading and writing. */
    static RecordFile open(Location at) throws IOException {
        return open(at, READ_WRITE);
    }

    /** Stands for a file that is not there. */
    static RecordFile absent(Location at) {
        return new RecordFile(at, READ);
    }

    private static RecordFile open(Location at, Set<OpenOption> options) throws IOException {
        RecordFile file = new RecordFile(at, options);
        try {
            file.channel = FileChannel.open(at.path(), options);
            return file;
        } catch (NoSuchFileException e) {
            return file;
        } catch (IOException e) {
            if (Files.isSymbolicLink(at.path()) || Files.isDirectory(at.path())) {
                file.found = Unreadable.DAMAGED;
                return file;
            }
            file.close();
            throw e;
        }
    }

    /** Writes a new file with its owner's rights only, and answers false if the name is taken. */
    static boolean create(Location at, ByteBuffer[] parts, boolean sync, FileAttribute<?>[] ownerOnly)
            throws IOException {
        try (RecordFile file = new RecordFile(at, READ_WRITE)) {
            try {
                file.channel = FileChannel.open(at.path(), CREATE, ownerOnly);
            } catch (FileAlreadyExistsException e) {
                return false;
            }
            try {
                file.write(0, parts);
                if (sync) {
                    file.sync();
                }
                return true;
            } catch (IOException e) {
                if (!at.file().delete()) {
                    e.addSuppressed(new IOException("what was written of it is left behind"));
                }
                throw e;
            }
        }
    }

    Reading read() throws IOException {
        return read(RecordFormat::read);
    }

    /** Reads what is there now; of a record with this version perhaps not its payload. */
    Reading readFor(long version) throws IOException {
        return read((key, source) -> RecordFormat.readFor(version, key, source));
    }

    private interface Reader {
        Reading read(SessionKey key, RecordFormat.Source source) throws IOException;
    }

    private Reading read(Reader reader) throws IOException {
        if (channel == null) {
            return found;
        }
        ByteBuffer ahead = BUFFERS.take(READ_AHEAD);
        try {
            fill(ahead, 0);
            ahead.flip();
            return reader.read(at.key(), (offset, length) -> part(ahead, offset, length));
        } finally {
            BUFFERS.giveBack(ahead);
        }
    }

    private ByteBuffer part(ByteBuffer ahead, long offset, int length) throws IOException {
        if (ahead.limit() < READ_AHEAD || offset + length <= READ_AHEAD) {
            int from = (int) Math.min(offset, ahead.limit());
            return ahead.slice(from, Math.min(length, ahead.limit() - from));
        }
        long there = length <= CHUNK ? length : Math.max(0, Math.min(length, size() - offset));
        ByteBuffer part = ByteBuffer.allocate((int) there);
        fill(part, offset);
        return part.flip();
    }

    private long size() throws IOException {
        while (true) {
            try {
                return requireOpen().size();
            } catch (ClosedByInterruptException e) {
                reopen();
            }
        }
    }

    private void fill(ByteBuffer buffer, long offset) throws IOException {
        int end = buffer.limit();
        int read = 0;
        while (buffer.position() < end && read >= 0) {
            int position = buffer.position();
            buffer.limit(Math.min(end, position + CHUNK));
            try {
                read = requireOpen().read(buffer, offset + position);
                if (read >= 0 && buffer.hasRemaining() && end <= READ_AHEAD) {
                    return;
                }
            } catch (ClosedByInterruptException e) {
                buffer.position(position);
                reopen();
            }
        }
    }

    /** Writes all bytes of the parts, one behind the other. If it fails, not all of them were written. */
    void write(long offset, ByteBuffer... parts) throws IOException {
        written = true;
        long size = 0;
        for (ByteBuffer part : parts) {
            size += part.remaining();
        }
        ByteBuffer chunk = BUFFERS.take((int) Math.min(size, CHUNK));
        try {
            long position = offset;
            for (ByteBuffer part : parts) {
                ByteBuffer rest = part.duplicate();
                while (rest.remaining() > chunk.remaining()) {
                    int room = chunk.remaining();
                    chunk.put(rest.slice(rest.position(), room));
                    rest.position(rest.position() + room);
                    position += write(chunk.flip(), position);
                    chunk.clear().limit(CHUNK);
                }
                chunk.put(rest);
            }
            write(chunk.flip(), position);
        } finally {
            BUFFERS.giveBack(chunk);
        }
    }

    private int write(ByteBuffer chunk, long offset) throws IOException {
        while (chunk.hasRemaining()) {
            int position = chunk.position();
            try {
                requireOpen().write(chunk, offset + position);
            } catch (ClosedByInterruptException e) {
                chunk.position(position);
                reopen();
            }
        }
        return chunk.limit();
    }

    /** Waits until the disk has what was written. */
    void sync() throws IOException {
        while (true) {
            try {
                requireOpen().force(false);
                return;
            } catch (ClosedByInterruptException e) {
                reopen();
            }
        }
    }

    private void reopen() throws IOException {
        interrupted |= Thread.interrupted();
        channel = FileChannel.open(at.path(), reopen);
    }

    private FileChannel requireOpen() throws IOException {
        if (channel == null) {
            throw new NoSuchFileException(at.file().getPath());
        }
        return channel;
    }

    @Override
    public void close() throws UncertainException {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // of a file that was only read nothing can be lost
            if (written) {
                throw new UncertainException(e);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
