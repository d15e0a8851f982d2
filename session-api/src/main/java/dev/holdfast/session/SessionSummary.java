package dev.holdfast.session;

import java.time.Instant;

/**
 * A session in a list of a principal's sessions.
 *
 * @param handle names the session to {@link Sessions#end}; useless as a session id
 * @param createdAt when the session began
 * @param lastAccessedAt when it was last used, at most the touch interval ago
 * @param expiresAt when it ends if it is not used
 */
public record SessionSummary(String handle, Instant createdAt, Instant lastAccessedAt, Instant expiresAt) {}
