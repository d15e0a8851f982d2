package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.session.memory.MemorySessionStore;
import dev.holdfast.session.spi.Payload;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import dev.holdfast.session.spi.UpdateOutcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Sealed payloads")
class SealingTest {

    private static final String SECRET = "a canary that no backend may see";

    private final MemorySessionStore store = MemorySessionStore.create();
    private final List<Sessions> opened = new ArrayList<>();
    private final List<SessionEvent> heard = new ArrayList<>();

    private static SecretKey key(int first) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) first);
        return new SecretKeySpec(bytes, "HmacSHA256");
    }

    private Sessions sessions(UnaryOperator<SessionsBuilder> settings) {
        Sessions sessions = settings.apply(
                        Sessions.builder(store).purgeInterval(Duration.ZERO).listener(heard::add))
                .build();
        opened.add(sessions);
        return sessions;
    }

    private Sessions sealed(SealingKeys keys) {
        return sessions(builder -> builder.sealing(keys));
    }

    private final Sessions sealed = sealed(SealingKeys.create("k1", key(1)));

    private String stored(Sessions sessions) {
        Session session = sessions.open(null);
        session.put("secret", SECRET);
        session.principal("alice");
        session.save();
        heard.clear();
        return session.id().value();
    }

    private StoredSession record(String id) {
        return store.load(SessionKey.of(id)).orElseThrow();
    }

    private static String latin1(Payload payload) {
        return new String(payload.toByteArray(), StandardCharsets.ISO_8859_1);
    }

    /** Writes as somebody could who has the store but no key. */
    private void overwrite(String id, UnaryOperator<StoredSession> forgery) {
        StoredSession now = record(id);
        assertThat(store.update(forgery.apply(now), now.version())).isEqualTo(UpdateOutcome.APPLIED);
    }

    private void assertAbsent(Sessions sessions, String id) {
        heard.clear();
        assertThat(sessions.find(id)).isEmpty();
        assertThat(heard).first().isInstanceOf(SessionEvent.Undecodable.class);
        assertThat(heard.toString()).doesNotContain(SECRET, id);
        assertThat(sessions.open(id).isNew()).isTrue();
    }

    @AfterEach
    void close() {
        opened.forEach(Sessions::close);
        store.close();
    }

    @Test
    @DisplayName("S65: the store sees no attribute, and the session is read, written, rotated and listed as ever")
    void round_trip() {
        String id = stored(sealed);
        assertThat(latin1(record(id).payload())).doesNotContain("canary", "secret");
        for (int i = 0; i < 3; i++) {
            Session session = sealed.open(id);
            assertThat(session.get("secret")).isEqualTo(SECRET);
            session.put("count", i);
            assertThat(session.save()).isEqualTo(SaveOutcome.UPDATED);
            session.put("count", -1);
            assertThat(session.save()).isEqualTo(SaveOutcome.UPDATED);
        }
        Session parallel = sealed.open(id);
        Session other = sealed.open(id);
        other.put("b", 1);
        other.save();
        parallel.put("a", 1);
        assertThat(parallel.save()).isEqualTo(SaveOutcome.UPDATED);
        assertThat(sealed.sessionsOf("alice")).hasSize(1);
        Session login = sealed.open(id);
        login.principal("bob");
        String rotated = login.rotateId().value();
        assertThat(sealed.open(rotated).names()).containsExactlyInAnyOrder("secret", "count", "a", "b");
        assertThat(sealed.find(id)).isEmpty();
        assertThat(heard).noneMatch(SessionEvent.Undecodable.class::isInstance);
    }

    @Test
    @DisplayName("S65: a payload moved to another session is detected")
    void swapped() {
        String one = stored(sealed);
        String other = stored(sealed);
        Payload stolen = record(one).payload();
        overwrite(other, session -> session.withPayload(stolen));
        assertAbsent(sealed, other);
        assertThat(sealed.find(one)).isPresent();
    }

    @Test
    @DisplayName("S65: a payload of an earlier version is detected")
    void rolled_back() {
        String id = stored(sealed);
        Payload old = record(id).payload();
        Session session = sealed.open(id);
        session.put("secret", "revoked");
        session.save();
        overwrite(id, now -> now.withPayload(old));
        assertAbsent(sealed, id);
    }

    @Test
    @DisplayName("S65: another principal, idle timeout or context is detected; a touch is none of these")
    void bound() {
        String id = stored(sealed);
        StoredSession now = record(id);
        assertThat(store.touch(now.key(), now.lastAccessedAt().plusSeconds(1), now.expiresAt()))
                .isTrue();
        assertThat(sealed.find(id)).isPresent();
        byte[] mine = new Sealing(SealingKeys.create("k1", key(1)), new java.security.SecureRandom())
                .seal(now, 2, Envelope.EMPTY.toPayload().toByteArray());
        overwrite(id, any -> any.withPayload(Payload.copyOf(mine)));
        assertThat(sealed.find(id)).isPresent();
        assertAbsent(
                sealed(SealingKeys.builder("k1", key(1))
                        .context("other application")
                        .build()),
                id);
        for (String principal : new String[] {"mallory", ""}) {
            String forged = stored(sealed);
            StoredSession from = record(forged);
            byte[] next = new Sealing(SealingKeys.create("k1", key(1)), new java.security.SecureRandom())
                    .seal(from, 2, Envelope.EMPTY.toPayload().toByteArray());
            overwrite(
                    forged,
                    session -> new StoredSession(
                            session.key(),
                            session.version(),
                            session.createdAt(),
                            session.lastAccessedAt(),
                            session.expiresAt(),
                            session.idleTimeout(),
                            principal,
                            Payload.copyOf(next)));
            assertAbsent(sealed, forged);
        }
    }

    @Test
    @DisplayName(
            "S65: there is no way back to plain payloads: unsealed ones are absent where sealing is on, and the reverse")
    void no_plaintext() {
        Sessions plain = sessions(builder -> builder);
        assertAbsent(sealed, stored(plain));
        assertAbsent(plain, stored(sealed));
        String id = stored(sealed);
        overwrite(id, session -> session.withPayload(Envelope.EMPTY.toPayload()));
        assertAbsent(sealed, id);
        overwrite(id, session -> session.withPayload(Payload.EMPTY));
        assertAbsent(sealed, id);
    }

    @Test
    @DisplayName("S65: every flipped bit and every truncation is detected")
    void damaged() {
        String id = stored(sealed);
        StoredSession good = record(id);
        Sealing sealing = new Sealing(SealingKeys.create("k1", key(1)), new java.security.SecureRandom());
        byte[] bytes = good.payload().toByteArray();
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> sealing.open(good, flipped)).isInstanceOf(UnreadablePayloadException.class);
        }
        for (int length = 0; length < bytes.length; length++) {
            byte[] shorter = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> sealing.open(good, shorter)).isInstanceOf(UnreadablePayloadException.class);
        }
    }

    @Test
    @DisplayName("S66: sessions of the old key are read and, when written, sealed with the new one")
    void rotation() {
        String id = stored(sealed);
        Sessions both =
                sealed(SealingKeys.builder("k2", key(2)).read("k1", key(1)).build());
        Session session = both.open(id);
        assertThat(session.get("secret")).isEqualTo(SECRET);
        session.put("count", 1);
        session.save();

        Sessions fresh = sealed(SealingKeys.create("k2", key(2)));
        assertThat(fresh.open(id).get("secret")).isEqualTo(SECRET);
        assertAbsent(fresh, stored(sealed));
        assertAbsent(sealed(SealingKeys.create("k2", key(3))), id);
    }

    @Test
    @DisplayName("S66: no two payloads have the same nonce, also those of equal content")
    void nonces() {
        StoredSession session = record(stored(sealed));
        Sealing sealing = new Sealing(SealingKeys.create("k1", key(1)), new java.security.SecureRandom());
        Set<String> nonces = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            nonces.add(latin1(Payload.wrap(Arrays.copyOfRange(sealing.seal(session, 2, new byte[0]), 4, 16))));
        }
        assertThat(nonces).hasSize(10_000);
    }

    @Test
    @DisplayName("S67: a session that can't be opened can be ended by its handle, and purged like any other")
    void never_undeletable() {
        Sessions plain = sessions(builder -> builder);
        stored(plain);
        assertThat(sealed.sessionsOf("alice")).isEmpty();
        assertThat(sealed.endAll("alice")).isEqualTo(1);
        String id = stored(plain);
        assertThat(sealed.end("alice", SessionKey.of(id).toString())).isTrue();
    }

    @Test
    @DisplayName("a weak key, a bad name and a key twice are refused; no key is ever printed")
    void keys() {
        assertThatThrownBy(() -> SealingKeys.create("k1", new SecretKeySpec(new byte[31], "HmacSHA256")))
                .hasMessageContaining("31 bytes");
        assertThatThrownBy(() -> SealingKeys.create("k 1", key(1))).hasMessageContaining("'k 1'");
        assertThatThrownBy(() -> SealingKeys.builder("k1", key(1)).read("k1", key(2)))
                .hasMessageContaining("two keys");
        assertThat(SealingKeys.builder("k1", key(1)).read("k0", key(2)).build())
                .hasToString("SealingKeys[writes k1, reads [k0, k1]]");
    }
}
