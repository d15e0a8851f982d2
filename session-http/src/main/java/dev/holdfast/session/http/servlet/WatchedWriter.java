package dev.holdfast.session.http.servlet;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Counts the bytes of what is written; too many rather than too few in the rarer character sets. */
final class WatchedWriter extends Writer {

    private static final Set<String> ASCII_IN_ONE_BYTE = Set.of("UTF-8", "ISO-8859-1", "US-ASCII");

    private final PrintWriter writer;
    private final BodyWatch watch;
    private final boolean asciiInOneByte;

    private WatchedWriter(PrintWriter writer, BodyWatch watch, boolean asciiInOneByte) {
        this.writer = writer;
        this.watch = watch;
        this.asciiInOneByte = asciiInOneByte;
    }

    static PrintWriter around(PrintWriter writer, @Nullable String charset, BodyWatch watch) {
        boolean asciiInOneByte = charset != null && ASCII_IN_ONE_BYTE.contains(charset.toUpperCase(Locale.ROOT));
        return new PrintWriter(new WatchedWriter(writer, watch, asciiInOneByte)) {
            @Override
            public boolean checkError() {
                watch.sending();
                return writer.checkError() || super.checkError();
            }
        };
    }

    @Override
    public void write(int character) {
        watch.writing(bytes((char) character));
        writer.write(character);
    }

    @Override
    public void write(char[] characters, int offset, int length) {
        long bytes = 0;
        for (int i = offset; i < offset + length; i++) {
            bytes += bytes(characters[i]);
        }
        watch.writing(bytes);
        writer.write(characters, offset, length);
    }

    @Override
    public void write(String text, int offset, int length) {
        long bytes = 0;
        for (int i = offset; i < offset + length; i++) {
            bytes += bytes(text.charAt(i));
        }
        watch.writing(bytes);
        writer.write(text, offset, length);
    }

    private int bytes(char character) {
        if (!asciiInOneByte) {
            return 4;
        }
        return character < 0x80 ? 1 : character < 0x800 || Character.isSurrogate(character) ? 2 : 3;
    }

    @Override
    public void flush() throws IOException {
        watch.sending();
        writer.flush();
    }

    @Override
    public void close() throws IOException {
        watch.sending();
        writer.close();
    }
}
