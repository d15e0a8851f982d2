package dev.holdfast.session.spi;

import java.time.Instant;
import java.util.Optional;

/**
 * Moves one opaque session record atomically between the application and a backend.
 *
 * <p>The numbers in brackets are the promises that every store keeps; the exam in the artifact
 * {@code store-compliance} has a test for each of them. For all verbs:
 *
 * <ul>
 *   <li>An expected outcome is a value. An exception means that the backend failed: {@link StoreUnavailableException}
 *       when nothing was applied and a later try may succeed [F1], {@link OutcomeUnknownException} when the verb may or
 *       may not have been applied [F2], {@link PayloadTooLargeException} before any I/O [Z1]. The store recovers by
 *       itself when the backend does [F3].
 *   <li>A record whose {@code expiresAt} has come (now ≥ expiresAt) is absent, even while its bytes still lie there
 *       [L3]; {@link StoredSession#NEVER} never comes [X1]. No time zone plays a part [X3].
 *   <li>A record that can't be read is absent too: reported once (see {@link UnreadableEvents}), deletable,
 *       replaceable by {@code create}, and in nobody's way [L4].
 *   <li>What one instance has acknowledged, every other instance on the same backend reads at once, unless the store
 *       {@linkplain DeclaredConsistency declares} less [L6].
 *   <li>All methods block, may be called from any thread, platform or virtual, and hold no monitor during I/O. A
 *       thread's interrupt corrupts nothing and disturbs no other thread [F6]; the interrupt status is kept.
 *   <li>No message, log line or {@code toString} holds a session id or an attribute value [F4]; stores see neither.
 *   <li>After {@link #close} every verb throws {@link IllegalStateException} [F5]. {@code null} arguments are a
 *       {@link NullPointerException}.
 * </ul>
 *
 * <p>More than these verbs is offered through abilities, separate interfaces that a store implements as well:
 * {@link PrincipalIndex}, {@link SessionScan}, {@link SessionLocking}, {@link ExpiryEvents}, {@link ChangeFeed}.
 * A store that wraps another one is small: it delegates seven methods and those abilities that it keeps.
 */
public interface SessionStore extends AutoCloseable {

    /**
     * Stores a session under a key that holds no live record.
     *
     * <p>On an absent key the record is stored with version 1, whatever {@link StoredSession#version} says [C1]; on a
     * live key nothing changes [C2]. An expired record that was not purged yet does not block it [C3]. Of any number
     * of simultaneous creators of one key exactly one wins [C4].
     *
     * @return whether the record was stored
     */
    boolean create(StoredSession session);

    /**
     * Returns the live record under a key, as it was last stored: every payload byte, every instant to the millisecond,
     * any Unicode principal [L1].
     *
     * <p>Never created, deleted and expired are the same: empty [L2]. Loading changes nothing: no access time, no time
     * to live, no version [L5]. Once a {@link #delete} is acknowledged no load returns that record, whatever updates
     * and touches were in flight [U5].
     */
    Optional<StoredSession> load(SessionKey key);

    /**
     * Replaces the whole record if the stored version is the expected one.
     *
     * <p>When it is, the stored version becomes {@code expectedVersion + 1}, whatever {@link StoredSession#version}
     * says [U1]. When it differs nothing changes [U2]; when there is no live record nothing is written, so nothing ever
     * resurrects [U3]. The comparison and the write are one step inside the backend [U6], linearizable per key [U4].
     *
     * <p>An update that raced with a later {@link #touch} keeps the touch: lastAccessedAt and expiresAt travel as a
     * pair, and the pair with the later lastAccessedAt survives; with equal ones the update's [T4].
     * {@link StoredSession#replacing} is this rule. createdAt and the key never change.
     *
     * @param session the new content; its key says which record is meant
     * @param expectedVersion the version that was loaded
     */
    UpdateOutcome update(StoredSession session, long expectedVersion);

    /**
     * Moves lastAccessedAt and expiresAt of a live record; its payload and version stay [T1], and the payload is not
     * rewritten [T5].
     *
     * <p>A touch whose {@code lastAccessedAt} is before the stored one changes nothing and still answers {@code true}
     * [T2]. Without a live record nothing is written [T3].
     *
     * @param lastAccessedAt when the session was used
     * @param expiresAt when the record becomes absent, or {@link StoredSession#NEVER}
     * @return whether there is a live record
     */
    boolean touch(SessionKey key, Instant lastAccessedAt, Instant expiresAt);

    /**
     * Removes the record under a key, also one that is expired or unreadable.
     *
     * @return whether this call removed a live record; of simultaneous callers at most one is told so [D1]
     */
    boolean delete(SessionKey key);

    /**
     * Removes at most {@code limit} expired records, and answers how many [P1].
     *
     * <p>It never removes a live record: a touch that was acknowledged before the removal wins [P2]. Purgers on several
     * nodes neither block, nor deadlock, nor count a record twice [P3]. The cost follows the number of expired records,
     * not of live ones, unless the store's Javadoc says otherwise [P4]. An engine that expires records by itself
     * answers 0 [P5].
     *
     * @param limit at least 1
     * @throws IllegalArgumentException if {@code limit} is less than 1
     */
    int purgeExpired(int limit);

    /**
     * Frees every thread, connection and file that the store itself opened, and leaves what it was handed. A second
     * call does nothing [F5].
     */
    @Override
    void close();
}
