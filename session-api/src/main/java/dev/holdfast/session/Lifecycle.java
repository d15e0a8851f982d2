package dev.holdfast.session;

import dev.holdfast.session.spi.SessionStoreException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a session does with the store, and what it is afterwards; called under the session's lock. */
record Lifecycle(Sessions sessions, SessionState state) {

    SaveOutcome save() {
        NamedSession held = state.held();
        if (state.isEnded()) {
            return SaveOutcome.GONE;
        }
        if (state.concurrency() == Concurrency.READ_ONLY) {
            return held == null || state.isPredecessor() ? SaveOutcome.UNCHANGED : touch(held.session());
        }
        Change change = state.change();
        if (held == null) {
            return change.isEmpty() ? SaveOutcome.UNCHANGED : create(change);
        }
        if (!state.keepsId() && sessions.renewal().isDue(held.session(), state.accessedAt())) {
            Duration grace = sessions.renewal().grace();
            return settle(held, sessions.rotation().renew(held, change, state.concurrency(), grace), change);
        }
        return change.isEmpty()
                ? touch(held.session())
                : settle(held, sessions.records().write(held, change, state.concurrency()), change);
    }

    private SaveOutcome create(Change change) {
        NamedSession created = sessions.records().create(state.id(), change.applyTo(state.unsaved()));
        state.settle(created, false);
        sessions.events().created(created.session().session());
        return admitted(change, created.session()).orElse(SaveOutcome.CREATED);
    }

    private SaveOutcome touch(LoadedSession current) {
        if (!sessions.timeouts().isTouchDue(current, state.accessedAt())) {
            return SaveOutcome.UNCHANGED;
        }
        Optional<LoadedSession> touched = sessions.records().touch(current, state.accessedAt());
        if (touched.isEmpty()) {
            state.end();
            return SaveOutcome.GONE;
        }
        state.touched(touched.get());
        sessions.events().saved(touched.get().session(), SaveOutcome.TOUCHED, false);
        return SaveOutcome.TOUCHED;
    }

    /**
     * Gives the session another id, at once.
     *
     * @param remembered how long it can be found out what the old one was replaced by, or {@code null}
     */
    void rotate(@Nullable Duration remembered) {
        NamedSession held = state.held();
        if (held == null) {
            state.forgetId();
            return;
        }
        SessionId next = sessions.newId();
        if (remembered != null) {
            sessions.replaced().remember(held.id(), next, remembered);
        }
        Change change = state.change();
        moved(held, sessions.rotation().rotate(held, change, state.concurrency(), next), change);
    }

    /** Gives the session another id, with grace for the old one. */
    void renew(Duration grace) {
        NamedSession held = state.held();
        if (held == null) {
            state.forgetId();
            return;
        }
        Change change = state.change();
        moved(held, sessions.rotation().renew(held, change, state.concurrency(), grace), change);
    }

    private void moved(NamedSession held, Written moved, Change change) {
        switch (settle(held, moved, change)) {
            case GONE -> throw new SessionEndedException();
            case REFUSED -> throw new TooManySessionsException();
            case CONFLICT -> throw new SessionConflictException();
            default -> {}
        }
    }

    private SaveOutcome settle(NamedSession held, Written written, Change change) {
        NamedSession now = written.session();
        if (now != null) {
            state.settle(now, written.merged());
            if (written.outcome() != SaveOutcome.RENEWED) {
                sessions.events().saved(now.session().session(), written.outcome(), written.merged());
            }
            return admitted(change, now.session()).orElse(written.outcome());
        }
        if (written.outcome() == SaveOutcome.GONE) {
            state.end();
            if (sessions.gone() == GonePolicy.FAIL && !change.isEmpty()) {
                throw new SessionEndedException();
            }
        } else {
            sessions.events().saved(held.session().session(), written.outcome(), false);
        }
        return written.outcome();
    }

    /** Returns empty, unless this was a log-in that is not admitted: then the session has ended. */
    private Optional<SaveOutcome> admitted(Change change, LoadedSession stored) {
        if (change.principal() == null) {
            return Optional.empty();
        }
        try {
            Optional<SaveOutcome> refusal = sessions.admit(stored, state.accessedAt());
            refusal.ifPresent(any -> state.end());
            return refusal;
        } catch (SessionStoreException e) {
            sessions.records().deleteQuietly(stored.session().key(), e);
            state.end();
            throw e;
        }
    }

    void reload() {
        state.discard();
        NamedSession held = state.held();
        if (held != null) {
            sessions.records().find(held.id()).ifPresentOrElse(fresh -> state.settle(fresh, true), state::end);
        }
    }

    void invalidate() {
        NamedSession held = state.held();
        SessionId unknown = state.unknown();
        if (!state.isEnded()) {
            if (held != null) {
                sessions.delete(held, EndReason.INVALIDATED);
            }
            if (unknown != null) {
                sessions.deleteUnreadable(unknown);
            }
        }
        state.end();
    }
}
