package dev.holdfast.session;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a request wants stored of a session beside its attributes. Guarded by the session's lock. */
final class Pending {

    private @Nullable Duration idleTimeout;
    private Change.@Nullable NewPrincipal principal;
    private final Map<Extension, Optional<byte[]>> extensions = new EnumMap<>(Extension.class);
    private byte @Nullable [] client;

    void idleTimeout(Duration idleTimeout) {
        this.idleTimeout = idleTimeout;
    }

    /** Returns the timeout that will be stored over this one. */
    Duration idleTimeoutOver(Duration stored) {
        return idleTimeout == null ? stored : idleTimeout;
    }

    void principal(@Nullable String principal) {
        this.principal = new Change.NewPrincipal(principal);
    }

    /** Returns the principal that will be stored over this one. */
    @Nullable
    String principalOver(@Nullable String stored) {
        return principal == null ? stored : principal.name();
    }

    /** Sets an extension, or removes it with {@code null}; nothing is pending if it is stored so. */
    void extension(Extension extension, byte @Nullable [] bytes, Extensions stored) {
        ByteBuffer wanted = bytes == null ? null : ByteBuffer.wrap(bytes);
        if (Objects.equals(wanted, stored.find(extension))) {
            extensions.remove(extension);
        } else {
            extensions.put(extension, Optional.ofNullable(bytes));
        }
    }

    /** Sets the client, to be stored together with what else changes; it alone is no reason to save. */
    void client(byte[] client) {
        this.client = client;
    }

    /** Returns the extensions that will be stored over these. */
    Extensions extensionsOver(Extensions stored) {
        return stored.with(extensions);
    }

    void forget() {
        idleTimeout = null;
        principal = null;
        extensions.clear();
        client = null;
    }

    Change change(Delta delta, Instant accessedAt, Timeouts timeouts, int maxAttributes) {
        Map<Extension, Optional<byte[]>> all = new EnumMap<>(extensions);
        boolean saves = !delta.isEmpty() || idleTimeout != null || principal != null || !all.isEmpty();
        if (client != null && saves) {
            all.put(Extension.CLIENT, Optional.of(client));
        }
        return new Change(delta, idleTimeout, principal, all, accessedAt, timeouts, maxAttributes);
    }
}
