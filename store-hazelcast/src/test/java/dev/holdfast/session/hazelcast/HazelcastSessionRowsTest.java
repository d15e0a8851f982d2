package dev.holdfast.session.hazelcast;

import dev.holdfast.session.compliance.SessionRows;
import dev.holdfast.session.compliance.StoreUnderTest;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;

/** Sessions on the Hazelcast store, by two members of one cluster. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayName("sessions on the Hazelcast store")
@Tag("once")
class HazelcastSessionRowsTest extends SessionRows {

    private final AtomicInteger tests = new AtomicInteger();
    private Members members;

    @BeforeAll
    void start() {
        members = Members.start(2);
    }

    @AfterAll
    void stop() {
        members.close();
    }

    @Override
    protected StoreUnderTest storeUnderTest() {
        String mapName = "sessions" + tests.incrementAndGet();
        AtomicInteger opened = new AtomicInteger();
        return StoreUnderTest.withClock(clock -> HazelcastSessionStore.builder(members.get(opened.getAndIncrement()))
                        .mapName(mapName)
                        .clock(clock)
                        .build())
                .expiresByItself()
                .keepsThreads("hz.")
                .afterwards(() -> members.get(0).getMap(mapName).destroy());
    }
}
