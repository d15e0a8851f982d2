package dev.holdfast.session.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.zaxxer.hikari.HikariDataSource;
import dev.holdfast.session.spi.StoreUnavailableException;
import dev.holdfast.session.spi.StoredSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A table on a disk of a few megabytes. */
class FullDiskTest {

    private static final int MOST_SESSIONS = 20_000;

    @Test
    @DisplayName(
            "R30: on a full disk writes are unavailable, reads and deletes go on, and all is well once there is space")
    void fullDisk() throws Exception {
        assumeTrue(
                System.getProperty("os.name").equals("Linux")
                        && System.getProperty("user.name").equals("root"),
                "only root on Linux may mount a small disk");
        Path disk = Files.createTempDirectory("holdfast-full");
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=6m,mode=0777", "tmpfs", disk.toString()), "mount is refused");
        try {
            Path space = Files.createDirectory(disk.resolve("space"));
            TestDatabase database = TestDatabase.postgres("full_disk");
            database.run("CREATE TABLESPACE small LOCATION '" + space + "'");
            database.run("ALTER TABLE holdfast_session SET TABLESPACE small");
            try {
                fill(database, disk);
            } finally {
                database.run("DROP TABLE holdfast_session");
                database.run("DROP TABLESPACE small");
            }
        } finally {
            assertThat(run("umount", "-l", disk.toString())).isTrue();
            Files.delete(disk);
        }
    }

    private static void fill(TestDatabase database, Path disk) throws Exception {
        try (HikariDataSource pool = database.pool(2, 5_000);
                JdbcSessionStore store = JdbcSessionStore.create(pool)) {
            List<StoredSession> stored = new ArrayList<>();
            Throwable failure = null;
            while (failure == null && stored.size() < MOST_SESSIONS) {
                StoredSession next = TestSessions.session(Instant.now().plusSeconds(60), null, "x".repeat(1500));
                failure = catchThrowable(() -> store.create(next));
                if (failure == null) {
                    stored.add(next);
                } else {
                    assertThat(store.load(next.key())).as("what was refused").isEmpty();
                }
            }
            assertThat(failure).isInstanceOf(StoreUnavailableException.class);
            assertThat(stored).isNotEmpty();
            for (StoredSession session : stored) {
                assertThat(store.load(session.key())).contains(session);
            }
            for (StoredSession session : stored) {
                assertThat(store.delete(session.key())).isTrue();
            }
            assertThat(run("mount", "-o", "remount,size=24m", disk.toString())).isTrue();
            StoredSession late = TestSessions.session();
            assertThat(store.create(late)).isTrue();
            assertThat(store.load(late.key())).contains(late);
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
    }
}
