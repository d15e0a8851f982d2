package dev.holdfast.session;

import dev.holdfast.session.spi.SessionKey;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which ids a replaced id may have been replaced by, in a note under the old one, where they can be read by who has it.
 *
 * <p>A note is written before the id is replaced, so that there is no moment, and no crash, at which an id is dead and its
 * successor not known. Of several requests that replace one id at once each adds the id it is going to give, and one of these
 * is the session's in the end. A note that was followed is deleted: so a chain costs who follows it no more than it cost who
 * made it.
 */
record ReplacedIds(Notes notes, SecureRandom random, InstantSource clock) {

    /** The longest that an id may be remembered. */
    static final Duration MAX_LIFE = Duration.ofDays(31);

    private static final int MAX_CANDIDATES = 16;

    /** A load, and a create or update. */
    void remember(SessionId old, SessionId next, Duration life) {
        byte[] sealed = new Successor(next, clock.instant().plus(life)).sealedUnder(old, random);
        notes.change(
                key(old), known -> known.with(Map.of(Extension.SUCCESSOR, Optional.of(append(known, sealed)))), life);
    }

    private static byte[] append(Extensions known, byte[] sealed) {
        ByteBuffer before = known.find(Extension.SUCCESSOR);
        if (before == null) {
            return sealed;
        }
        int room = (MAX_CANDIDATES - 1) * Successor.SEALED_BYTES;
        int dropped = Math.max(0, before.remaining() - room);
        ByteBuffer last = before.slice(before.position() + dropped, before.remaining() - dropped);
        return ByteBuffer.allocate(last.remaining() + sealed.length)
                .put(last)
                .put(sealed)
                .array();
    }

    /**
     * Ends what an id was replaced by, and what that was replaced by, and so on; and forgets them. Two store calls for each,
     * and those of ending it.
     *
     * <p>Each is ended before its own successors are looked for: whoever replaces it meanwhile has noted them by then, or
     * finds it gone.
     *
     * @param end returns whether it ended a session
     */
    boolean endSuccessors(SessionId old, Predicate<SessionId> end) {
        boolean ended = false;
        Deque<SessionId> left = new ArrayDeque<>(take(old));
        while (!left.isEmpty()) {
            SessionId id = left.pop();
            ended |= end.test(id);
            left.addAll(take(id));
        }
        return ended;
    }

    private List<SessionId> take(SessionId old) {
        List<SessionId> next = new ArrayList<>();
        ByteBuffer sealed = notes.take(key(old)).find(Extension.SUCCESSOR);
        if (sealed != null) {
            for (int at = 0; at + Successor.SEALED_BYTES <= sealed.remaining(); at += Successor.SEALED_BYTES) {
                Successor.unseal(old, sealed.slice(sealed.position() + at, Successor.SEALED_BYTES))
                        .filter(successor -> clock.instant().isBefore(successor.until()))
                        .map(Successor::id)
                        .ifPresent(next::add);
            }
        }
        return next;
    }

    private static SessionKey key(SessionId old) {
        return Notes.key("replaced:" + old.value());
    }
}
