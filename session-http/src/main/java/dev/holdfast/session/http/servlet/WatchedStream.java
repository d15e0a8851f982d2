package dev.holdfast.session.http.servlet;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.nio.ByteBuffer;

final class WatchedStream extends ServletOutputStream {

    private final ServletOutputStream stream;
    private final BodyWatch watch;

    WatchedStream(ServletOutputStream stream, BodyWatch watch) {
        this.stream = stream;
        this.watch = watch;
    }

    @Override
    public void write(int octet) throws IOException {
        watch.writing(1);
        stream.write(octet);
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        watch.writing(bytes.length);
        stream.write(bytes);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        watch.writing(length);
        stream.write(bytes, offset, length);
    }

    @Override
    public void write(ByteBuffer buffer) throws IOException {
        watch.writing(buffer.remaining());
        stream.write(buffer);
    }

    @Override
    public void flush() throws IOException {
        watch.sending();
        stream.flush();
    }

    @Override
    public void close() throws IOException {
        watch.sending();
        stream.close();
    }

    @Override
    public boolean isReady() {
        return stream.isReady();
    }

    @Override
    public void setWriteListener(WriteListener listener) {
        stream.setWriteListener(listener);
    }
}
