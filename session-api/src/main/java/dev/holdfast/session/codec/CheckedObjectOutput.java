package dev.holdfast.session.codec;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;

/** Writes no class that could not be read again. */
final class CheckedObjectOutput extends ObjectOutputStream {

    private final AllowedClasses allowed;

    CheckedObjectOutput(OutputStream out, AllowedClasses allowed) throws IOException {
        super(out);
        this.allowed = allowed;
    }

    @Override
    protected void annotateClass(Class<?> type) {
        if (!allowed.contains(type)) {
            String name = type.getName();
            throw new UnencodableValueException("a value to be serialized holds a " + name
                    + ", which is not allowed. Allow it: JdkCodec.builder()"
                    + (name.startsWith("java.util.")
                            ? ".allowCollections()"
                            : ".allow(" + type.getSimpleName() + ".class)"));
        }
    }

    @Override
    protected void annotateProxyClass(Class<?> type) {
        throw new UnencodableValueException(
                "a value to be serialized holds a proxy, which can't be read again." + " Store what stands behind it.");
    }
}
