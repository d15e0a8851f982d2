package dev.holdfast.session.compliance.stores;

import dev.holdfast.session.compliance.SessionStoreExam;
import dev.holdfast.session.compliance.StoreUnderTest;
import dev.holdfast.session.memory.MemorySessionStore;
import java.util.UUID;

final class MemorySessionStoreTest extends SessionStoreExam {

    @Override
    protected StoreUnderTest storeUnderTest() {
        String name = UUID.randomUUID().toString();
        return StoreUnderTest.withClock(clock ->
                        MemorySessionStore.builder().clock(clock).sharedAs(name).build())
                .maxPayloadBytes(MemorySessionStore.DEFAULT_MAX_PAYLOAD_BYTES);
    }
}
