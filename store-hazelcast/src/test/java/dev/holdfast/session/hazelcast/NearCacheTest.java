package dev.holdfast.session.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.config.NearCacheConfig;
import com.hazelcast.core.HazelcastInstance;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A near cache makes loads stale for a time, and nothing else wrong. */
class NearCacheTest {

    private static final String MAP = "sessions-near";

    @Test
    @DisplayName(
            "U4, N1: behind a near cache a stale update is a conflict, and a log-out is seen when its time has come")
    void staleLoadsHarmNothing() {
        try (Members members = Members.startWithoutOurClasses(1)) {
            ClientConfig config = Instances.clientConfig(members.cluster, members.addresses, Members.TIMEOUT_MILLIS);
            config.getConnectionStrategyConfig().setAsyncStart(false);
            config.addNearCacheConfig(
                    new NearCacheConfig(MAP).setTimeToLiveSeconds(2).setInvalidateOnChange(false));
            HazelcastInstance client = HazelcastClient.newHazelcastClient(config);
            try (SessionStore near = open(client);
                    SessionStore other = open(members.get(0))) {
                StoredSession session = TestSessions.any();
                assertThat(near.create(session)).isTrue();
                assertThat(near.load(session.key())).contains(session);
                assertThat(other.update(TestSessions.withPayload(session, "other"), 1))
                        .isEqualTo(UpdateOutcome.APPLIED);
                StoredSession stale = near.load(session.key()).orElseThrow();
                assertThat(stale.version()).as("from the near cache").isEqualTo(1);
                assertThat(near.update(TestSessions.withPayload(stale, "late"), stale.version()))
                        .isEqualTo(UpdateOutcome.CONFLICT);
                assertThat(TestSessions.text(other.load(session.key()).orElseThrow()))
                        .isEqualTo("other");

                assertThat(near.load(session.key())).isPresent();
                assertThat(other.delete(session.key())).isTrue();
                assertThat(near.update(session, 2)).isEqualTo(UpdateOutcome.GONE);
                Awaitility.await("the log-out is seen")
                        .atMost(Duration.ofSeconds(5))
                        .until(() -> near.load(session.key()).isEmpty());
            } finally {
                client.shutdown();
            }
        }
    }

    private static SessionStore open(HazelcastInstance instance) {
        return HazelcastSessionStore.builder(instance).mapName(MAP).build();
    }
}
