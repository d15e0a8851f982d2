package dev.holdfast.session;

import dev.holdfast.session.spi.StoredSession;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that a request wants stored, to be applied to the record that it loaded and, after a conflict, to the fresh one.
 *
 * @param idleTimeout the new one, or {@code null} to leave it
 * @param principal the new one, or {@code null} to leave it
 * @param extensions new ones, empty for those to remove
 */
record Change(
        Delta delta,
        @Nullable Duration idleTimeout,
        @Nullable NewPrincipal principal,
        Map<Extension, Optional<byte[]>> extensions,
        Instant accessedAt,
        Timeouts timeouts,
        int maxAttributes) {

    boolean isEmpty() {
        return delta.isEmpty() && idleTimeout == null && principal == null && extensions.isEmpty();
    }

    /** Returns the record to store over this one, with this one's version. */
    LoadedSession applyTo(LoadedSession current) {
        StoredSession session = current.session();
        Envelope envelope = delta.applyTo(current.envelope())
                .withExtensions(current.envelope().extensions().with(extensions));
        Attributes.requireRoom(envelope.size(), maxAttributes);
        Duration idle = idleTimeout == null ? session.idleTimeout() : idleTimeout;
        Instant accessed = session.lastAccessedAt().isAfter(accessedAt) ? session.lastAccessedAt() : accessedAt;
        StoredSession wanted = new StoredSession(
                session.key(),
                session.version(),
                session.createdAt(),
                accessed,
                timeouts.of(envelope.extensions()).expiry(session.createdAt(), accessed, idle),
                idle,
                principal == null ? session.principal() : principal.name(),
                envelope.toPayload());
        return new LoadedSession(wanted, envelope);
    }

    /** Whose session it becomes; {@code null} is nobody. */
    record NewPrincipal(@Nullable String name) {}
}
