package dev.holdfast.session.compliance.example;

import dev.holdfast.session.compliance.SessionStoreExam;
import dev.holdfast.session.compliance.StoreUnderTest;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

final class MapSessionStoreTest extends SessionStoreExam {

    @Override
    protected StoreUnderTest storeUnderTest() {
        ConcurrentMap<SessionKey, StoredSession> map = new ConcurrentHashMap<>();
        return StoreUnderTest.withClock(clock -> new MapSessionStore(map, clock))
                .maxPayloadBytes(MapSessionStore.MAX_PAYLOAD_BYTES)
                .purgeLooksAtAll("a map has no order of expiry");
    }
}
