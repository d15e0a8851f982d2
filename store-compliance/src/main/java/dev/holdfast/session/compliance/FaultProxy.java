package dev.holdfast.session.compliance;

import dev.holdfast.session.compliance.ProxyLink.Pump;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a store and its server, on a free port of 127.0.0.1, and breaks what passes: it cuts connections, stalls
 * or slows a direction, refuses, or resets after so many bytes.
 *
 * <p>A fault counts from the return of its method for what is sent from then on, on open and on new connections, until
 * {@link #restore}; several may be in force. Its threads' names begin with {@link #THREADS}. Thread-safe.
 */
public final class FaultProxy implements AutoCloseable {

    /** How the names of its threads begin: two for each open connection, and one that accepts. */
    public static final String THREADS = "fault-proxy-";

    private static final Duration END = Duration.ofSeconds(5);
    private static final int BACKLOG = 256;

    private final InetSocketAddress target;
    private final int port;
    private final Map<Direction, ProxyGate> gates = new EnumMap<>(Direction.class);
    private final Set<ProxyLink> links = ConcurrentHashMap.newKeySet();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final ReentrantLock listening = new ReentrantLock();
    private @Nullable Listener listener;
    private boolean closed;

    private FaultProxy(InetSocketAddress target) throws IOException {
        this.target = target;
        for (Direction direction : Direction.values()) {
            gates.put(direction, new ProxyGate());
        }
        Listener first = new Listener(0);
        listener = first;
        port = first.socket.getLocalPort();
        first.thread.start();
    }

    /** Returns a proxy that forwards to a port of 127.0.0.1, with no fault in force; the caller closes it. */
    public static FaultProxy to(int port) {
        return to(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    /** Returns a proxy that forwards to an address, with no fault in force; the caller closes it. */
    public static FaultProxy to(InetSocketAddress target) {
        try {
            return new FaultProxy(target);
        } catch (IOException e) {
            throw new UncheckedIOException("no port to listen on", e);
        }
    }

    /** Returns the port of 127.0.0.1 that a client connects to. */
    public int port() {
        return port;
    }

    /** Returns how many bytes have been forwarded in that direction so far. */
    public long forwarded(Direction direction) {
        return gate(direction).forwarded();
    }

    /** Returns how many connections are open. */
    public int connections() {
        return links.size();
    }

    /** Resets the open connections, once; new ones work. */
    public void cut() {
        links.forEach(ProxyLink::reset);
    }

    /** Resets the open connections, and refuses new ones, as when no server is there. */
    public void refuse() {
        listening.lock();
        try {
            stopListening();
            cut();
        } finally {
            listening.unlock();
        }
    }

    /**
     * Lets nothing through in these directions, while connections stay open and new ones are accepted. What is sent
     * meanwhile is held back and arrives after {@link #restore}, unless the connection was cut: a late write is real.
     */
    public void stall(Direction... directions) {
        for (Direction direction : directions) {
            gate(direction).stall();
        }
    }

    /** Holds each piece of what is sent in that direction back for this long. */
    public void delay(Direction direction, Duration each) {
        gate(direction).delay(each);
    }

    /** Forwards at most that many bytes of that direction at a time. */
    public void slice(Direction direction, int bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("a slice has at least 1 byte, not " + bytes);
        }
        gate(direction).slice(bytes);
    }

    /**
     * Forwards that many more bytes of that direction on each connection, and resets the connection in place of the next
     * one; the receiver may lose what it has not read by then. So {@code resetAfter(REPLIES, 0)} loses each reply, at
     * once, to a request that has arrived.
     */
    public void resetAfter(Direction direction, long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes must not be negative: " + bytes);
        }
        gate(direction).limit(bytes);
    }

    /** Ends all faults; connections that were cut stay so. */
    public void restore() {
        gates.values().forEach(ProxyGate::restore);
        listening.lock();
        try {
            if (!closed && listener == null) {
                Listener again = new Listener(port);
                listener = again;
                again.thread.start();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("port " + port + " can't be listened on again", e);
        } finally {
            listening.unlock();
        }
    }

    /** Resets all connections and ends all threads. A second call does nothing. */
    @Override
    public void close() {
        listening.lock();
        try {
            closed = true;
            stopListening();
        } finally {
            listening.unlock();
        }
        cut();
        // a requests thread may still start its replies thread, which ends at once, while it is waited for
        while (!threads.isEmpty()) {
            for (Thread thread : List.copyOf(threads)) {
                ProxyLink.join(thread, END);
                threads.remove(thread);
            }
        }
    }

    /** Stops to accept, and waits until no connection can be added any more. Called with the lock held. */
    private void stopListening() {
        Listener current = listener;
        listener = null;
        if (current != null) {
            ProxyLink.close(current.socket);
            ProxyLink.join(current.thread, END);
        }
    }

    private ProxyGate gate(Direction direction) {
        ProxyGate gate = gates.get(direction);
        if (gate == null) {
            throw new AssertionError("each direction has a gate");
        }
        return gate;
    }

    /** A way through the proxy. */
    public enum Direction {
        /** From the store to the server. */
        REQUESTS,
        /** From the server to the store. */
        REPLIES
    }

    private final class Listener {
        final ServerSocket socket;
        final Thread thread;

        Listener(int port) throws IOException {
            socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
            thread = new Thread(this::accept, THREADS + socket.getLocalPort());
            thread.setDaemon(true);
        }

        private void accept() {
            while (!socket.isClosed()) {
                try {
                    Socket client = socket.accept();
                    ProxyLink link = new ProxyLink(client, target, links, threads);
                    link.start(
                            new Pump(link, gate(Direction.REQUESTS), true),
                            new Pump(link, gate(Direction.REPLIES), false));
                } catch (IOException e) {
                    // closed, or the client is gone already: the loop sees which
                }
            }
        }
    }
}
