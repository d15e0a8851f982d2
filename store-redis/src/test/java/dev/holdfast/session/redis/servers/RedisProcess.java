package dev.holdfast.session.redis.servers;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Redis server on a free port of 127.0.0.1 with a directory of its own, that can be killed, stopped, and started again.
 *
 * <p>It is the child of a shell that waits for the end of a pipe from this JVM and then kills it, so no server is left even
 * if the JVM is killed.
 */
public final class RedisProcess implements AutoCloseable {

    private static final Duration READY = Duration.ofSeconds(20);
    private static final String WATCHDOG =
            "\"$@\" </dev/null >/dev/null 2>&1 & echo $!; cat >/dev/null; kill -9 $! 2>/dev/null";
    private static final int LOWEST_PORT = 20_000;
    private static final int HIGHEST_PORT = 32_000;
    private static final int BUS = 10_000;
    private static final Set<Integer> TAKEN = ConcurrentHashMap.newKeySet();

    private final RedisVersion version;
    private final int port;
    private final Path directory;
    private final List<String> options;
    private @Nullable Process watchdog;
    private @Nullable ProcessHandle server;

    private RedisProcess(RedisVersion version, int port, Path directory, List<String> options) {
        this.version = version;
        this.port = port;
        this.directory = directory;
        this.options = options;
    }

    /** Starts a server that saves nothing, with options as on its command line such as {@code --maxmemory}, {@code 10mb}. */
    public static RedisProcess start(RedisVersion version, String... options) {
        List<String> all = new ArrayList<>(List.of("--save", ""));
        all.addAll(List.of(options));
        return launch(version, null, all);
    }

    /** Starts a sentinel with these lines in its configuration. */
    static RedisProcess startSentinel(RedisVersion version, List<String> configuration) {
        return launch(version, configuration, List.of("--sentinel"));
    }

    private static RedisProcess launch(
            RedisVersion version, @Nullable List<String> configuration, List<String> options) {
        try {
            RedisProcess process =
                    new RedisProcess(version, freePort(), Files.createTempDirectory("holdfast-redis"), options);
            Files.write(process.directory.resolve("redis.conf"), configuration == null ? List.of() : configuration);
            process.startAgain();
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException("Redis can't be started", e);
        }
    }

    /** Starts the server again, after a kill, on the same port and directory. */
    public void startAgain() {
        List<String> command = new ArrayList<>(List.of(
                "sh",
                "-c",
                WATCHDOG,
                "sh",
                version.binary().toString(),
                directory.resolve("redis.conf").toString()));
        command.addAll(options);
        command.addAll(List.of(
                "--port", Integer.toString(port),
                "--bind", "127.0.0.1",
                "--dir", directory.toString(),
                "--logfile", directory.resolve("redis.log").toString(),
                "--daemonize", "no"));
        try {
            Process shell = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            watchdog = shell;
            BufferedReader out =
                    new BufferedReader(new InputStreamReader(shell.getInputStream(), StandardCharsets.US_ASCII));
            long pid = Long.parseLong(Objects.requireNonNull(out.readLine(), "the watchdog ended"));
            server = ProcessHandle.of(pid).orElseThrow(() -> new IOException("Redis ended at once: " + log()));
            awaitReady();
        } catch (IOException e) {
            throw new UncheckedIOException("Redis can't be started", e);
        }
    }

    private void awaitReady() throws IOException {
        long end = System.nanoTime() + READY.toNanos();
        while (true) {
            try {
                if ("PONG".equals(Resp.call(port, "PING"))) {
                    return;
                }
            } catch (IOException e) {
                if (System.nanoTime() > end || !isRunning()) {
                    throw new IOException("Redis does not answer: " + log(), e);
                }
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private String log() {
        try {
            return Files.readString(directory.resolve("redis.log"));
        } catch (IOException e) {
            return "it wrote no log";
        }
    }

    /** Returns the port on 127.0.0.1. */
    public int port() {
        return port;
    }

    /** Sends a command, and returns its reply: text, a number, a list or null. */
    public @Nullable Object call(String... command) {
        try {
            return Resp.call(port, command);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a command whose reply is a number. */
    public long count(String... command) {
        return (Long) Objects.requireNonNull(call(command), "a number");
    }

    /** Returns the keys of a slot, each byte as a character. */
    List<String> keysInSlot(int slot) {
        Object keys = call("CLUSTER", "GETKEYSINSLOT", Integer.toString(slot), "1000000");
        return ((List<?>) Objects.requireNonNull(keys))
                .stream().map(String::valueOf).toList();
    }

    /** Moves a key, each byte a character, to the server on another port. */
    void migrate(String key, int target) {
        call("MIGRATE", "127.0.0.1", Integer.toString(target), key, "0", "5000");
    }

    /** Returns the fields of a section of INFO. */
    public Map<String, String> info(String section) {
        return String.valueOf(call("INFO", section))
                .lines()
                .map(line -> line.split(":", 2))
                .filter(pair -> pair.length == 2)
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    }

    /** Returns whether the process lives. */
    public boolean isRunning() {
        ProcessHandle running = server;
        return running != null && running.isAlive();
    }

    /** Kills the server, as {@code kill -9} does, and waits until it is gone. */
    public void kill() {
        ProcessHandle running = server;
        if (running != null) {
            running.destroyForcibly();
            Process shell = watchdog;
            if (shell != null) {
                shell.destroyForcibly();
            }
            long end = System.nanoTime() + READY.toNanos();
            // the server is not our child, so it can't be waited for
            while (running.isAlive() && System.nanoTime() < end) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
        }
    }

    /** Lets the server hang, with SIGSTOP. */
    public void hang() {
        signal("-STOP");
    }

    /** Lets a hanging server go on. */
    public void goOn() {
        signal("-CONT");
    }

    private void signal(String signal) {
        ProcessHandle running = server;
        if (running == null) {
            throw new IllegalStateException("the server does not run");
        }
        try {
            new ProcessBuilder("kill", signal, Long.toString(running.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Kills the server and deletes its directory. */
    @Override
    public void close() {
        kill();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a port that is free, as is the one of the cluster bus above it, below what systems give to clients. */
    static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST_PORT, HIGHEST_PORT);
            if (isFree(port) && isFree(port + BUS) && TAKEN.add(port)) {
                return port;
            }
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
