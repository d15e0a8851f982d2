package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.session.memory.MemorySessionStore;
import dev.holdfast.session.spi.Payload;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.SessionStore;
import dev.holdfast.session.spi.StoreMisconfiguredException;
import dev.holdfast.session.spi.StoredSession;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("SessionStores: a store by its URI")
class SessionStoresTest {

    private static final SessionKey KEY = SessionKey.of("id");

    private static boolean create(SessionStore store, int bytes) {
        Instant now = Instant.now();
        return store.create(new StoredSession(
                KEY, 1, now, now, StoredSession.NEVER, Duration.ofHours(1), null, Payload.wrap(new byte[bytes])));
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory:", "MEMORY:", "memory:/", "memory:?maxPayload=5", "memory:some-name"})
    @DisplayName("text opens the store of its scheme, in any case, also a bare scheme")
    void text(String uri) {
        try (SessionStore store = SessionStores.open(uri)) {
            assertThat(store).isInstanceOf(MemorySessionStore.class);
        }
    }

    @Test
    @DisplayName("memory: is a store of its own each time, memory:name is shared by its name")
    void sharing() {
        try (SessionStore one = SessionStores.open("memory:");
                SessionStore two = SessionStores.open("memory:");
                SessionStore shared = SessionStores.open("memory:SessionStoresTest");
                SessionStore sharedToo = SessionStores.open(URI.create("memory:SessionStoresTest"))) {
            assertThat(create(one, 1)).isTrue();
            assertThat(two.load(KEY)).isEmpty();
            assertThat(create(shared, 1)).isTrue();
            assertThat(sharedToo.load(KEY)).isPresent();
        }
    }

    @Test
    @DisplayName("settings arrive at the store")
    void settings() {
        try (SessionStore store = SessionStores.open("memory:?maxPayload=5")) {
            assertThat(create(store, 5)).isTrue();
            assertThatThrownBy(() -> create(store, 6)).hasMessageContainingAll("5", "6");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nosuch:", "nosuch://user:secret@host/?secret=1", "memory", "", "/var/secret"})
    @DisplayName("an unknown scheme, or none, is an error that lists the known ones")
    void unknownScheme(String uri) {
        assertThatThrownBy(() -> SessionStores.open(uri))
                .isInstanceOf(StoreMisconfiguredException.class)
                .hasMessageContaining("memory:")
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://user:sec ret@host",
                "redis://:secret^@host",
                "redis://user:%secret@host",
                ":secret",
                "redis://secret\n"
            })
    @DisplayName("F4: malformed text is not echoed, nor is it the cause's, since it may hold a password")
    void malformed(String uri) {
        assertThatThrownBy(() -> SessionStores.open(uri))
                .isInstanceOf(StoreMisconfiguredException.class)
                .hasNoCause()
                .message()
                .contains("malformed at index")
                .doesNotContain("sec", "host");
    }

    @Test
    @DisplayName("wrong settings are errors that name the setting")
    void wrongSettings() {
        assertThatThrownBy(() -> SessionStores.open("memory:?maxpayload=5"))
                .isInstanceOf(StoreMisconfiguredException.class)
                .hasMessage("the memory: URI has no setting 'maxpayload'; it has maxPayload");
        assertThatThrownBy(() -> SessionStores.open("memory:?maxPayload=-5"))
                .isInstanceOf(StoreMisconfiguredException.class)
                .hasMessageContaining("maxPayload");
        assertThatThrownBy(() -> SessionStores.open("memory:?maxPayload=1&maxPayload=2"))
                .isInstanceOf(StoreMisconfiguredException.class)
                .hasMessageContaining("twice");
    }
}
