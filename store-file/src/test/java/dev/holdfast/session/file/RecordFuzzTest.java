package dev.holdfast.session.file;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.holdfast.session.spi.Payload;
import dev.holdfast.session.spi.SessionKey;
import dev.holdfast.session.spi.StoredSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
@DisplayName("L4: any bytes as a record's file are a record or unreadable, and no forged length makes it ask for more")
class RecordFuzzTest {

    private static final SessionKey KEY = SessionKey.of("fuzzed");
    private static final StoredSession SESSION = new StoredSession(
            KEY,
            3,
            Instant.EPOCH,
            Instant.EPOCH,
            StoredSession.NEVER,
            Duration.ofMinutes(30),
            "alice",
            Payload.wrap(new byte[200]));

    @FuzzTest
    @DisplayName("record")
    void record(byte[] file) {
        try {
            RecordFormat.Source source = (offset, length) -> {
                assertThat(offset).isNotNegative();
                assertThat(length).isNotNegative();
                int start = (int) Math.min(offset, file.length);
                int end = (int) Math.min(offset + length, file.length);
                return ByteBuffer.wrap(Arrays.copyOfRange(file, start, end));
            };
            RecordFormat.readFor(1, KEY, source);
            Reading reading = RecordFormat.read(KEY, source);
            if (reading instanceof Reading.Snapshot snapshot) {
                assertThat(snapshot.session().key()).isEqualTo(KEY);
                assertThat(snapshot.session().payload().size()).isLessThan(file.length);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @DisplayName("two seconds of changed files, some of them with right checksums")
    void forAWhile() {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        byte[] good = TestSessions.file(SESSION);
        record(good);
        long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
        while (System.nanoTime() < end) {
            byte[] file = Arrays.copyOf(good, random.nextInt(good.length + 100));
            for (int change = random.nextInt(4); change > 0 && file.length > 0; change--) {
                file[random.nextInt(file.length)] = (byte) random.nextInt();
            }
            if (random.nextBoolean() && file.length > 140) {
                Arrays.fill(file, 128 + random.nextInt(8), 140, (byte) -random.nextInt(2));
            }
            try {
                record(file);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(
                        "seed " + seed + ", file " + HexFormat.of().formatHex(file), e);
            }
        }
    }
}
