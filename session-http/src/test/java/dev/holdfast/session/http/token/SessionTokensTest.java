package dev.holdfast.session.http.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.SignedJWT;
import dev.holdfast.session.SessionId;
import dev.holdfast.session.Sessions;
import dev.holdfast.session.http.PresentedId;
import dev.holdfast.session.http.TestRequest;
import dev.holdfast.session.http.TestResponse;
import dev.holdfast.session.http.Unauthorized;
import dev.holdfast.session.memory.MemorySessionStore;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SessionTokensTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final TestKeys keys;
    private final AtomicReference<Instant> now = new AtomicReference<>(AttackTokens.NOW);
    private final SessionId id;

    SessionTokensTest() throws GeneralSecurityException {
        keys = TestKeys.create();
        try (MemorySessionStore store = MemorySessionStore.builder().build();
                Sessions sessions = Sessions.create(store)) {
            id = sessions.open(null).id();
        }
    }

    private SessionTokens signedWith(TokenKey key) {
        return SessionTokens.builder(key, AttackTokens.ISSUER, AttackTokens.AUDIENCE)
                .clock(now::get)
                .build();
    }

    private SessionTokens tokens() {
        return keys.tokens(now::get);
    }

    @Test
    @DisplayName("M24: HS256, RS256, ES256 and EdDSA, as the kind of key has it")
    void algorithms() throws Exception {
        for (TokenKey key : new TokenKey[] {
            keys.hs(),
            TokenKey.create("rsa", keys.rsa()),
            TokenKey.create("ec", keys.elliptic()),
            TokenKey.create("ed", keys.edwards())
        }) {
            String token = signedWith(key).issue(id).value();
            assertThat(tokens().check(token))
                    .as("%s", key)
                    .isEqualTo(new TokenCheck.Genuine(id, AttackTokens.NOW.plus(SessionTokens.DEFAULT_LIFETIME)));
            SignedJWT parsed = SignedJWT.parse(token);
            assertThat(parsed.getHeader().getKeyID()).isEqualTo(key.name());
            boolean verified = switch (parsed.getHeader().getAlgorithm().getName()) {
                case "HS256" -> parsed.verify(new MACVerifier(keys.secret()));
                case "RS256" ->
                    parsed.verify(new RSASSAVerifier((RSAPublicKey) keys.rsa().getPublic()));
                case "ES256" ->
                    parsed.verify(
                            new ECDSAVerifier((ECPublicKey) keys.elliptic().getPublic()));
                default -> parsed.getHeader().getAlgorithm().getName().equals("EdDSA");
            };
            assertThat(verified).as("%s", key).isTrue();
        }
    }

    @Test
    @DisplayName("S50, S51, S53, S54, S55, S56, S57, S58: known attack tokens are refused, each with the one reason")
    void attacks() throws Exception {
        Map<String, String> attacks = AttackTokens.against(keys, id, URI.create("http://127.0.0.1:9/"));
        assertThat(attacks).hasSizeGreaterThan(150);
        SessionTokens tokens = tokens();
        TokenTransport transport = TokenTransport.create(tokens);
        attacks.forEach((attack, token) -> {
            assertThat(tokens.check(token)).as(attack).isEqualTo(new TokenCheck.Refused(AttackTokens.expected(attack)));
            assertThat(transport.read(TestRequest.to("/").header("Authorization", "Bearer " + token.strip())))
                    .as(attack)
                    .satisfiesAnyOf(
                            none -> assertThat(none).isEmpty(),
                            // a space around a header's value is the header's
                            ids -> assertThat(attack).startsWith("a space"));
        });
    }

    @Test
    @DisplayName("S50: the corpus is wrong in nothing else: without the attack the same bytes are a good token")
    void control() throws Exception {
        String token = tokens().issue(id).value();
        String[] parts = token.split("\\.", -1);
        assertThat(new String(Base64.getUrlDecoder().decode(parts[0]), StandardCharsets.UTF_8))
                .isEqualTo("{\"kid\":\"hs\",\"typ\":\"" + TokenKey.TYPE + "\",\"alg\":\"HS256\"}");
        long seconds = AttackTokens.NOW.getEpochSecond();
        assertThat(new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8))
                .isEqualTo("{\"iss\":\"" + AttackTokens.ISSUER + "\",\"aud\":\"" + AttackTokens.AUDIENCE
                        + "\",\"sid\":\"" + id.value() + "\",\"iat\":" + seconds + ",\"nbf\":" + seconds
                        + ",\"exp\":" + (seconds + 900) + "}");
        assertThat(parts[2]).isEqualTo(AttackTokens.hmac(keys.secret(), parts[0] + "." + parts[1]));
    }

    @Test
    @DisplayName("S59: a token points to a session, and says nothing about whose it is")
    void pointer() throws Exception {
        assertThat(SignedJWT.parse(tokens().issue(id).value()).getJWTClaimsSet().toJSONObject())
                .containsOnlyKeys("iss", "aud", "sid", "iat", "nbf", "exp");
    }

    @Test
    @DisplayName("S53: a token ends at exp, and begins at iat, but for the leeway")
    void times() {
        SessionTokens tokens = tokens();
        IssuedToken token = tokens.issue(id);
        Instant end = token.expiresAt().plus(SessionTokens.DEFAULT_LEEWAY);
        assertThat(token.expiresAt()).isEqualTo(AttackTokens.NOW.plus(SessionTokens.DEFAULT_LIFETIME));
        now.set(end.minusMillis(1));
        assertThat(tokens.check(token.value())).isInstanceOf(TokenCheck.Genuine.class);
        now.set(end);
        assertThat(tokens.check(token.value())).isEqualTo(new TokenCheck.Refused(Unauthorized.EXPIRED));
        now.set(AttackTokens.NOW.minus(SessionTokens.DEFAULT_LEEWAY));
        assertThat(tokens.check(token.value())).isInstanceOf(TokenCheck.Genuine.class);
        now.set(AttackTokens.NOW.minus(SessionTokens.DEFAULT_LEEWAY).minus(SECOND));
        assertThat(tokens.check(token.value())).isEqualTo(new TokenCheck.Refused(Unauthorized.MALFORMED));
    }

    @Test
    @DisplayName("S53: leeway and lifetime are bounded")
    void bounds() {
        SessionTokens.Builder builder = SessionTokens.builder(keys.hs(), "i", "a");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.leeway(Duration.ofSeconds(121)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.leeway(Duration.ofSeconds(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.lifetime(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.lifetime(Duration.ofDays(31)));
        assertThatIllegalArgumentException().isThrownBy(() -> SessionTokens.create(keys.hs(), "", "a"));
        assertThatIllegalArgumentException().isThrownBy(() -> SessionTokens.create(keys.hs(), "i", "a".repeat(256)));
        assertThatCode(() -> builder.leeway(Duration.ofMinutes(2)).lifetime(Duration.ofDays(30)))
                .doesNotThrowAnyException();
    }

    @Test
    @DisplayName("S57: the longest token there can be is within the limit")
    void longest() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(4096);
        SessionTokens tokens = SessionTokens.create(
                TokenKey.create("k".repeat(64), generator.generateKeyPair()), "i".repeat(255), "\"".repeat(255));
        String token = tokens.issue(id).value();
        assertThat(token).hasSizeLessThan(SessionTokens.MAX_LENGTH);
        assertThat(tokens.check(token)).isInstanceOf(TokenCheck.Genuine.class);
    }

    @Test
    @DisplayName("S52: weak, foreign and mismatched keys are refused")
    void weakKeys() throws Exception {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenKey.create("k", new SecretKeySpec(new byte[31], "HmacSHA256")))
                .withMessageContaining("32");
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(1024);
        KeyPair weak = rsa.generateKeyPair();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenKey.create("k", weak))
                .withMessageContaining("1024");
        assertThatIllegalArgumentException().isThrownBy(() -> TokenKey.verifying("k", weak.getPublic()));
        KeyPairGenerator elliptic = KeyPairGenerator.getInstance("EC");
        elliptic.initialize(new ECGenParameterSpec("secp384r1"));
        KeyPair p384 = elliptic.generateKeyPair();
        assertThatIllegalArgumentException().isThrownBy(() -> TokenKey.create("k", p384));
        for (String kind : new String[] {"Ed448", "DSA", "X25519"}) {
            KeyPair pair = KeyPairGenerator.getInstance(kind).generateKeyPair();
            assertThatIllegalArgumentException().as(kind).isThrownBy(() -> TokenKey.create("k", pair));
        }
        for (String kind : new String[] {"RSA", "EC", "Ed25519"}) {
            KeyPair one = TestKeys.generate(kind);
            KeyPair other = TestKeys.generate(kind);
            assertThatIllegalArgumentException()
                    .as(kind)
                    .isThrownBy(() -> TokenKey.create("k", new KeyPair(one.getPublic(), other.getPrivate())))
                    .withMessageContaining("no pair");
        }
        for (String name : new String[] {"", "a b", "../x", "k".repeat(65), "\u00e4"}) {
            assertThatIllegalArgumentException().isThrownBy(() -> TokenKey.create(name, keys.rsa()));
        }
        TokenKey verifying = TokenKey.verifying("k", keys.rsa().getPublic());
        assertThatIllegalArgumentException().isThrownBy(() -> SessionTokens.create(verifying, "i", "a"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SessionTokens.builder(keys.hs(), "i", "a").accept(TokenKey.create("hs", keys.rsa())))
                .withMessageContaining("already");
    }

    @Test
    @DisplayName("S60: while keys are rotated tokens of both go on; of the old one none after its end")
    void rotation() {
        SessionTokens before = signedWith(keys.hs());
        TokenKey fresh = TokenKey.create("ed-2", keys.edwards());
        SessionTokens during = SessionTokens.builder(fresh, AttackTokens.ISSUER, AttackTokens.AUDIENCE)
                .accept(keys.hs())
                .clock(now::get)
                .build();
        SessionTokens after = signedWith(fresh);
        String old = before.issue(id).value();
        assertThat(during.check(old)).isInstanceOf(TokenCheck.Genuine.class);
        assertThat(after.check(during.issue(id).value())).isInstanceOf(TokenCheck.Genuine.class);
        assertThat(after.check(old)).isEqualTo(new TokenCheck.Refused(Unauthorized.MALFORMED));
    }

    @Test
    @DisplayName("S60: keys are rotated under load on two nodes, and no token fails")
    void rotationUnderLoad() throws Exception {
        TokenKey fresh = TokenKey.create("fresh", keys.edwards());
        SessionTokens before = signedWith(keys.hs());
        SessionTokens prepared = SessionTokens.builder(keys.hs(), AttackTokens.ISSUER, AttackTokens.AUDIENCE)
                .accept(fresh)
                .clock(now::get)
                .build();
        SessionTokens after = SessionTokens.builder(fresh, AttackTokens.ISSUER, AttackTokens.AUDIENCE)
                .accept(keys.hs())
                .clock(now::get)
                .build();
        AtomicReferenceArray<SessionTokens> nodes = new AtomicReferenceArray<>(new SessionTokens[] {before, before});
        AtomicInteger checked = new AtomicInteger();
        AtomicBoolean running = new AtomicBoolean(true);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Callable<Boolean> client = () -> {
                while (running.get()) {
                    String token = nodes.get(checked.get() % 2).issue(id).value();
                    assertThat(nodes.get(checked.incrementAndGet() % 2).check(token))
                            .isInstanceOf(TokenCheck.Genuine.class);
                }
                return true;
            };
            List<Future<Boolean>> clients = List.of(threads.submit(client), threads.submit(client));
            for (SessionTokens next : List.of(prepared, after)) {
                for (int node = 0; node < 2; node++) {
                    int seen = checked.get();
                    await().until(() ->
                            checked.get() > seen + 50 || clients.get(0).isDone());
                    nodes.set(node, next);
                }
            }
            running.set(false);
            for (Future<Boolean> each : clients) {
                each.get(20, TimeUnit.SECONDS);
            }
        } finally {
            running.set(false);
            threads.shutdownNow();
        }
    }

    @Test
    @DisplayName("S13: neither keys nor tokens print themselves")
    void redacted() {
        IssuedToken token = tokens().issue(id);
        assertThat(token.toString()).doesNotContain(token.value());
        assertThat(tokens().check(token.value()).toString()).doesNotContain(id.value());
        assertThat(keys.hs()).hasToString("TokenKey[hs, HS256]");
        assertThat(TokenKey.verifying("ed", keys.edwards().getPublic()))
                .hasToString("TokenKey[ed, EdDSA, verifies only]");
        assertThat(tokens().toString()).contains("hs").doesNotContain("SecretKey");
    }

    @Test
    @DisplayName("M24: the transport carries the id within a token, a new id in a new one; a bare id is no token")
    void transport() {
        TokenTransport transport = TokenTransport.create(tokens());
        TestResponse response = new TestResponse();
        transport.issue(id.value(), null, TestRequest.to("/"), response);
        String token = response.headers("X-Auth-Token").get(0);
        TestRequest request = TestRequest.to("/").header("Authorization", "Bearer " + token);
        assertThat(transport.read(request)).containsExactly(new PresentedId(id.value(), PresentedId.Source.HEADER));
        assertThat(transport.reason(request)).isEqualTo(Unauthorized.REVOKED);
        TestRequest bare = TestRequest.to("/").header("Authorization", "Bearer " + id.value());
        assertThat(transport.read(bare)).isEmpty();
        assertThat(transport.reason(bare)).isEqualTo(Unauthorized.MALFORMED);
        assertThat(transport.reason(TestRequest.to("/"))).isEqualTo(Unauthorized.MISSING);
        now.set(AttackTokens.NOW.plus(Duration.ofDays(1)));
        assertThat(transport.read(request)).isEmpty();
        assertThat(transport.reason(request)).isEqualTo(Unauthorized.EXPIRED);
        transport.expire(null, request, response);
        assertThat(response.headers("X-Auth-Token")).containsExactly("");
        assertThat(transport.variesOn()).containsExactly("Authorization");
    }
}
