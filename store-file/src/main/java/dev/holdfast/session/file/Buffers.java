package dev.holdfast.session.file;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** A few buffers that the system can read from and write to directly; whoever finds none free gets one to throw away. */
final class Buffers {

    private final int size;
    private final AtomicReferenceArray<ByteBuffer> free;
    private final AtomicInteger made = new AtomicInteger();

    Buffers(int size, int count) {
        this.size = size;
        this.free = new AtomicReferenceArray<>(count);
    }

    /** Returns a buffer with room for so many bytes, at most the size of all. */
    ByteBuffer take(int bytes) {
        for (int i = 0; i < free.length(); i++) {
            ByteBuffer buffer = free.get(i) == null ? null : free.getAndSet(i, null);
            if (buffer != null) {
                return buffer.clear().limit(bytes);
            }
        }
        if (made.get() < free.length() && made.incrementAndGet() <= free.length()) {
            return ByteBuffer.allocateDirect(size).limit(bytes);
        }
        return ByteBuffer.allocate(bytes);
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
