package dev.holdfast.session.file;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** A few buffers that the system can read into directly; whoever finds none free gets one to throw away. */
final class ReadBuffers {

    private final int size;
    private final AtomicReferenceArray<ByteBuffer> free;

    ReadBuffers(int size, int count) {
        this.size = size;
        this.free = new AtomicReferenceArray<>(count);
        for (int i = 0; i < count; i++) {
            free.set(i, ByteBuffer.allocateDirect(size));
        }
    }

    ByteBuffer take() {
        for (int i = 0; i < free.length(); i++) {
            ByteBuffer buffer = free.get(i) == null ? null : free.getAndSet(i, null);
            if (buffer != null) {
                return buffer.clear();
            }
        }
        return ByteBuffer.allocate(size);
    }

    void giveBack(ByteBuffer buffer) {
        if (buffer.isDirect()) {
            for (int i = 0; i < free.length(); i++) {
                if (free.get(i) == null && free.compareAndSet(i, null, buffer)) {
                    return;
                }
            }
        }
    }
}
