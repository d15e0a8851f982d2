package dev.holdfast.session.compliance;

import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.function.Executable;

/**
 * An empty backend and what its store declares: how an instance on it is opened, whose clock decides, and the hooks that
 * let the exam look behind the verbs. One test uses one of these; nothing of an earlier test may be left in it.
 *
 * <p>Only the opener is needed. Each other hook lets the exam ask for more; without it the tests that need it are shown
 * as skipped, and say which hook they miss. Not thread-safe while it is set up.
 */
public final class StoreUnderTest {

    final Function<InstantSource, SessionStore> opener;
    final @Nullable Duration granularity;
    final List<Fault> faults = new ArrayList<>();
    final List<String> keptThreads = new ArrayList<>();
    final List<HandedIn> handedIn = new ArrayList<>();
    final List<Executable> cleanups = new ArrayList<>();
    Duration raceTime = Duration.ofMillis(100);
    Duration rowTime = Duration.ofSeconds(5);
    int maxPayloadBytes = -1;
    boolean expiresByItself;

    @Nullable
    String purgeLooksAtAll;

    @Nullable
    StoredBytes storedBytes;

    @Nullable
    LongSupplier bytesWritten;

    @Nullable
    Supplier<? extends Collection<String>> openResources;

    @Nullable
    BiConsumer<String, SessionKey> danglingIndexEntry;

    private StoreUnderTest(Function<InstantSource, SessionStore> opener, @Nullable Duration granularity) {
        this.opener = Objects.requireNonNull(opener);
        this.granularity = granularity;
    }

    /**
     * Returns a store to which the exam gives its clock, which stands still until the exam moves it.
     *
     * @param opener opens a new instance on the same backend with this clock; called at least twice for each test
     */
    public static StoreUnderTest withClock(Function<InstantSource, SessionStore> opener) {
        return new StoreUnderTest(opener, null);
    }

    /**
     * Returns a store whose engine has a clock of its own, for which the exam must wait.
     *
     * @param granularity how late, at most, the engine may see a time come; the exam waits in multiples of it
     * @param opener opens a new instance on the same backend; called at least twice for each test
     */
    public static StoreUnderTest withOwnClock(Duration granularity, Supplier<SessionStore> opener) {
        if (granularity.toMillis() < 1) {
            throw new IllegalArgumentException("granularity must be at least 1 ms, not " + granularity);
        }
        return new StoreUnderTest(clock -> opener.get(), granularity);
    }

    /** Declares the largest payload that the opened stores accept [Z1]. */
    public StoreUnderTest maxPayloadBytes(int maxPayloadBytes) {
        if (maxPayloadBytes < 1) {
            throw new IllegalArgumentException("maxPayloadBytes must be at least 1, not " + maxPayloadBytes);
        }
        this.maxPayloadBytes = maxPayloadBytes;
        return this;
    }

    /** Declares that the engine removes expired records by itself, so that a purge answers 0 [P5]. */
    public StoreUnderTest expiresByItself() {
        expiresByItself = true;
        return this;
    }

    /** Declares, with the reason that the store's Javadoc gives, that a purge looks at live records too [P4]. */
    public StoreUnderTest purgeLooksAtAll(String reason) {
        purgeLooksAtAll = Objects.requireNonNull(reason);
        return this;
    }

    /** Lets the exam damage what is stored under a key [L4]. */
    public StoreUnderTest storedBytes(StoredBytes storedBytes) {
        this.storedBytes = Objects.requireNonNull(storedBytes);
        return this;
    }

    /** Adds a way in which the backend can fail; best one each for down, hung and refusing [F1, F2, F3]. */
    public StoreUnderTest fault(Fault fault) {
        faults.add(Objects.requireNonNull(fault));
        return this;
    }

    /** Lets the exam read how many bytes were sent to the backend, or to the disk, since any fixed time [T5]. */
    public StoreUnderTest bytesWritten(LongSupplier bytesWritten) {
        this.bytesWritten = Objects.requireNonNull(bytesWritten);
        return this;
    }

    /**
     * Lets the exam list what is open, such as files and connections, to see after each test that closing the stores
     * closed it [F5]. Threads are always looked after.
     */
    public StoreUnderTest openResources(Supplier<? extends Collection<String>> openResources) {
        this.openResources = Objects.requireNonNull(openResources);
        return this;
    }

    /** Declares threads that outlive the store because its driver, not the store, keeps them for the JVM's life [F5]. */
    public StoreUnderTest keepsThreads(String namePrefix) {
        keptThreads.add(Objects.requireNonNull(namePrefix));
        return this;
    }

    /**
     * Declares something that the opened stores were handed, and must leave as it is when they close [F5].
     *
     * @param name what it is, for the message
     * @param usable answers whether it still works
     */
    public StoreUnderTest handedIn(String name, BooleanSupplier usable) {
        handedIn.add(new HandedIn(name, usable));
        return this;
    }

    /**
     * Lets the exam leave what a node leaves that dies between writing the principal index and the record: an entry for
     * a record that is not there [I2]. Not needed where both are one step.
     */
    public StoreUnderTest danglingIndexEntry(BiConsumer<String, SessionKey> danglingIndexEntry) {
        this.danglingIndexEntry = Objects.requireNonNull(danglingIndexEntry);
        return this;
    }

    /** Sets how long each race is repeated after its least number of rounds; 100 ms unless set. */
    public StoreUnderTest raceTime(Duration raceTime) {
        this.raceTime = Objects.requireNonNull(raceTime);
        return this;
    }

    /** Sets after what time a row that counts to 10^4 or 10^5 may stop, and say how far it came; 5 s unless set. */
    public StoreUnderTest rowTime(Duration rowTime) {
        this.rowTime = Objects.requireNonNull(rowTime);
        return this;
    }

    /** Adds what to do after the test, when its stores are closed; the last one added comes first. */
    public StoreUnderTest afterwards(Executable cleanup) {
        cleanups.add(0, Objects.requireNonNull(cleanup));
        return this;
    }

    record HandedIn(String name, BooleanSupplier usable) {}
}
