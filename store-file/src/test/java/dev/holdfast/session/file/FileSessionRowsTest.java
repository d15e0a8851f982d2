package dev.holdfast.session.file;

import dev.holdfast.session.compliance.SessionRows;
import dev.holdfast.session.compliance.StoreUnderTest;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;

/** The rows on the file store. */
@DisplayName("sessions in files")
@Tag("once")
class FileSessionRowsTest extends SessionRows {

    @Override
    protected StoreUnderTest storeUnderTest() throws IOException {
        return FileSessionStoreExamTest.store(2, Durability.NONE).rowTime(Duration.ofSeconds(20));
    }
}
