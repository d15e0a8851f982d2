package dev.holdfast.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.benchmarks.Contender.Role;
import dev.holdfast.session.spi.StoredSession;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each contender does, on its real engine, what the benchmarks ask of it: else its numbers mean nothing. */
@Tag("once")
@TestInstance(Lifecycle.PER_CLASS)
class ContenderTest {

    private static final int SESSIONS = 20;
    private static final int PAYLOAD_BYTES = 1024;
    private static final String COUNT = "holdfast.benchmarks.sessions";

    @TempDir
    static Path folder;

    private final List<String> properties = new ArrayList<>(List.of(COUNT));
    private Servers servers;

    @BeforeAll
    void start() throws Exception {
        List<String> engines = new ArrayList<>(Servers.engines());
        if (!MariaDbServer.available()) {
            engines.remove("mariadb");
        }
        servers = Servers.start(engines, Map.of(), folder);
        System.setProperty(COUNT, Integer.toString(SESSIONS));
        for (String argument : servers.jvmArguments()) {
            String[] parts = argument.substring("-D".length()).split("=", 2);
            System.setProperty(parts[0], parts[1]);
            properties.add(parts[0]);
        }
    }

    @AfterAll
    void stop() {
        properties.forEach(System::clearProperty);
        servers.close();
    }

    private static void requireServer(Contender contender) {
        assumeTrue(
                !contender.engine().equals("mariadb") || MariaDbServer.available(),
                "the build has a MariaDB server for Linux on amd64 only");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("whole requests find what the one before them left")
    void requests(Contender contender) throws Exception {
        requireServer(contender);
        try (Requests requests =
                Contender.requests(contender.name(), Files.createTempDirectory(folder, contender.name()))) {
            int last = SESSIONS - 1;
            Object first = requests.read(last);
            requests.write(last);
            Object second = requests.read(last);
            requests.touch(last);
            requests.request(last);
            requests.create();
            requests.rotate(last);
            Object third = requests.read(last);
            assertThat(third).isNotNull();
            if (contender.role() != Role.FLOOR) {
                assertThat(first).isEqualTo(last);
                assertThat(second).isInstanceOf(Integer.class).isNotEqualTo(first);
                assertThat(third).isEqualTo(second);
                assertThat(requests.read(0)).isEqualTo(0);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("single verbs find what the one before them left")
    void verbs(Contender contender) throws Exception {
        requireServer(contender);
        assumeTrue(contender.role() != Role.PEER, "peers take part in whole requests only");
        StoredSession[] sessions = Work.sessions("verbs", 2, PAYLOAD_BYTES, Duration.ofDays(1));
        try (Subject subject = Contender.open(contender.name(), Files.createTempDirectory(folder, contender.name()))) {
            for (StoredSession session : sessions) {
                subject.prepare(session);
                subject.create(session);
            }
            subject.update(sessions[0], 1);
            subject.touch(sessions[0]);
            assertThat(subject.load(sessions[0])).isNotNull();
            subject.delete(sessions[1]);
            subject.purge();
            assertThat(subject.load(sessions[0])).isNotNull();
        }
    }
}
