package dev.holdfast.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A server that ends with this JVM, however that ends: it is the child of a shell that waits for the end of a pipe from
 * here and then kills it.
 */
record WatchedProcess(Process shell) implements AutoCloseable {

    private static final long READY_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final String WATCHDOG =
            "\"$@\" </dev/null >/dev/null 2>&1 & server=$!; cat >/dev/null; kill -9 $server";

    /**
     * Starts a server and waits until it is ready.
     *
     * @throws IOException if it is not within a minute; then it is gone again
     */
    static WatchedProcess start(List<String> command, BooleanSupplier ready) throws IOException {
        List<String> watched = new ArrayList<>(List.of("sh", "-c", WATCHDOG, "sh"));
        watched.addAll(command);
        WatchedProcess process = new WatchedProcess(
                new ProcessBuilder(watched).redirectErrorStream(true).start());
        long end = System.nanoTime() + READY_NANOS;
        while (!ready.getAsBoolean()) {
            if (System.nanoTime() > end) {
                process.close();
                throw new IOException("a server does not get ready: " + String.join(" ", command));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        return process;
    }

    /** Returns a port of 127.0.0.1 that nobody listens on. */
    static int freePort() throws IOException {
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
    }
}
