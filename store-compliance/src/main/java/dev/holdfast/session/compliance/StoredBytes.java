package dev.holdfast.session.compliance;

import dev.holdfast.session.spi.SessionKey;

/** A way behind the store's back to what the backend holds under a key, so that the exam can damage it. */
public interface StoredBytes {

    /** Returns all bytes that the backend holds for a stored record. */
    byte[] read(SessionKey key) throws Exception;

    /** Replaces them, as a torn write, a flipped bit or a foreign program would. */
    void write(SessionKey key, byte[] bytes) throws Exception;
}
