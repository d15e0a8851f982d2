package dev.holdfast.session.compliance;

import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.function.Executable;

/**
 * A way in which a backend fails, for the exam to begin and to end.
 *
 * @param name what happens, such as "server stopped"
 * @param kind what callers can know meanwhile
 * @param budget how long a verb may take to say so; the timeout that the opened stores are configured with, and some
 *     slack; ten times that, and two seconds, is what the store has to recover
 * @param begin breaks the backend, at once
 * @param end mends it; called once after each {@code begin}
 */
public record Fault(String name, Kind kind, Duration budget, Executable begin, Executable end) {

    public Fault {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(begin, "begin");
        Objects.requireNonNull(end, "end");
        if (budget.isZero() || budget.isNegative()) {
            throw new IllegalArgumentException("budget must be positive, not " + budget);
        }
    }

    /** Returns how long the exam waits, once the fault has ended, for the store to work again [F3]. */
    Duration recovery() {
        return budget.multipliedBy(10).plusSeconds(2);
    }

    /** What callers can know while a fault lasts. */
    public enum Kind {
        /** Requests do not get through: down, hung or refusing. */
        OUTAGE,
        /** Requests get through and are applied, but their replies are lost. */
        LOST_REPLY
    }

    /** Returns a fault of kind {@link Kind#OUTAGE}. */
    public static Fault outage(String name, Duration budget, Executable begin, Executable end) {
        return new Fault(name, Kind.OUTAGE, budget, begin, end);
    }

    /** Returns a fault of kind {@link Kind#LOST_REPLY}. */
    public static Fault lostReply(String name, Duration budget, Executable begin, Executable end) {
        return new Fault(name, Kind.LOST_REPLY, budget, begin, end);
    }
}
