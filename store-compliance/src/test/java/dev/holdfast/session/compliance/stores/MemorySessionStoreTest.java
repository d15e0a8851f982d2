package dev.holdfast.session.compliance.stores;

import dev.holdfast.session.compliance.SessionStoreExam;
import dev.holdfast.session.compliance.StoreUnderTest;
import dev.holdfast.session.memory.MemorySessionStore;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Nested;

/** The in-memory store takes the exam twice: with the exam's clock, and with one of its own, for which the exam waits. */
final class MemorySessionStoreTest {

    @Nested
    final class WithTheExamsClock extends SessionStoreExam {

        @Override
        protected StoreUnderTest storeUnderTest() {
            String name = UUID.randomUUID().toString();
            return StoreUnderTest.withClock(clock -> MemorySessionStore.builder()
                            .clock(clock)
                            .sharedAs(name)
                            .build())
                    .maxPayloadBytes(MemorySessionStore.DEFAULT_MAX_PAYLOAD_BYTES);
        }
    }

    @Nested
    final class WithItsOwnClock extends SessionStoreExam {

        @Override
        protected StoreUnderTest storeUnderTest() {
            String name = UUID.randomUUID().toString();
            return StoreUnderTest.withOwnClock(
                            Duration.ofMillis(1),
                            () -> MemorySessionStore.builder().sharedAs(name).build())
                    .maxPayloadBytes(MemorySessionStore.DEFAULT_MAX_PAYLOAD_BYTES);
        }
    }
}
