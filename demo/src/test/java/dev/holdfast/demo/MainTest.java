package dev.holdfast.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The site in a JVM of its own, started as the command starts it. */
class MainTest {

    private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:[0-9]+/");

    @Test
    @DisplayName("M21: killed with SIGKILL and started again, the site still knows who is logged in")
    void survivesKill(@TempDir Path directory) throws Exception {
        String store = "-Dstore=file:" + directory.resolve("sessions");
        Process first = start("-Dport=0", store);
        Client alice;
        try {
            alice = new Client(address(first));
            alice.login("alice", "white-rabbit");
            assertThat(alice.get("/members").statusCode()).isEqualTo(200);
        } finally {
            kill(first);
        }
        Process second = start("-Dport=0", store);
        try {
            alice.moveTo(address(second));
            assertThat(alice.get("/members").statusCode()).isEqualTo(200);
            String cookie = alice.cookie();
            alice.logout();
            assertThat(alice.present(cookie).get("/members").statusCode()).isEqualTo(403);
        } finally {
            kill(second);
        }
    }

    @Test
    @DisplayName("M21: a wrong setting is one line, which names the known schemes, and an exit code")
    void wrongSettings(@TempDir Path directory) throws Exception {
        assertThat(failure("-Dport=0", "-Dstore=nosuch://host")).contains("nosuch", "file:", "memory:");
        assertThat(failure("-Dport=0", "-Dstore=::not a uri::")).contains("file:", "memory:");
        assertThat(failure("-Dport=0", "-Dstore=file:" + directory + "?deep=1")).contains("deep", "depth");
        assertThat(failure("-Dport=eighty", "-Dstore=memory:")).contains("-Dport");
    }

    @Test
    @DisplayName("a port that is taken is one line and an exit code")
    void portTaken() throws Exception {
        Process first = start("-Dport=0", "-Dstore=memory:");
        try {
            assertThat(failure("-Dport=" + address(first).getPort(), "-Dstore=memory:"))
                    .contains("Address already in use");
        } finally {
            kill(first);
        }
    }

    private static Process start(String... settings) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(settings));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static URI address(Process process) throws IOException {
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        StringBuilder seen = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            Matcher address = ADDRESS.matcher(line);
            if (address.find()) {
                return URI.create(address.group());
            }
            seen.append(line).append('\n');
        }
        throw new AssertionError("the site did not start:\n" + seen);
    }

    private static String failure(String... settings) throws Exception {
        Process process = start(settings);
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(output).isEqualTo(2);
            assertThat(output.lines()).as(output).hasSize(1);
            return output;
        } finally {
            kill(process);
        }
    }

    private static void kill(Process process) throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
