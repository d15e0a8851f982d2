package dev.holdfast.session;

import dev.holdfast.session.spi.Payload;
import dev.holdfast.session.spi.PrincipalIndex;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoredSession;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of a principal: found, ended, and told from those that come too late.
 *
 * <p>Ending them races with log-ins. So it first notes the time, then sweeps; and a log-in first stores its session,
 * then reads that note ({@link #admits}). Whichever is later sees the other: a log-in whose request began before the
 * revocation is swept, or ends itself.
 */
final class Principals {

    /** Longer than any request takes from its beginning to its save. */
    private static final Duration REMEMBERED = Duration.ofDays(1);

    private static final int PAGE = 100;
    private static final int CLEAN_SWEEPS = 2;
    private static final int MAX_SWEEPS = 1000;

    private final SessionStore store;
    private final @Nullable PrincipalIndex index;
    private final SessionRecords records;
    private final InstantSource clock;
    private final Events events;
    private final Notes notes;

    Principals(
            SessionStore store,
            @Nullable PrincipalIndex index,
            SessionRecords records,
            InstantSource clock,
            Events events) {
        this.store = store;
        this.index = index;
        this.records = records;
        this.clock = clock;
        this.events = events;
        this.notes = new Notes(store, clock);
    }

    boolean canBeFound() {
        return index != null;
    }

    /** Passes on each record of a principal, page by page. */
    private void forEach(String principal, Consumer<StoredSession> action) {
        PrincipalIndex sessions = Objects.requireNonNull(index, "index");
        SessionKey after = null;
        List<StoredSession> page;
        do {
            page = sessions.findByPrincipal(principal, after, PAGE);
            for (StoredSession session : page) {
                action.accept(session);
                after = session.key();
            }
        } while (page.size() == PAGE);
    }

    /** Returns the live sessions of a principal, in no order; during a rotation one may be there twice. */
    List<LoadedSession> live(String principal) {
        List<LoadedSession> live = new ArrayList<>();
        forEach(principal, session -> records.live(session).ifPresent(live::add));
        return live;
    }

    List<SessionSummary> summaries(String principal) {
        return live(principal).stream()
                .map(LoadedSession::session)
                .map(session -> new SessionSummary(
                        session.key().toString(), session.createdAt(), session.lastAccessedAt(), session.expiresAt()))
                .sorted((one, other) -> other.lastAccessedAt().compareTo(one.lastAccessedAt()))
                .toList();
    }

    boolean end(String principal, SessionKey key) {
        StoredSession session = store.load(key)
                .filter(found -> principal.equals(found.principal()))
                .orElse(null);
        if (session == null) {
            return false;
        }
        boolean ended = delete(session, EndReason.REVOKED);
        // what was deleted may be what is left of an id that was replaced since
        return records.live(session)
                        .map(live -> endLogIn(live, EndReason.REVOKED) > 0)
                        .orElse(false)
                || ended;
    }

    /**
     * Ends the sessions of the log-in that made a session its principal's: where other requests have moved it. Two looks
     * at the index or more; none if nobody is logged in, or there is no index.
     *
     * @return how many
     */
    int endLogIn(LoadedSession session, EndReason reason) {
        String principal = session.session().principal();
        Login login = Login.read(session.envelope().extensions().find(Extension.LOGIN));
        if (principal == null || login == null || index == null) {
            return 0;
        }
        int ended = 0;
        int clean = 0;
        for (int sweeps = 0; clean < CLEAN_SWEEPS && sweeps < MAX_SWEEPS; sweeps++) {
            int before = ended;
            for (LoadedSession live : live(principal)) {
                ended += login.equals(Login.of(live)) && delete(live.session(), reason) ? 1 : 0;
            }
            clean = ended == before ? clean + 1 : 0;
        }
        return ended;
    }

    /** Ends a session, and tells so if this call did it. */
    boolean delete(StoredSession session, EndReason reason) {
        boolean deleted = store.delete(session.key());
        if (deleted) {
            events.ended(session.key(), reason, session.principal());
        }
        return deleted;
    }

    /**
     * Ends all sessions of a principal but one.
     *
     * @param keep the key of the one that stays, or {@code null}
     * @param kept its log-in, or {@code null}: it stays under whatever id it has meanwhile
     */
    int endAll(String principal, @Nullable SessionKey keep, @Nullable Login kept) {
        Instant now = clock.instant();
        change(principal, note -> note.withRevocation(now, kept));
        Sweep sweep = new Sweep(keep, kept, now);
        int clean = 0;
        // a session that gets a new id while a sweep passes may stand on neither side of it, so that one clean sweep
        // is not enough
        for (int sweeps = 0; clean < CLEAN_SWEEPS && sweeps < MAX_SWEEPS; sweeps++) {
            clean = sweep.run(principal) ? 0 : clean + 1;
        }
        return sweep.ended;
    }

    /**
     * Ends what it finds first, and then goes on until it finds no session that was there when it began; log-ins that go
     * on and on don't keep it. So it looks first and deletes then: deleting page by page it would run after them.
     */
    private final class Sweep {

        private final @Nullable SessionKey keep;
        private final @Nullable Login kept;
        private final Instant began;
        private boolean all = true;
        private int ended;

        Sweep(@Nullable SessionKey keep, @Nullable Login kept, Instant began) {
            this.keep = keep;
            this.kept = kept;
            this.began = began;
        }

        /** Returns whether there was one from before. */
        boolean run(String principal) {
            List<StoredSession> found = new ArrayList<>();
            forEach(principal, session -> {
                if (!isKept(session) && (all || isOld(session))) {
                    found.add(session.withPayload(Payload.EMPTY));
                }
            });
            int before = ended;
            found.forEach(session -> ended += delete(session, EndReason.REVOKED) ? 1 : 0);
            // one that was moved meanwhile, on a node whose clock is ahead, looks like a later log-in
            all = ended - before < found.size();
            return found.stream().anyMatch(this::isOld);
        }

        private boolean isOld(StoredSession session) {
            return !session.createdAt().isAfter(began);
        }

        private boolean isKept(StoredSession session) {
            return session.key().equals(keep)
                    || (kept != null
                            && records.live(session)
                                    .filter(live -> kept.equals(Login.of(live)))
                                    .isPresent());
        }
    }

    /** Returns whether no revocation has overtaken a log-in that was just stored; else it is ended. One load. */
    boolean admits(LoadedSession mine, String principal, Instant requestedAt) {
        boolean revoked = note(principal).revokes(Login.of(mine), requestedAt);
        if (revoked) {
            delete(mine.session(), EndReason.REVOKED);
        }
        return !revoked;
    }

    PrincipalNote note(String principal) {
        return PrincipalNote.read(notes.load(key(principal)));
    }

    PrincipalNote change(String principal, UnaryOperator<PrincipalNote> change) {
        return PrincipalNote.read(notes.change(
                key(principal),
                extensions -> change.apply(PrincipalNote.read(extensions)).over(extensions),
                REMEMBERED));
    }

    private static SessionKey key(String principal) {
        return Notes.key("principal:" + principal);
    }
}
