package dev.holdfast.session.memory;

import dev.holdfast.session.spi.Payload;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Lincheck runs the operations in many interleavings, and looks for an order that explains each set of results. */
@Param(name = "key", gen = IntGen.class, conf = "1:2")
@Param(name = "version", gen = IntGen.class, conf = "1:3")
public class MemoryStoreLincheckTest {

    private static final Instant START = Instant.ofEpochSecond(1_000_000);
    private static final Instant END = START.plusSeconds(1_000);

    private final MemorySessionStore store =
            MemorySessionStore.builder().clock(() -> START).build();

    /** Made before Lincheck looks on, as it can't follow the handle that a key is made with. */
    private static final List<SessionKey> KEYS = List.of(SessionKey.of("session 1"), SessionKey.of("session 2"));

    private static SessionKey key(int number) {
        return KEYS.get(number - 1);
    }

    private static StoredSession session(int key, int payload) {
        return new StoredSession(
                key(key), 1, START, START, END, Duration.ofMinutes(1), null, Payload.wrap(new byte[] {(byte) payload}));
    }

    /** The verb, with the key as the first payload. */
    @Operation
    public boolean create(@Param(name = "key") int key) {
        return store.create(session(key, 0));
    }

    /** The verb; what it tells is the version, the payload and the last access. */
    @Operation
    public String load(@Param(name = "key") int key) {
        return store.load(key(key))
                .map(found -> found.version() + " "
                        + found.payload().asByteBuffer().get() + " "
                        + Duration.between(START, found.lastAccessedAt()).toSeconds())
                .orElse("none");
    }

    /** The verb. */
    @Operation
    public UpdateOutcome update(@Param(name = "key") int key, @Param(name = "version") int version) {
        return store.update(session(key, version), version);
    }

    /** The verb, some seconds later. */
    @Operation
    public boolean touch(@Param(name = "key") int key, @Param(name = "version") int seconds) {
        return store.touch(key(key), START.plusSeconds(seconds), END);
    }

    /** The verb. */
    @Operation
    public boolean delete(@Param(name = "key") int key) {
        return store.delete(key(key));
    }

    @Test
    @Tag("once")
    @DisplayName("U4, U5, C4, D1: the in-memory store is linearizable, by model checking")
    void modelChecked() {
        new ModelCheckingOptions()
                .iterations(5)
                .invocationsPerIteration(200)
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(1)
                .actorsAfter(1)
                .check(MemoryStoreLincheckTest.class);
    }

    @Test
    @Tag("once")
    @DisplayName("U4, U5, C4, D1: the in-memory store is linearizable, under stress")
    void stressed() {
        new StressOptions()
                .iterations(10)
                .invocationsPerIteration(500)
                .threads(3)
                .actorsPerThread(3)
                .actorsBefore(1)
                .actorsAfter(1)
                .check(MemoryStoreLincheckTest.class);
    }
}
