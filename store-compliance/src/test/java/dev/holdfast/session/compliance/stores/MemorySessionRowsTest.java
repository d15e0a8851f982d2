package dev.holdfast.session.compliance.stores;

import dev.holdfast.session.compliance.SessionRows;
import dev.holdfast.session.compliance.StoreUnderTest;
import dev.holdfast.session.memory.MemorySessionStore;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** The rows on the in-memory store, with the nodes' clock and with one of its own. */
final class MemorySessionRowsTest {

    @Nested
    final class WithTheNodesClock extends SessionRows {

        @Override
        protected StoreUnderTest storeUnderTest() {
            String name = UUID.randomUUID().toString();
            return StoreUnderTest.withClock(clock -> MemorySessionStore.builder()
                            .clock(clock)
                            .sharedAs(name)
                            .build())
                    .rowTime(Duration.ofSeconds(40));
        }
    }

    @Nested
    @Tag("once")
    final class WithItsOwnClock extends SessionRows {

        @Override
        protected StoreUnderTest storeUnderTest() {
            String name = UUID.randomUUID().toString();
            return StoreUnderTest.withOwnClock(
                    Duration.ofMillis(1),
                    () -> MemorySessionStore.builder().sharedAs(name).build());
        }
    }
}
