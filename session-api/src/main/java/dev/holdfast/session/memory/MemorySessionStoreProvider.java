package dev.holdfast.session.memory;

import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.SessionStoreProvider;
import dev.holdfast.session.spi.StoreUri;
import java.net.URI;
import java.util.Set;

/**
 * Opens {@code memory:} and, shared by all who open the same name in this JVM, {@code memory:name}; with
 * {@code ?maxPayload=<bytes>}.
 */
public final class MemorySessionStoreProvider implements SessionStoreProvider {

    @Override
    public Set<String> schemes() {
        return Set.of("memory");
    }

    @Override
    public String example() {
        return "memory:";
    }

    @Override
    public SessionStore open(URI uri) {
        StoreUri settings = StoreUri.parse(uri, "maxPayload");
        MemorySessionStore.Builder builder = MemorySessionStore.builder()
                .maxPayloadBytes(settings.integer(
                        "maxPayload", 0, Integer.MAX_VALUE, MemorySessionStore.DEFAULT_MAX_PAYLOAD_BYTES));
        String name = settings.location().replaceFirst("^/+", "");
        if (!name.isEmpty()) {
            builder.sharedAs(name);
        }
        return builder.build();
    }
}
