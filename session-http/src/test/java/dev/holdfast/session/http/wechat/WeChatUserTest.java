package dev.holdfast.session.http.wechat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.holdfast.session.SealingKeys;
import dev.holdfast.session.Session;
import dev.holdfast.session.Sessions;
import dev.holdfast.session.memory.MemorySessionStore;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class WeChatUserTest {

    private static final String KEY = "tiihtNczf5v6AKRyjwEUhQ==";

    private final WeChatUser user = new WeChatUser("openid-1", Optional.of("union-1"), KEY);
    private final MemorySessionStore store = MemorySessionStore.builder().build();

    private static boolean contains(byte[] bytes, String text) {
        return new String(bytes, StandardCharsets.ISO_8859_1).contains(text);
    }

    @Test
    @DisplayName("M25, S75: the session key is in the session, and unreadable in the store")
    void sealed() {
        SealingKeys keys = SealingKeys.create("k", new SecretKeySpec(new byte[32], "HmacSHA256"));
        try (Sessions sessions = Sessions.builder(store).sealing(keys).build()) {
            Session session = user.begin(sessions);
            assertThat(session.isStored()).isFalse();
            session.save();
            byte[] stored =
                    store.load(session.id().key()).orElseThrow().payload().toByteArray();
            assertThat(contains(stored, KEY)).isFalse();
            assertThat(contains(stored, "union-1")).isFalse();
            Session found = sessions.open(session.id().value());
            assertThat(found.principal()).hasValue("openid-1");
            assertThat(found.get(WeChatUser.SESSION_KEY)).isEqualTo(KEY);
            assertThat(found.get(WeChatUser.UNIONID)).isEqualTo("union-1");
        }
    }

    @Test
    @DisplayName("S75: sessions that are not sealed get no session key")
    void unsealed() {
        try (Sessions sessions = Sessions.create(store)) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> user.begin(sessions))
                    .withMessageContaining("sealing")
                    .withMessageNotContaining(KEY);
        }
    }

    @Test
    @DisplayName("S13: a user does not print itself")
    void redacted() {
        assertThat(user).hasToString("WeChatUser[hidden]");
    }
}
