package dev.holdfast.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The site is told to stop while browsers use it. */
@Tag("once")
class StopTest {

    private static final int CLIENTS = 8;
    private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:[0-9]+/");
    private static final Pattern VISITS = Pattern.compile("Visits</dt><dd>([0-9]+)");

    @Test
    @DisplayName("R55: SIGTERM under load loses no visit that a browser got an answer for, and the site ends by itself")
    void terminatedUnderLoad(@TempDir Path directory) throws Exception {
        String store = "-Dstore=file:" + directory.resolve("sessions");
        Map<Client, Integer> answered = new ConcurrentHashMap<>();
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        Process site = start("-Dport=0", store);
        try {
            URI address = address(site);
            CountDownLatch warm = new CountDownLatch(CLIENTS * 20);
            List<Future<?>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(threads.submit(() -> visit(new Client(address), answered, warm)));
            }
            assertThat(warm.await(60, TimeUnit.SECONDS)).isTrue();
            site.destroy();
            assertThat(site.waitFor(60, TimeUnit.SECONDS))
                    .as("no thread keeps the JVM alive")
                    .isTrue();
            for (Future<?> client : clients) {
                client.get(60, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
            site.destroyForcibly().waitFor();
        }
        assertThat(answered).hasSize(CLIENTS);
        Process again = start("-Dport=0", store);
        try {
            URI address = address(again);
            for (Map.Entry<Client, Integer> client : answered.entrySet()) {
                assertThat(visits(client.getKey().moveTo(address).home())).isGreaterThan(client.getValue());
            }
        } finally {
            again.destroyForcibly().waitFor();
        }
    }

    /** Visits until the site is gone. */
    private static void visit(Client client, Map<Client, Integer> answered, CountDownLatch warm) {
        try {
            while (true) {
                answered.put(client, visits(client.home()));
                warm.countDown();
            }
        } catch (IOException e) {
            // the site has closed the connection
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int visits(String page) throws IOException {
        Matcher visits = VISITS.matcher(page);
        if (!visits.find()) {
            throw new IOException("the site is going down");
        }
        return Integer.parseInt(visits.group(1));
    }

    private static Process start(String... settings) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(settings));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static URI address(Process process) throws IOException {
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            Matcher address = ADDRESS.matcher(line);
            if (address.find()) {
                return URI.create(address.group());
            }
        }
        throw new AssertionError("the site did not start");
    }
}
