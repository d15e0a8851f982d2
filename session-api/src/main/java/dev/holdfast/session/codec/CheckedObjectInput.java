package dev.holdfast.session.codec;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;

/** Reads objects of allowed classes only, and loads no other class. */
final class CheckedObjectInput extends ObjectInputStream {

    private final ByteArrayInputStream bytes;
    private final AllowedClasses allowed;

    CheckedObjectInput(ByteArrayInputStream bytes, AllowedClasses allowed, ObjectInputFilter filter)
            throws IOException {
        super(bytes);
        this.bytes = bytes;
        this.allowed = allowed;
        setObjectInputFilter(filter);
    }

    /** Returns whether bytes are left that nobody read. */
    boolean hasMore() {
        return bytes.available() > 0;
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass described) throws InvalidClassException {
        return allowed.resolve(described);
    }

    @Override
    protected Class<?> resolveProxyClass(String[] interfaces) throws InvalidClassException {
        throw new InvalidClassException("a proxy");
    }
}
