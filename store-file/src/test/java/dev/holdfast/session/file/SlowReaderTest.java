package dev.holdfast.session.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.file.Reading.Snapshot;
import dev.holdfast.session.spi.SessionKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlowReaderTest {

    private static final SessionKey KEY = SessionKey.of("slow");
    private static final int CAPACITY = 3_840;

    @ParameterizedTest(name = "{displayName} at its read number {0}")
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    @DisplayName("L6: a reader without a lock that two updates overtake does not take an outdated record for settled")
    void overtaken(int readsBefore) throws IOException {
        byte[] before = image(1, 2);
        byte[] after = image(3, 4);
        AtomicInteger reads = new AtomicInteger();
        Reading reading = RecordFormat.read(KEY, (offset, length) -> {
            byte[] file = reads.getAndIncrement() < readsBefore || offset < CAPACITY ? before : after;
            return ByteBuffer.wrap(Arrays.copyOfRange(file, (int) offset, (int) offset + length));
        });
        if (reading instanceof Snapshot snapshot && snapshot.settled()) {
            assertThat(snapshot.session().version()).isGreaterThanOrEqualTo(2);
        }
    }

    /** Returns the file as it is when its slots hold these versions. */
    private static byte[] image(int versionInSlot0, int versionInSlot1) {
        byte[] file = new byte[RecordFormat.PREAMBLE + 2 * CAPACITY];
        int payload = CAPACITY * 2 / 3 - 200;
        byte[] first =
                TestSessions.file(TestSessions.session("slow", null, payload).withVersion(versionInSlot0));
        System.arraycopy(first, 0, file, 0, first.length);
        byte[] slot = TestSessions.slot(TestSessions.session(KEY, null, TestSessions.bytes(versionInSlot1, payload))
                .withVersion(versionInSlot1));
        assertThat(RecordFormat.slotOffset(1, CAPACITY)).isEqualTo(RecordFormat.PREAMBLE + CAPACITY);
        System.arraycopy(slot, 0, file, RecordFormat.PREAMBLE + CAPACITY, slot.length);
        return file;
    }
}
