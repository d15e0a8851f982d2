package dev.holdfast.session.http.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.holdfast.session.SessionId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
@DisplayName("S57, S58: whatever is presented is a token of ours or refused, never an exception")
class TokenFuzzTest {

    private static final SessionTokens TOKENS = SessionTokens.builder(
                    TokenKey.create("k", new SecretKeySpec(new byte[32], "HmacSHA256")), "i", "a")
            .clock(() -> AttackTokens.NOW)
            .build();
    private static final String GENUINE = TOKENS.issue(
                    SessionId.parse("A".repeat(SessionId.LENGTH)).orElseThrow())
            .value();

    @FuzzTest
    @DisplayName("token")
    void token(byte[] bytes) {
        check(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    @FuzzTest
    @DisplayName("claims, signed")
    void claims(byte[] bytes) {
        Claims.read(bytes).ifPresent(claims -> assertThat(claims.write()).isEqualTo(bytes));
    }

    private static void check(String presented) {
        boolean genuine = TOKENS.check(presented) instanceof TokenCheck.Genuine;
        assertThat(genuine).as(presented).isEqualTo(presented.equals(GENUINE));
    }

    @Test
    @DisplayName("two seconds of genuine tokens with something changed")
    void forAWhile() {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
        while (System.nanoTime() < end) {
            StringBuilder changed = new StringBuilder(GENUINE);
            for (int change = random.nextInt(3); change >= 0 && changed.length() > 1; change--) {
                int at = random.nextInt(changed.length());
                switch (random.nextInt(4)) {
                    case 0 -> changed.deleteCharAt(at);
                    case 1 -> changed.insert(at, (char) random.nextInt(128));
                    case 2 -> changed.setCharAt(at, (char) (changed.charAt(at) ^ (1 << random.nextInt(7))));
                    default -> changed.setLength(Math.max(at, 1));
                }
            }
            check(changed.toString());
        }
    }
}
