package dev.holdfast.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A Redis that saves nothing, on a free port of 127.0.0.1. It is the child of a shell that waits for the end of a pipe from
 * this JVM and then kills it.
 */
record RedisServer(int port, Process shell, Path binary) implements AutoCloseable {

    static final String VERSION = "7.4.1";

    private static final long READY_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final String WATCHDOG =
            "\"$@\" </dev/null >/dev/null 2>&1 & server=$!; cat >/dev/null; kill -9 $server";

    static RedisServer start(Path directory) throws IOException {
        Path binary = unpack(directory);
        int port = freePort();
        Process shell = new ProcessBuilder(
                        "sh",
                        "-c",
                        WATCHDOG,
                        "sh",
                        binary.toString(),
                        "--port",
                        Integer.toString(port),
                        "--bind",
                        "127.0.0.1",
                        "--save",
                        "",
                        "--dir",
                        directory.toString())
                .redirectErrorStream(true)
                .start();
        RedisServer server = new RedisServer(port, shell, binary);
        long end = System.nanoTime() + READY_NANOS;
        while (!server.answers()) {
            if (System.nanoTime() > end) {
                server.close();
                throw new IOException("Redis does not answer on port " + port);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        return server;
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            return "+PONG"
                    .equals(new BufferedReader(
                                    new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                            .readLine());
        } catch (IOException e) {
            return false;
        }
    }

    private static Path unpack(Path directory) throws IOException {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "darwin" : "linux";
        String architecture = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        String name = "redis-server-" + VERSION + "-" + system + "-" + architecture;
        try (InputStream in = ClassLoader.getSystemResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("there is no " + name + " here: give a running one with --server redis=<URI>");
            }
            Path file = Files.createTempFile(
                    directory,
                    name,
                    "",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Files.write(file, in.readAllBytes());
            return file;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws IOException {
        shell.getOutputStream().close();
        try {
            shell.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Files.deleteIfExists(binary);
    }
}
