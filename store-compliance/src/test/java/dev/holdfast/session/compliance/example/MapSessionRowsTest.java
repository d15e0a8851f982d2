package dev.holdfast.session.compliance.example;

import dev.holdfast.session.compliance.SessionRows;
import dev.holdfast.session.compliance.StoreUnderTest;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** How the sessions' rows are shown on a store; the README repeats this class. */
final class MapSessionRowsTest extends SessionRows {

    @Override
    protected StoreUnderTest storeUnderTest() {
        ConcurrentMap<SessionKey, StoredSession> map = new ConcurrentHashMap<>();
        return StoreUnderTest.withClock(clock -> new MapSessionStore(map, clock));
    }
}
