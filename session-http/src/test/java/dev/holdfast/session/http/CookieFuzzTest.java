package dev.holdfast.session.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
@DisplayName("S04: any Cookie header gives values, never an exception")
class CookieFuzzTest {

    private static final String PIECES = "session=;\"\\ ,\t\0\r\nS\u00E4=";

    @FuzzTest
    @DisplayName("cookie")
    void cookie(byte[] bytes) {
        String header = new String(bytes, StandardCharsets.ISO_8859_1);
        List<String> values = CookieHeader.values(List.of(header), "session").toList();
        assertThat(values).hasSizeLessThanOrEqualTo(header.split("[;,]", -1).length);
        assertThat(values)
                .allSatisfy(value -> assertThat(header).contains(value))
                .noneMatch(value -> value.contains(";"));
    }

    @Test
    @DisplayName("two seconds of headers made of what means something in one")
    void forAWhile() {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
        while (System.nanoTime() < end) {
            StringBuilder header = new StringBuilder();
            for (int piece = random.nextInt(12); piece > 0; piece--) {
                int from = random.nextInt(PIECES.length());
                header.append(PIECES, random.nextBoolean() ? 0 : from, Math.max(from, 8));
            }
            cookie(header.toString().getBytes(StandardCharsets.ISO_8859_1));
        }
    }
}
