package dev.holdfast.session;

import dev.holdfast.session.spi.SessionKey;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whose a session is: its principal, the log-in that made it theirs, and the client that it belongs to. */
record SessionOwner(SessionState state) {

    private static final int CLIENT_BYTES = 16;

    Optional<String> principal() {
        return state.locked(() -> {
            LoadedSession loaded = state.loaded();
            String stored = loaded == null ? null : loaded.session().principal();
            return Optional.ofNullable(state.pending().principalOver(stored));
        });
    }

    void principal(@Nullable String principal) {
        state.changing(() -> {
            boolean isAnother = login() == null || !principal().equals(Optional.ofNullable(principal));
            state.pending().principal(principal);
            if (principal == null) {
                state.extension(Extension.LOGIN, null);
                state.extension(Extension.AUTHENTICATED_AT, null);
            } else {
                if (isAnother) {
                    state.extension(
                            Extension.LOGIN, Login.begin(state.accessedAt()).toBytes());
                }
                authenticated();
            }
        });
    }

    @Nullable
    Login login() {
        return state.locked(() -> Login.read(state.extensions().find(Extension.LOGIN)));
    }

    Optional<Instant> authenticatedAt() {
        Long millis = state.locked(() -> state.extensions().number(Extension.AUTHENTICATED_AT));
        return Optional.ofNullable(millis).map(Instant::ofEpochMilli);
    }

    boolean authenticatedWithin(Duration duration) {
        long now = state.sessions().clock().millis();
        return authenticatedAt()
                .filter(at -> now - at.toEpochMilli() <= Timeouts.millis(duration))
                .isPresent();
    }

    void reauthenticated() {
        state.changing(() -> {
            if (principal().isEmpty()) {
                throw new IllegalStateException("nobody is logged in: call principal(name) instead");
            }
            authenticated();
        });
    }

    private void authenticated() {
        state.extension(Extension.AUTHENTICATED_AT, state.accessedAt().toEpochMilli());
    }

    boolean bindClient(String client) {
        byte[] hash = Arrays.copyOf(SessionKey.of("client:" + client).toBytes(), CLIENT_BYTES);
        return state.live(() -> {
            ByteBuffer known = state.stored().extensions().find(Extension.CLIENT);
            if (known == null) {
                state.pending().client(hash);
                return true;
            }
            boolean same = known.equals(ByteBuffer.wrap(hash));
            LoadedSession loaded = state.loaded();
            if (!same && loaded != null) {
                state.sessions().events().clientChanged(loaded.session());
            }
            return same;
        });
    }
}
