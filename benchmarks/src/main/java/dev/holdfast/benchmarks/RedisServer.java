package dev.holdfast.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;

/** A Redis that saves nothing, on a free port of 127.0.0.1. */
record RedisServer(int port, WatchedProcess process, Path binary) implements AutoCloseable {

    static final String VERSION = "7.4.1";

    static RedisServer start(Path directory) throws IOException {
        Path binary = unpack(directory);
        int port = WatchedProcess.freePort();
        List<String> command = List.of(
                binary.toString(),
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--dir",
                directory.toString());
        try {
            return new RedisServer(port, WatchedProcess.start(command, () -> answers(port)), binary);
        } catch (IOException e) {
            Files.deleteIfExists(binary);
            throw e;
        }
    }

    private static boolean answers(int port) {
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

    @Override
    public void close() throws IOException {
        process.close();
        Files.deleteIfExists(binary);
    }
}
