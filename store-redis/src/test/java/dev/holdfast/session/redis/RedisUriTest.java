package dev.holdfast.session.redis;

import static dev.holdfast.session.redis.TestSessions.session;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.session.SessionStores;
import dev.holdfast.session.redis.servers.RedisProcess;
import dev.holdfast.session.redis.servers.RedisVersion;
import dev.holdfast.session.spi.ChangeFeed;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoreMisconfiguredException;
import dev.holdfast.session.spi.StoredSession;
import java.net.URI;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a URI may say. */
class RedisUriTest {

    @Test
    @DisplayName("user, password, database, prefix and protocol are taken from the URI")
    void allParts() {
        try (RedisProcess server = RedisProcess.start(RedisVersion.V7_4)) {
            server.call("ACL", "SETUSER", "app", "on", ">p@ss/w:rd", "~*", "+@all");
            String location = "redis://app:p%40ss%2Fw%3Ard@127.0.0.1:" + server.port() + "/3";
            try (SessionStore store =
                    SessionStores.open(URI.create(location + "?prefix=mine&resp=resp3&eventMillis=50"))) {
                assertThat(store).isInstanceOf(ChangeFeed.class);
                StoredSession session = session("payload");
                assertThat(store.create(session)).isTrue();
                assertThat(store.load(session.key())).contains(session);
                assertThat(server.info("keyspace")).containsOnlyKeys("db3");
            }
            try (SessionStore plain = SessionStores.open(URI.create(location))) {
                assertThat(plain).isInstanceOf(RedisSessionStore.class).isNotInstanceOf(ChangeFeed.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis:nowhere",
                "redis://a,b",
                "redis://a/zero",
                "redis://a:port",
                "redis://secret@a",
                "redis://a?topology=ring",
                "redis://a?topology=sentinel",
                "redis://a?master=m",
                "redis://a/1?topology=cluster",
                "redis://a?prefix=a%7Bb%7D",
                "redis://a?poolSize=0",
                "redis://a?size=1",
                "redis://a?eventMillis=1"
            })
    @DisplayName("a wrong URI is an error that says what is right, and repeats no secret")
    void wrong(String uri) {
        assertThatThrownBy(() -> SessionStores.open(URI.create(uri)))
                .isInstanceOf(StoreMisconfiguredException.class)
                .hasMessageNotContaining("secret");
    }
}
