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
 * The exam that every session store passes: a test for each promise of
 * {@link dev.holdfast.session.spi.SessionStore}, whose name starts with the promise's number.
 *
 * <p>A store takes it by one subclass among its tests. A test whose promise the store does not make, because it lacks the
 * ability or its author declares no hook, is shown as skipped with the reason. Each test has an empty backend of its own,
 * two instances on it, and afterwards looks for what the instances left behind when they were closed. The tests can't be
 * overridden: what is special about a store is declared in {@link StoreUnderTest}.
 */
@Isolated("it counts threads, sets the default time zone and listens to all loggers")
@Timeout(120)
public abstract class SessionStoreExam {

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
    @DisplayName("what was stored comes back")
    final class RoundTrips extends RoundTripPromises {
        RoundTrips() {
            super(SessionStoreExam.this);
        }
    }

    @Nested
    @DisplayName("load")
    final class Reads extends ReadPromises {
        Reads() {
            super(SessionStoreExam.this);
        }
    }

    @Nested
    @DisplayName("create")
    final class Creates extends CreatePromises {
        Creates() {
            super(SessionStoreExam.this);
        }
    }

    @Nested
    @DisplayName("update")
    final class Updates extends UpdatePromises {
        Updates() {
            super(SessionStoreExam.this);
        }
    }

    @Nested
    @DisplayName("update, in races")
    final class UpdateRaces extends UpdateRacePromises {
        UpdateRaces() {
            super(SessionStoreExam.this);
        }
    }

    @Nested
    @DisplayName("touch")
    final class Touches extends TouchPromises {
        Touches() {
            super(SessionStoreExam.this);
        }
    }

    @Nested
    @DisplayName("delete")
    final class Deletes extends DeletePromises {
        Deletes() {
            super(SessionStoreExam.this);
        }
    }

    @Nested
    @DisplayName("purge")
    final class Purges extends PurgePromises {
        Purges() {
            super(SessionStoreExam.this);
        }
    }

    @Nested
    @DisplayName("expiry times")
    final class ExpiryTimes extends ExpiryTimePromises {
        ExpiryTimes() {
            super(SessionStoreExam.this);
        }
    }

    @Nested
    @DisplayName("sizes")
    final class Sizes extends SizePromises {
        Sizes() {
            super(SessionStoreExam.this);
        }
    }

    @Nested
    @DisplayName("records that can't be read")
    final class Unreadables extends UnreadablePromises {
        Unreadables() {
            super(SessionStoreExam.this);
        }
    }

    @Nested
    @DisplayName("a failing backend")
    final class Faults extends FaultPromises {
        Faults() {
            super(SessionStoreExam.this);
        }
    }

    @Nested
    @DisplayName("close")
    final class Closes extends ClosePromises {
        Closes() {
            super(SessionStoreExam.this);
        }
    }

    @Nested
    @DisplayName("secrecy")
    final class Secrecy extends SecrecyPromises {
        Secrecy() {
            super(SessionStoreExam.this);
        }
    }

    @Nested
    @DisplayName("interrupts")
    final class Interrupts extends InterruptPromises {
        Interrupts() {
            super(SessionStoreExam.this);
        }
    }

    @Nested
    @DisplayName("principal index")
    final class Principals extends PrincipalPromises {
        Principals() {
            super(SessionStoreExam.this);
        }
    }

    @Nested
    @DisplayName("principal index, sweeps and pages")
    final class PrincipalSweeps extends PrincipalSweepPromises {
        PrincipalSweeps() {
            super(SessionStoreExam.this);
        }
    }

    @Nested
    @DisplayName("scan")
    final class Scans extends ScanPromises {
        Scans() {
            super(SessionStoreExam.this);
        }
    }

    @Nested
    @DisplayName("exclusive lock")
    final class Locks extends LockPromises {
        Locks() {
            super(SessionStoreExam.this);
        }
    }

    @Nested
    @DisplayName("expiry events and change feed")
    final class Events extends EventPromises {
        Events() {
            super(SessionStoreExam.this);
        }
    }
}
