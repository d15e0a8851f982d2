package dev.holdfast.demo;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A headless Chromium with a fresh profile, driven by ChromeDriver through the few commands of the WebDriver protocol
 * that the tests need. Without the two programs the test is skipped, or fails where {@value #REQUIRED} says so.
 */
final class Chromium implements AutoCloseable {

    /** The environment variable that makes a missing browser a failure. */
    static final String REQUIRED = "HOLDFAST_BROWSER";

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern STARTED = Pattern.compile("started successfully on port ([0-9]+)");
    private static final String ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
    private static final List<String> ARGUMENTS = List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    private final Process driver;
    private final URI commands;
    private final String binary;
    private final Path profile;
    private String session;

    private Chromium(Process driver, int port, String binary, Path profile) {
        this.driver = driver;
        this.commands = URI.create("http://127.0.0.1:" + port + "/session");
        this.binary = binary;
        this.profile = profile;
        this.session = begin();
    }

    /**
     * @param profile where the browser keeps what it remembers
     */
    static Chromium start(Path profile) throws IOException {
        String binary = program("chromium", "chromium-browser", "google-chrome");
        Process driver = new ProcessBuilder(program("chromedriver"), "--port=0")
                .redirectErrorStream(true)
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> kill(driver)));
        try {
            return new Chromium(driver, port(driver), binary, profile);
        } catch (IOException | RuntimeException e) {
            kill(driver);
            throw e;
        }
    }

    private static String program(String... names) {
        Optional<Path> found = Stream.of(names)
                .flatMap(name -> Stream.of(Objects.requireNonNullElse(System.getenv("PATH"), "")
                                .split(File.pathSeparator, -1))
                        .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
        String missing = "no " + names[0] + " on the PATH: install Chromium and ChromeDriver";
        if ("required".equals(System.getenv(REQUIRED))) {
            Assertions.assertTrue(found.isPresent(), missing);
        }
        Assumptions.assumeTrue(found.isPresent(), missing);
        return found.orElseThrow().toString();
    }

    private static int port(Process driver) throws IOException {
        BufferedReader output = driver.inputReader(StandardCharsets.UTF_8);
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            Matcher started = STARTED.matcher(line);
            if (started.find()) {
                return Integer.parseInt(started.group(1));
            }
        }
        throw new IOException("ChromeDriver did not start");
    }

    private static void kill(Process driver) {
        driver.descendants().forEach(ProcessHandle::destroyForcibly);
        driver.destroyForcibly();
    }

    private String begin() {
        List<String> arguments = Stream.concat(ARGUMENTS.stream(), Stream.of("--user-data-dir=" + profile))
                .toList();
        JsonNode answer = send(
                "POST",
                "",
                Map.of(
                        "capabilities",
                        Map.of(
                                "alwaysMatch",
                                Map.of("goog:chromeOptions", Map.of("binary", binary, "args", arguments)))));
        return answer.path("sessionId").asString();
    }

    /** Closes the browser and starts it again on the same profile. */
    void restart() {
        send("DELETE", "/" + session, null);
        session = begin();
    }

    void open(URI page) {
        command("POST", "/url", Map.of("url", page.toString()));
    }

    void reload() {
        command("POST", "/refresh", Map.of());
    }

    void back() {
        command("POST", "/back", Map.of());
    }

    String text() {
        return script("return document.body.innerText");
    }

    String script(String script) {
        return command("POST", "/execute/sync", Map.of("script", script, "args", List.of()))
                .asString("");
    }

    void type(String selector, String text) {
        String element = element(selector);
        command("POST", "/element/" + element + "/clear", Map.of());
        command("POST", "/element/" + element + "/value", Map.of("text", text));
    }

    void click(String selector) {
        command("POST", "/element/" + element(selector) + "/click", Map.of());
    }

    private String element(String selector) {
        return command("POST", "/element", Map.of("using", "css selector", "value", selector))
                .path(ELEMENT)
                .asString();
    }

    String tab() {
        return command("GET", "/window", null).asString();
    }

    String newTab() {
        String handle = command("POST", "/window/new", Map.of("type", "tab"))
                .path("handle")
                .asString();
        switchTo(handle);
        return handle;
    }

    void switchTo(String tab) {
        command("POST", "/window", Map.of("handle", tab));
    }

    /** Returns the cookies that the browser would send to the page that it shows, as it has stored them. */
    List<JsonNode> cookies() {
        return command("GET", "/cookie", null).valueStream().toList();
    }

    private JsonNode command(String method, String path, @Nullable Object body) {
        return send(method, "/" + session + path, body);
    }

    private JsonNode send(String method, String path, @Nullable Object body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(commands + path))
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(JSON.writeValueAsString(body)))
                .build();
        try {
            HttpResponse<String> response = HTTP.send(request, BodyHandlers.ofString());
            JsonNode value = JSON.readTree(response.body()).path("value");
            if (response.statusCode() != 200) {
                throw new IllegalStateException(method + " " + path + ": " + value);
            }
            return value;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            send("DELETE", "/" + session, null);
        } finally {
            kill(driver);
        }
    }
}
