package dev.holdfast.session.compliance;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * What an application gets from {@link dev.holdfast.session.Sessions}, whatever the store: a readable test for each row,
 * through the public API, on two nodes of one application.
 *
 * <p>To add a store to the rows, extend this class among its tests and return the same {@link StoreUnderTest} as for the
 * {@link SessionStoreExam}; nothing else is declared for them. The exam finds a store's faults by their number; the rows
 * show that nothing above it depends on which store it is.
 */
@Isolated("it counts threads")
@Timeout(120)
public abstract class SessionRows {

    private @Nullable ExamRoom room;

    /** Returns the store with an empty backend; called before each test, on an instance of its own. */
    protected abstract StoreUnderTest storeUnderTest() throws Exception;

    @BeforeEach
    final void open() throws Exception {
        room = new ExamRoom(storeUnderTest());
    }

    @AfterEach
    final void close() throws Throwable {
        if (room != null) {
            room.leave();
        }
    }

    final ExamRoom room() {
        return Objects.requireNonNull(room, "each test has its room");
    }

    @Nested
    @DisplayName("open, fill, read, empty")
    final class Beginnings extends BeginningRows {
        Beginnings() {
            super(SessionRows.this);
        }
    }

    @Nested
    @DisplayName("what is ended stays ended")
    final class Endings extends EndingRows {
        Endings() {
            super(SessionRows.this);
        }
    }

    @Nested
    @DisplayName("a new id at log-in")
    final class Rotations extends RotationRows {
        Rotations() {
            super(SessionRows.this);
        }
    }

    @Nested
    @DisplayName("an id that was used up")
    final class Replays extends ReplayRows {
        Replays() {
            super(SessionRows.this);
        }
    }

    @Nested
    @DisplayName("a new id from time to time")
    final class Renewals extends RenewalRows {
        Renewals() {
            super(SessionRows.this);
        }
    }

    @Nested
    @DisplayName("save, and what it costs")
    final class Savings extends SavingRows {
        Savings() {
            super(SessionRows.this);
        }
    }

    @Nested
    @DisplayName("discard, reload, read-only")
    final class Trials extends TrialRows {
        Trials() {
            super(SessionRows.this);
        }
    }

    @Nested
    @DisplayName("parallel requests")
    final class Parallels extends ParallelRows {
        Parallels() {
            super(SessionRows.this);
        }
    }

    @Nested
    @DisplayName("one request at a time")
    final class Exclusives extends ExclusiveRows {
        Exclusives() {
            super(SessionRows.this);
        }
    }

    @Nested
    @DisplayName("when sessions end")
    final class Times extends TimeRows {
        Times() {
            super(SessionRows.this);
        }
    }

    @Nested
    @DisplayName("the purge")
    final class Purges extends PurgeRows {
        Purges() {
            super(SessionRows.this);
        }
    }

    @Nested
    @DisplayName("log out everywhere")
    final class Revocations extends RevocationRows {
        Revocations() {
            super(SessionRows.this);
        }
    }

    @Nested
    @DisplayName("the sessions of a user")
    final class Principals extends PrincipalRows {
        Principals() {
            super(SessionRows.this);
        }
    }

    @Nested
    @DisplayName("while the store is down")
    final class Outages extends OutageRows {
        Outages() {
            super(SessionRows.this);
        }
    }

    @Nested
    @DisplayName("what nobody hears")
    final class Silences extends SilenceRows {
        Silences() {
            super(SessionRows.this);
        }
    }

    @Nested
    @DisplayName("old and new nodes side by side")
    final class Restarts extends RestartRows {
        Restarts() {
            super(SessionRows.this);
        }
    }

    @Nested
    @DisplayName("random requests")
    final class Models extends ModelRows {
        Models() {
            super(SessionRows.this);
        }
    }
}
